"""直接选取 (R3) by the real verbs: the buyer names, the agency confirms or declines, and nobody else has a say."""

from datetime import timedelta

from django.db import IntegrityError, connection, transaction

import pytest

from accounts.models import Notice
from agencies.models import Agency, Standing
from bidding.actions import advance, confirm, decline, decline_award, enrol
from bidding.models import Award, Enrolment, Stage
from bidding.queries import case_entries, result_of
from bidding.rules.enrolment import EnrolmentOver, NotOffered, QualificationMissing, StandingForbids
from bidding.rules.picking import ConfirmStep, DeclineUnexplained, NotNamed
from core.queries import calendar
from journal.awards import decide
from marketplace.models import Method, Offering, Request, ServiceItem
from marketplace.rulesets import ruleset
from tests import cast
from tests.bidding.lots import Play, staged

pytestmark = pytest.mark.django_db
REASON = "已完成本项目前期勘察，熟悉场地条件"


def asked(item: ServiceItem, agency: Agency, **values: object) -> Play:
    named = {"direct_agency": agency, "direct_price": cast.yuan("86000.00"), "direct_reason": REASON}
    play = staged(Method.DIRECT, item, [agency], **{**named, **values})
    advance(play.number)
    return play


@pytest.fixture
def play(item: ServiceItem, swift_agency: Agency) -> Play:
    return asked(item, swift_agency)


def test_the_agency_named_is_asked_at_once_and_has_two_working_days(play: Play, swift_agency: Agency) -> None:
    assert (play.status(), play.selection.stage) == ("selecting", Stage.CONFIRMING)
    assert play.selection.due_at == calendar().add(play.entry("direct.asked").at, 2)
    assert Notice.objects.filter(organisation=swift_agency.organisation).count() == 1
    named = play.entry("request.published").data["direct"]
    assert named["agency"]["uscc"] == swift_agency.uscc
    assert (named["price"], named["reason"]) == ("86000.00", REASON)


def test_it_confirms_and_is_awarded_at_the_price_named(play: Play, swift_agency: Agency) -> None:
    confirm(swift_agency.user, swift_agency, play.number)
    assert (play.status(), play.selection.stage) == ("standstill", Stage.CLOSED)
    assert (play.award.winner.agency, play.award.amount) == (swift_agency, cast.yuan("86000.00"))
    outcome = decide("direct", case_entries(play.number), ruleset(play.request.ruleset).numbers)
    assert (outcome.winner, outcome.amount) == (play.label(swift_agency), cast.yuan("86000.00"))
    notice = result_of(Request.objects.get(pk=play.request.pk))
    assert notice is not None
    assert REASON in notice["explanation"][0]


def test_it_confirms_although_no_clock_has_run(item: ServiceItem, swift_agency: Agency) -> None:
    named = {"direct_agency": swift_agency, "direct_price": cast.yuan("86000.00"), "direct_reason": REASON}
    play = staged(Method.DIRECT, item, [swift_agency], **named)
    assert play.status() == "published"
    confirm(swift_agency.user, swift_agency, play.number)
    assert play.status() == "standstill"


def test_it_declines_with_a_reason_and_the_selection_fails(play: Play, swift_agency: Agency) -> None:
    with pytest.raises(DeclineUnexplained):
        decline(swift_agency, play.number, "  ")
    decline(swift_agency, play.number, "工期与在手项目冲突")
    assert play.status() == "failed"
    assert play.entry("direct.declined").data["reason"] == "工期与在手项目冲突"
    notice = result_of(Request.objects.get(pk=play.request.pk))
    assert notice is not None
    assert any("工期与在手项目冲突" in line for line in notice["explanation"])
    with pytest.raises(ConfirmStep):
        confirm(swift_agency.user, swift_agency, play.number)


def test_unconfirmed_it_fails_and_a_late_yes_is_refused(play: Play, swift_agency: Agency) -> None:
    due_at = play.selection.due_at
    play.let_pass(due_at - play.entry("direct.asked").at + timedelta(seconds=5))
    with pytest.raises(ConfirmStep):
        confirm(swift_agency.user, swift_agency, play.number)
    advance(play.number)
    assert play.status() == "failed"
    assert play.entry("selection.failed").data["reason"] == "unconfirmed"
    assert not Award.objects.exists()


@pytest.mark.clause("P20.5")
def test_nobody_but_the_agency_named_answers(play: Play, steady_agency: Agency) -> None:
    with pytest.raises(NotNamed):
        confirm(steady_agency.user, steady_agency, play.number)
    with pytest.raises(NotNamed):
        decline(steady_agency, play.number, "让给我们")
    with pytest.raises(EnrolmentOver):
        enrol(steady_agency.user, steady_agency, play.number)


@pytest.mark.clause("P20.9")
def test_what_keeps_an_agency_from_enrolling_keeps_it_from_confirming(
    survey_item: ServiceItem, swift_agency: Agency
) -> None:
    play = asked(survey_item, swift_agency)
    Offering.objects.filter(agency=swift_agency, item=survey_item).delete()
    Agency.objects.filter(pk=swift_agency.pk).update(standing=Standing.SUSPENDED)
    swift_agency.refresh_from_db()
    with pytest.raises(StandingForbids) as refused:
        confirm(None, swift_agency, play.number)
    codes = {one["code"] for one in refused.value.facts["blockers"]}
    assert codes == {StandingForbids.code, NotOffered.code, QualificationMissing.code}
    assert not Enrolment.objects.exists()
    assert play.selection.stage == Stage.CONFIRMING


def test_if_the_winner_gives_it_up_there_is_nobody_next(play: Play, swift_agency: Agency) -> None:
    confirm(swift_agency.user, swift_agency, play.number)
    decline_award(swift_agency.organisation, play.number, "人员不足")
    assert play.status() == "failed"


@pytest.mark.parametrize(
    "change", ["direct_price = direct_price + 1", "direct_reason = '改了'", "direct_agency_id = direct_agency_id + 1"]
)
def test_whom_it_names_at_what_price_and_why_stays_as_published(play: Play, change: str) -> None:
    with (
        pytest.raises(IntegrityError, match="direct_choice_fixed_at_publication"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE marketplace_request SET {change} WHERE id = %s", [play.request.pk])
