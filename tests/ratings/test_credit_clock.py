"""What time does to credit: decay, objection periods that end, expiry, silence, and the market's figures once a month."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction

import pytest

from agencies.models import Agency, Grade
from core.clock import BEIJING, database_now
from journal.models import Entry
from journal.queries import entries_of
from ratings.actions.market import due, publish_figures
from ratings.actions.refreshing import refresh_if_due
from ratings.clockwork.credit import do_due_credit, refresh_due
from ratings.entries import CreditEntry
from ratings.models import Act, ActEventKind, CreditDue, CreditPoint, MarketFigures, Relation
from ratings.queries.credit import computed, figures_in_force, standing_of_peers
from ratings.rules.market import as_data, figures, from_data, median_amount, median_credit
from tests import cast
from tests.ratings import acting

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def deal(waterworks, waterworks_user, river_bureau, river_officer, item):
    """A finished contract with either of two buyers, rated."""
    buyers = [(waterworks, waterworks_user), (river_bureau, river_officer)]

    def make(agency, x, amount="90000.00", number=0):
        return acting.rate(acting.finished(*buyers[number % 2], item, agency, amount), x)

    return make


@pytest.fixture
def rated(swift_agency, deal):
    for number in range(4):
        deal(swift_agency, "0.9500", number=number)
    swift_agency.refresh_from_db()
    return swift_agency


def old_act(agency, *, counted_days=0, code="unsigned", term=365):
    """An act as it lies in the ledger long after: noted before it began to count `counted_days` ago."""
    begins = database_now() - counted_days * DAY
    return Act.objects.create(
        agency=agency,
        code=code,
        tier="general",
        points=10,
        source=f"old:{Act.objects.count()}",
        evidence="中选后未签订合同",
        path="/",
        ruleset="credit-2026-11",
        happened_at=begins - 7 * DAY,
        noted_at=begins - 7 * DAY,
        counts_from=begins,
        expires_at=begins + term * DAY,
        seq=1000 + Act.objects.count(),
    )


def has_come(agency):
    """The time planned for the agency has come."""
    CreditDue.objects.update_or_create(agency=agency, defaults={"due_at": database_now()})


def test_ratings_are_planned_for_the_next_night(rated):
    local = CreditDue.objects.get(agency=rated).due_at.astimezone(BEIJING)
    assert (local.hour, local.minute) == (2, 0)
    assert timedelta(0) < local - database_now() <= DAY


def test_who_has_neither_acts_nor_ratings_is_never_due(swift_agency):
    acting.refresh(swift_agency)
    assert not CreditDue.objects.exists()


def test_an_act_that_waits_is_planned_for_when_it_counts(swift_agency):
    act = acting.note(swift_agency, "unsigned", "1", decided=False)
    assert CreditDue.objects.get().due_at == act.counts_from


def test_half_of_what_a_rating_weighs_is_gone_after_a_year(rated):
    now = database_now()
    # The cap of a group shrinks more slowly than its ratings.
    assert computed(rated, now + 365 * DAY).weight == pytest.approx(computed(rated, now).weight / 2, rel=Decimal("0.2"))
    assert computed(rated, now + 365 * DAY).grade == "N"


def test_an_act_begins_to_cost_by_the_clock_alone(rated):
    before = rated.credit
    old_act(rated)
    assert refresh_due() == 0
    has_come(rated)
    assert refresh_due() == 1
    rated.refresh_from_db()
    assert rated.credit == before - 6
    assert refresh_due() == 0


def test_an_act_expires_by_the_clock_alone(swift_agency):
    act = old_act(swift_agency, counted_days=364)
    assert acting.refresh(swift_agency).c == 90
    assert CreditDue.objects.get().due_at <= act.expires_at
    assert computed(swift_agency, act.expires_at).c == 100


def test_whoever_is_not_due_is_left_alone(rated):
    assert not refresh_if_due(rated.uscc)
    has_come(rated)
    assert refresh_if_due(rated.uscc)


def test_one_broken_agency_stops_no_other(rated, steady_agency, monkeypatch, caplog):
    from ratings.clockwork import credit

    has_come(rated)
    has_come(steady_agency)

    def breaks_for_one(uscc):
        if uscc == rated.uscc:
            raise RuntimeError("broken")
        return refresh_if_due(uscc)

    monkeypatch.setattr(credit, "refresh_if_due", breaks_for_one)
    assert refresh_due() == 1
    assert "failed, the others go on" in caplog.text


def test_silence_strikes_the_act_twenty_working_days_after_the_answer_was_due(swift_agency):
    late, recent = old_act(swift_agency), old_act(swift_agency)
    now = database_now()
    for act, days in ((late, 45), (recent, 22)):
        act.events.create(kind=ActEventKind.OBJECTED, at=act.noted_at, due_at=now - days * DAY, text="不服", seq=1)
    assert do_due_credit() >= 1
    assert late.events.latest("pk").kind == ActEventKind.STRUCK
    assert recent.events.latest("pk").kind == ActEventKind.OBJECTED


def test_figures_are_published_once_a_month(rated):
    now = database_now()
    assert due(now)
    published = publish_figures()
    assert published.data["items"]["TST-01"] == {
        "amount": 9000000,
        "mean": "0.9500",
        "ratings": 4,
        "credit": str(rated.credit),
    }
    entry = entries_of("P").get(seq=published.seq)
    assert (entry.kind, entry.data["items"]["TST-01"]["amount"]) == (CreditEntry.MARKET, "90000.00")
    assert (publish_figures(), due(now + 32 * DAY)) == (None, True)


def test_nothing_is_published_while_nobody_was_rated():
    assert (publish_figures(), Entry.objects.filter(kind=CreditEntry.MARKET).exists()) == (None, False)


def test_new_figures_make_every_credit_anew_and_its_history_names_them(rated):
    assert rated.credit_points.latest("at").figures is None
    assert (do_due_credit(), do_due_credit(), do_due_credit()) == (1, 1, 0)
    point = rated.credit_points.latest("at")
    assert point.figures == MarketFigures.objects.get()
    assert computed(rated).quality.prior_mean == Decimal("0.85")
    # What was computed before is still computed against what was known then.
    first = rated.credit_points.order_by("at").first()
    assert computed(rated, first.at).quality.prior_mean == Decimal("0.75")


def test_disputed_ratings_are_not_in_the_figures(swift_agency, deal):
    good, bad = deal(swift_agency, "0.9000"), deal(swift_agency, "0.1000", number=1)
    acting.weigh(bad, Relation.DISPUTED)
    acting.weigh(good, Relation.FLAGGED)
    assert publish_figures().data["mean"] == str(good.x)


def test_published_figures_are_never_changed(rated):
    publish_figures()
    with pytest.raises(IntegrityError), transaction.atomic():
        MarketFigures.objects.update(ruleset="other")


def test_a_tiny_contract_weighs_less_than_one_of_the_median(swift_agency, deal):
    for number in range(3):
        deal(swift_agency, "0.9000", number=number)
    tiny = deal(swift_agency, "1.0000", amount="1000.00", number=1)
    publish_figures()
    terms = {term.fact.seq: term.value_factor for term in computed(swift_agency).quality.terms}
    assert terms[tiny.seq] == Decimal("0.25")


def test_a_new_agency_ranks_with_the_median_of_its_item_and_not_last(rated, steady_agency, item, deal):
    poor = cast.agency("马虎咨询有限公司")
    cast.offers(item, poor)
    for number in range(6):
        deal(poor, "0.1000", number=number)
    acting.note(poor, "collusion", "1")
    publish_figures()
    assert [standing_of_peers(agency, "TST-01").place for agency in (rated, steady_agency)] == [1, 2]
    poor.refresh_from_db()
    assert (poor.grade, standing_of_peers(poor, "TST-01").place) == (Grade.D, 3)
    assert standing_of_peers(rated, "TST-01").percent == 34


def test_a_new_agency_is_not_last_though_all_others_rose_above_the_published_median(rated, steady_agency):
    publish_figures()
    Agency.objects.filter(pk=rated.pk).update(credit=Decimal("99.0"))
    assert standing_of_peers(steady_agency, "TST-01").place == 1


def test_probation_holds_conduct_up_to_sixty(swift_agency):
    acting.note(swift_agency, "collusion", "1")
    assert acting.refresh(swift_agency).c == 40
    swift_agency.standing, swift_agency.standing_until = "probation", database_now() + 30 * DAY
    swift_agency.save()
    assert acting.refresh(swift_agency).c == 60
    found = computed(swift_agency)
    assert (found.c, found.conduct.value, found.floor) == (60, 40, 60)
    assert CreditPoint.objects.latest("pk").conduct == 60


def test_medians_and_means_are_rounded_as_published():
    assert [median_amount([]), median_amount([3]), median_amount([3, 8]), median_amount([9, 1, 5])] == [None, 3, 5, 5]
    assert median_credit([Decimal("80.1"), Decimal("80.2")]) == Decimal("80.2")
    made = figures({"A": [1]}, {"B": [Decimal("0.1"), Decimal("0.2"), Decimal("0.2")]}, {}, [])
    assert (made.of("B").mean, made.of("A").amount, made.of("C").amount) == (Decimal("0.1667"), 1, None)
    assert from_data(as_data(made), 7).items == made.items


def test_before_the_first_figures_there_are_none(db):
    row, plain = figures_in_force(datetime(2020, 1, 1, tzinfo=UTC))
    assert (row, plain.of("TST-01").amount, plain.seq) == (None, None, None)
