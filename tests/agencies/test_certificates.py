"""Certificates looked up in their register, over real HTTP (P13.2): what is kept, and what follows from it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from django.urls import reverse
from django.utils.timezone import localdate

import pytest

from accounts.models import Notice
from agencies import actions, queries, rules
from agencies.actions import Claim
from agencies.certificates import answers
from agencies.certificates.actions import write_answer
from agencies.certificates.clockwork import look_up_due
from agencies.models import QualificationStatus, RegisterStatus, Standing
from bidding import queries as bidding
from bidding.rules.enrolment import personal_blockers
from journal.models import Entry
from tests import cast
from tests.standin.register import register as standin

pytestmark = pytest.mark.clause("P13.2")


@pytest.fixture
def register(settings):
    with standin() as made:
        settings.ENV = replace(settings.ENV, certificates_url=made.url, certificates_key=made.key)
        yield made


@pytest.fixture
def team(swift_agency, waterworks, waterworks_user, survey_kind, survey_item):
    """An agency that holds a certificate, and a request whose law demands it."""
    cast.offers(survey_item, swift_agency)
    request = cast.published(waterworks, survey_item, waterworks_user)
    today = localdate()
    claim = Claim(survey_kind, "甲001", "自然资源部", today - timedelta(days=10), today + timedelta(days=400))
    return swift_agency, request, actions.claim_qualification(swift_agency.user, swift_agency, claim), claim


def codes(agency, request):
    return [one.code for one in personal_blockers(bidding.applicant(agency, request), bidding.opening(request))]


def says(register, row, **told):
    register.answers[row.kind_id, row.number, row.agency.uscc] = {"source": "省自然资源厅", **told}


def entries(agency):
    return list(Entry.objects.filter(case=agency.case, kind="certificate.looked_up").order_by("seq"))


def due_now(row):
    type(row).objects.filter(pk=row.pk).update(look_up_at=row.agency.registered_at)


def test_a_valid_certificate_is_kept_with_source_and_time_and_is_on_record_once(register, team, client):
    agency, request, row, _claim = team
    says(register, row, status="valid", valid_until="2099-01-01")
    assert look_up_due() == 1
    due_now(row)
    assert look_up_due() == 0
    assert register.asked == [("TEST-SURVEY", "甲001", agency.uscc)] * 2
    row.refresh_from_db()
    assert (row.register_status, row.register_source, row.register_until) == ("valid", "省自然资源厅", date(2099, 1, 1))
    [entry] = entries(agency)
    assert (entry.data["status"], entry.data["source"]) == ("valid", "省自然资源厅")
    assert codes(agency, request) == []
    page = client.get(reverse("agency_page", args=[agency.uscc])).content.decode()
    assert 'data-testid="register-status"' in page
    assert "省自然资源厅" in page


def test_a_revoked_certificate_blocks_its_item_says_why_and_removes_nobody(register, team):
    agency, request, row, _claim = team
    says(register, row, status="revoked", revoked_on="2026-01-05", reason="以不正当手段取得")
    look_up_due()
    assert codes(agency, request) == ["E_QUALIFICATION_REVOKED"]
    [blocker] = personal_blockers(bidding.applicant(agency, request), bidding.opening(request))
    assert blocker.facts["revoked_on"] == "2026-01-05"
    assert "复议" in blocker.remedy
    agency.refresh_from_db()
    assert agency.standing == Standing.ACTIVE
    assert Notice.objects.get(organisation=agency.organisation).facts == {"number": "甲001"}
    says(register, row, status="valid")
    due_now(row)
    look_up_due()
    assert codes(agency, request) == []
    assert [entry.data["status"] for entry in entries(agency)] == ["revoked", "valid"]


def test_a_revoked_one_does_not_come_back_by_stating_it_again_and_another_number_is_another_certificate(register, team):
    agency, request, row, claim = team
    says(register, row, status="revoked", revoked_on="2026-01-05")
    look_up_due()
    row.refresh_from_db()
    actions.change_qualification(agency.user, row, claim)
    assert codes(agency, request) == ["E_QUALIFICATION_REVOKED"]
    actions.change_qualification(agency.user, row, replace(claim, number="甲002"))
    assert codes(agency, request) == []


def test_the_register_ends_a_certificate_earlier_than_stated_and_never_later(register, team):
    agency, request, row, claim = team
    yesterday = localdate() - timedelta(days=1)
    says(register, row, status="expired", valid_until=yesterday.isoformat())
    look_up_due()
    assert codes(agency, request) == ["E_QUALIFICATION_EXPIRED"]
    says(register, row, status="valid", valid_until="2099-01-01")
    due_now(row)
    look_up_due()
    [certificate] = queries.certificates(agency)
    assert certificate.valid_until == claim.valid_until


@pytest.mark.parametrize(
    "answer",
    [
        (500, b""),
        (404, b"{}"),
        (302, b""),
        (200, b"not json"),
        (200, b"[]"),
        (200, b'{"status": "valid"}'),
        (200, b'{"status": "gone", "source": "x"}'),
        (200, b'{"status": "revoked", "source": "x"}'),
        (200, b'{"status": "valid", "source": "x", "revoked_on": "2026-01-01"}'),
        (200, b'{"status": "valid", "source": "' + b"x" * 70_000 + b'"}'),
    ],
)
def test_no_answer_concludes_nothing_and_is_asked_again_later(register, team, answer):
    agency, request, row, _claim = team
    says(register, row, status="valid")
    look_up_due()
    register.answers[row.kind_id, row.number, agency.uscc] = answer
    due_now(row)
    assert look_up_due() == 0
    row.refresh_from_db()
    assert row.register_status == "valid"
    assert row.look_up_at > row.looked_up_at
    assert codes(agency, request) == []


def test_a_wrong_key_and_a_register_that_is_away_are_no_answers(register, team, settings):
    _agency, _request, row, _claim = team
    settings.ENV = replace(settings.ENV, certificates_key="another")
    assert look_up_due() == 0
    settings.ENV = replace(settings.ENV, certificates_url="http://127.0.0.1:9")
    due_now(row)
    assert look_up_due() == 0
    row.refresh_from_db()
    assert row.looked_up_at is None


def test_an_answer_about_a_certificate_that_was_changed_meanwhile_is_dropped(register, team):
    agency, _request, row, claim = team
    question = answers.Question(row.kind_id, row.number, agency.uscc)
    actions.change_qualification(agency.user, row, replace(claim, number="甲002"))
    revoked = answers.Answer(RegisterStatus.REVOKED, "省自然资源厅", revoked_on=date(2026, 1, 5))
    assert write_answer(row.pk, question, revoked) is False
    assert entries(agency) == []


def test_the_desk_has_it_looked_up_anew(register, team, client):
    agency, _request, row, _claim = team
    look_up_due()
    assert register.asked
    client.force_login(agency.user)
    client.post(reverse("desk_qualification_look_up", args=[row.pk]))
    look_up_due()
    assert len(register.asked) == 2
    other = cast.agency("另一家咨询有限公司")
    client.force_login(other.user)
    assert client.post(reverse("desk_qualification_look_up", args=[row.pk])).status_code == 404


def test_of_several_certificates_a_valid_one_speaks_before_a_revoked_one():
    day = date(2026, 6, 1)
    good = rules.Certificate("K", "1", day, day, QualificationStatus.CLAIMED)
    gone = replace(good, number="2", revoked_on=day)
    assert rules.holds([gone], "K", day).holding is rules.Holding.REVOKED
    assert rules.holds([gone, good], "K", day).held
    assert rules.holds([replace(good, revoked_on=day + timedelta(days=1))], "K", day).held


def test_it_is_asked_weekly_and_daily_before_the_end():
    now = datetime(2026, 6, 1, tzinfo=UTC)
    assert answers.next_look(now, date(2027, 1, 1)) == now + timedelta(days=7)
    assert answers.next_look(now, date(2026, 7, 31)) == now + timedelta(days=1)
    assert answers.next_look(now, date(2026, 5, 1)) == now + timedelta(days=7)
