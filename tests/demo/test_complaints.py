"""The demo's year has complaints at every stage and a dishonesty list that acts only through a case."""

import pytest

from ratings.models import Complaint, ComplaintStatus, ExitCase, ListFlag, Trigger
from tests.ratings.court import chain_holds

pytestmark = pytest.mark.usefixtures("year")


def test_complaints_stand_at_every_stage_and_upheld_ones_are_public() -> None:
    found = Complaint.objects.all()
    assert {one.status for one in found} == set(ComplaintStatus.values)
    assert len({one.kind for one in found}) == 5
    for upheld in found.filter(status=ComplaintStatus.UPHELD):
        assert upheld.summary
        assert upheld.statement, "whoever was complained about was heard"


def test_the_list_flags_one_agency_and_opens_its_case() -> None:
    flag = ListFlag.objects.select_related("agency__organisation").get()
    case = ExitCase.objects.get(trigger=Trigger.LISTED)
    assert (case.agency, case.step) == (flag.agency, "opened")
    assert flag.agency.standing == "active"


def test_their_files_hold() -> None:
    for one in Complaint.objects.all():
        chain_holds(one.case_name)
