"""Two hands on one complaint, or on one list, at the same moment, against the real database."""

import pytest

from core.errors import Refused
from journal.models import Entry
from ratings.actions import complaints
from ratings.clockwork.complaints import do_due_complaints
from ratings.models import Act, Complaint, ComplaintStatus, ExitCase, ListFlag, ListImport
from tests import cast
from tests.committed import at_once
from tests.ratings.complaining import DISMISSED, UPHELD, Desk, let_pass
from tests.ratings.test_lists import HEADER
from tests.ratings.test_lists import Desk as ListDesk


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    return Desk(cast.agency("迅达咨询有限公司"))


def test_two_officers_decide_at_once_and_the_ledger_follows_the_one_who_did(desk: Desk) -> None:
    number = desk.heard().number
    results = at_once(
        lambda: complaints.decide_complaint(desk.first, desk.body, number, UPHELD),
        lambda: complaints.decide_complaint(desk.second, desk.body, number, DISMISSED),
        lambda: complaints.decide_complaint(desk.second, desk.body, number, UPHELD),
    )
    assert sum(isinstance(result, Complaint) for result in results) == 1
    assert sum(isinstance(result, Refused) for result in results) == 2
    complaint = Complaint.objects.get()
    assert Act.objects.count() == (complaint.status == ComplaintStatus.UPHELD)
    assert Entry.objects.filter(kind__in=["complaint.upheld", "complaint.dismissed"]).count() == 1


def test_many_complaints_at_once_have_numbers_of_their_own(desk: Desk) -> None:
    results = at_once(*[desk.filed] * 6)
    assert all(isinstance(result, Complaint) for result in results)
    assert len(set(Complaint.objects.values_list("number", flat=True))) == 6


def test_any_number_of_clocks_note_a_late_complaint_once(desk: Desk) -> None:
    let_pass(desk.filed(), 10)
    at_once(*[do_due_complaints] * 5)
    assert Entry.objects.filter(kind="complaint.overdue").count() == 1


@pytest.mark.usefixtures("transactional_db")
def test_one_list_taken_in_by_two_officers_at_once_is_one_import() -> None:
    desk = ListDesk(cast.agency("稳健环境技术有限公司"))
    results = at_once(*[lambda: desk.take(HEADER + desk.line())] * 4)
    assert sorted(result[1] for result in results if isinstance(result, tuple)) == [False, False, False, True]
    assert (ListImport.objects.count(), ListFlag.objects.count(), ExitCase.objects.count()) == (1, 1, 1)
