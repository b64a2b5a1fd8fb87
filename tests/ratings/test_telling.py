"""Regulators hear of what waits for them, agencies of their grade (UX §2.20)."""

from datetime import timedelta

import pytest

from accounts import telling
from accounts.models import Notice, Organisation, User
from agencies.clockwork import tell_of_certificates
from agencies.models import Agency, Qualification, QualificationKind, QualificationStatus
from core.clock import BEIJING, database_now
from journal.actions import lock_case
from journal.models import Entry
from marketplace.models import ServiceItem
from ratings.actions.complaints import file_complaint
from ratings.actions.complaints.filing import Target
from ratings.actions.credit import note_act
from ratings.models import ComplaintKind, Measure
from tests.ratings import acting
from tests.ratings.court import Court

pytestmark = pytest.mark.django_db


def tell_everything() -> None:
    telling.take(list(Entry.objects.select_related("case").order_by("pk")))


def events(organisation: Organisation) -> list[str]:
    return list(Notice.objects.filter(organisation=organisation).order_by("pk").values_list("event", flat=True))


@pytest.fixture
def certificate(swift_agency: Agency, survey_kind: QualificationKind) -> Qualification:
    today = database_now().astimezone(BEIJING).date()
    return Qualification.objects.create(
        agency=swift_agency,
        kind=survey_kind,
        number="甲-1",
        issued_by="省厅",
        valid_from=today - timedelta(days=400),
        valid_until=today + timedelta(days=60),
    )


def test_a_certificate_that_runs_out_is_told_60_30_and_7_days_before_once_each(
    certificate: Qualification, swift_agency: Agency
) -> None:
    now = database_now()
    for days in (-1, 0, 0, 1, 29, 30, 31, 52, 53, 54, 59):
        tell_of_certificates(now + timedelta(days=days))
    assert events(swift_agency.organisation) == ["qualification.expiring"] * 3


@pytest.mark.parametrize("change", ["outlasted", "rejected"])
def test_nothing_is_told_of_one_that_another_outlasts_or_that_was_rejected(
    certificate: Qualification, change: str
) -> None:
    if change == "rejected":
        Qualification.objects.update(status=QualificationStatus.REJECTED)
    else:
        until = certificate.valid_until + timedelta(days=300)
        certificate.pk, certificate.number, certificate.valid_until = None, "甲-2", until
        certificate.save()
    assert tell_of_certificates() == 0


def test_another_grade_is_told_at_once_and_a_smaller_change_for_the_week(
    waterworks: Organisation,
    waterworks_user: User,
    river_bureau: Organisation,
    river_officer: User,
    item: ServiceItem,
    swift_agency: Agency,
) -> None:
    for buyer, by in ((waterworks, waterworks_user), (river_bureau, river_officer)) * 2:
        acting.rate(acting.finished(buyer, by, item, swift_agency), "0.9500")
    held = lock_case(f"A-{swift_agency.uscc}")

    def lose(source: str, code: str) -> list[str]:
        before = Notice.objects.count()
        note_act(held, swift_agency, code, source=source, evidence="证据", path="/", decided=True)
        return list(Notice.objects.order_by("pk").values_list("event", flat=True))[before:]

    assert lose("a", "outdated_information") == ["credit.act"]
    assert lose("b", "delivered_late") == ["credit.act", "credit.score"]
    assert lose("c", "forged") == ["credit.act", "credit.grade"]
    graded = [one.text.partition("，")[0] for one in Notice.objects.filter(event="credit.grade").order_by("pk")]
    assert graded[0].startswith("首次评定信用等级")
    assert graded[-1] == "信用等级由 B 变为 D"


def test_officers_hear_of_a_complaint_by_its_number_alone(swift_agency: Agency, regulator: User, waterworks_user: User):
    complaint = file_complaint(waterworks_user, Target(ComplaintKind.AGENCY, agency=swift_agency), "弄虚作假")
    tell_everything()
    [notice] = Notice.objects.filter(event="reply.due")
    assert notice.organisation == regulator.memberships.get().organisation
    assert notice.text == f"投诉 {complaint.number} 待受理"
    assert events(swift_agency.organisation) == []


def test_officers_hear_that_a_removal_waits_for_a_second_and_an_appeal_for_its_decision(swift_agency: Agency) -> None:
    court = Court(swift_agency)
    case = court.appealed(Measure.REMOVE)
    tell_everything()
    heard = {notice.event: notice.text for notice in Notice.objects.filter(organisation=court.body)}
    assert heard == {
        "four_eyes.waiting": f"案件 {case.number} 待第二人审议",
        "reply.due": f"案件 {case.number} 的申诉待决定",
    }
