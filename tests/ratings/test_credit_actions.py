"""The ledgers of credit through their actions: refusals beside successes, the cache, the entries, the history."""

from decimal import Decimal

from django.db import IntegrityError, connection, transaction
from django.http import Http404

import pytest

from accounts.models import Notice
from agencies.models import Grade
from core.clock import database_now
from journal.queries import entries_of
from ratings.actions.credit import decide_objection, lapse_objection, object_to_act
from ratings.entries import CreditEntry
from ratings.models import Act, ActEventKind, CreditPoint, Opening, Relation
from ratings.queries.credit import computed
from ratings.rules.act_refusals import NothingToDecide, ObjectedAlready, ObjectionOver
from ratings.rules.conduct import ActStatus
from ratings.rules.exit_refusals import NotAnOfficer, ReasonsMissing
from tests.ratings import acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def rated(waterworks, waterworks_user, river_bureau, river_officer, item, swift_agency):
    """Two buyers, four good ratings: enough to be graded."""
    for buyer, by in ((waterworks, waterworks_user), (river_bureau, river_officer)) * 2:
        acting.rate(acting.finished(buyer, by, item, swift_agency), "0.9500")
    swift_agency.refresh_from_db()
    return swift_agency


def kinds(agency):
    return [entry.kind for entry in entries_of(f"A-{agency.uscc}")]


def status(agency):
    return computed(agency).conduct.terms[-1].status


def office(regulator):
    return regulator.memberships.get().organisation


def test_a_decided_act_counts_at_once(swift_agency):
    act = acting.note(swift_agency, "gave_up_award", "award:1")
    assert computed(swift_agency).c == Decimal("90.0")
    said = Opening.objects.get(case=swift_agency.case, seq=act.seq)
    assert (said.kind, said.value["act"], said.value["points"]) == (CreditEntry.NOTED, "gave_up_award", "10")
    assert Notice.objects.filter(organisation=swift_agency.organisation).count() == 1


def test_a_fact_of_the_system_waits_five_working_days(swift_agency):
    act = acting.note(swift_agency, "gave_up_award", "award:1", decided=False)
    assert (computed(swift_agency).c, status(swift_agency)) == (Decimal("100.0"), ActStatus.PENDING)
    assert computed(swift_agency, act.counts_from).c == Decimal("90.0")


def test_the_same_fact_is_noted_once(swift_agency):
    assert acting.note(swift_agency, "unsigned", "award:1") is not None
    assert acting.note(swift_agency, "unsigned", "award:1") is None
    assert acting.note(swift_agency, "unsigned", "award:2") is not None
    assert kinds(swift_agency).count(CreditEntry.NOTED) == 2


def test_an_act_of_no_rule_is_a_mistake(swift_agency):
    with pytest.raises(KeyError):
        acting.note(swift_agency, "looked_askance", "award:1")
    assert not Act.objects.exists()


def test_an_objection_holds_the_act_back_until_an_officer_lets_it_stand(swift_agency, regulator):
    act = acting.note(swift_agency, "unsigned", "award:1", decided=False)
    event = object_to_act(swift_agency.user, swift_agency.organisation, act.pk, "对方未到场签字")
    assert event.due_at > database_now()
    assert computed(swift_agency, act.counts_from).c == 100
    decide_objection(regulator, office(regulator), act.pk, "签约通知已送达", upheld=False)
    assert computed(swift_agency, act.counts_from).c == 90
    assert kinds(swift_agency)[-3:] == [CreditEntry.NOTED, CreditEntry.OBJECTED, CreditEntry.UPHELD]


def test_an_objection_that_is_right_strikes_the_act(swift_agency, regulator):
    act = acting.note(swift_agency, "unsigned", "award:1", decided=False)
    object_to_act(swift_agency.user, swift_agency.organisation, act.pk, "对方未到场签字")
    assert decide_objection(regulator, office(regulator), act.pk, "属实", upheld=True).kind == ActEventKind.STRUCK
    assert (computed(swift_agency, act.counts_from).c, status(swift_agency)) == (100, ActStatus.STRUCK)
    with pytest.raises(NothingToDecide):
        decide_objection(regulator, office(regulator), act.pk, "再想想", upheld=False)


def test_nobody_objects_twice_late_or_without_words(swift_agency):
    pending, decided = (acting.note(swift_agency, "unsigned", source, decided=source == "2") for source in ("1", "2"))
    who = swift_agency.user, swift_agency.organisation
    with pytest.raises(ReasonsMissing):
        object_to_act(*who, pending.pk, " \n")
    with pytest.raises(ObjectionOver):
        object_to_act(*who, decided.pk, "不服")
    object_to_act(*who, pending.pk, "不服")
    with pytest.raises(ObjectedAlready):
        object_to_act(*who, pending.pk, "还是不服")


def test_what_is_not_mine_is_not_there(swift_agency, steady_agency):
    act = acting.note(swift_agency, "unsigned", "1", decided=False)
    with pytest.raises(Http404):
        object_to_act(steady_agency.user, steady_agency.organisation, act.pk, "不服")


def test_only_officers_decide(swift_agency, waterworks_user, waterworks, regulator):
    act = acting.note(swift_agency, "unsigned", "1", decided=False)
    with pytest.raises(NothingToDecide):
        decide_objection(regulator, office(regulator), act.pk, "维持", upheld=False)
    object_to_act(swift_agency.user, swift_agency.organisation, act.pk, "不服")
    with pytest.raises(NotAnOfficer):
        decide_objection(waterworks_user, waterworks, act.pk, "维持", upheld=False)
    with pytest.raises(ReasonsMissing):
        decide_objection(regulator, office(regulator), act.pk, "", upheld=False)


def test_silence_does_not_lapse_before_its_time(swift_agency):
    act = acting.note(swift_agency, "unsigned", "1", decided=False)
    assert not lapse_objection(act.pk)
    object_to_act(swift_agency.user, swift_agency.organisation, act.pk, "不服")
    assert not lapse_objection(act.pk)


def test_a_repaired_act_is_as_if_it_had_never_been(swift_agency):
    first = acting.note(swift_agency, "unsigned", "1")
    acting.note(swift_agency, "unsigned", "2")
    assert computed(swift_agency).c == 75
    acting.repair(first)
    assert computed(swift_agency).c == 90
    acting.repair(first)
    acting.strike(first)
    assert kinds(swift_agency).count(CreditEntry.REPAIRED) == 1
    assert CreditEntry.STRUCK not in kinds(swift_agency)


def test_ratings_make_a_grade_and_the_agency_caches_it(rated):
    found = computed(rated)
    assert (rated.grade, rated.credit) == (found.grade, found.k)
    assert (found.grade, found.weight >= 3) == (Grade.B, True)


def test_a_rating_that_no_longer_counts_makes_the_agency_new_again(rated):
    for rating in rated.ratings.all()[:2]:
        acting.weigh(rating, Relation.CONFIRMED)
    rated.refresh_from_db()
    assert (rated.grade, rated.credit) == (Grade.N, None)
    acting.weigh(rated.ratings.first(), Relation.FLAGGED)
    assert Decimal(1) < computed(rated).weight < 3
    assert kinds(rated).count(CreditEntry.WEIGHED) == 3


def test_history_grows_only_where_something_changed(swift_agency):
    acting.refresh(swift_agency)
    acting.refresh(swift_agency)
    acting.note(swift_agency, "outdated_information", "1", decided=False)
    assert [point.conduct for point in CreditPoint.objects.all()] == [100]
    acting.note(swift_agency, "outdated_information", "2")
    assert [point.conduct for point in CreditPoint.objects.all()] == [100, 99]


def test_the_ledgers_only_grow(rated):
    acting.strike(acting.note(rated, "unsigned", "1"))
    acting.weigh(rated.ratings.first(), Relation.DISPUTED)
    for table in ("act", "actevent", "rating", "ratingevent", "creditpoint"):
        for statement in (f"DELETE FROM ratings_{table}", f"UPDATE ratings_{table} SET id = id"):
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
    assert rated.acts.count() == 1


def test_the_database_refuses_a_second_end_of_an_act(swift_agency):
    act = acting.note(swift_agency, "unsigned", "1")
    acting.strike(act)
    with pytest.raises(IntegrityError), transaction.atomic():
        act.events.create(kind=ActEventKind.REPAIRED, at=database_now(), seq=99)


def test_the_facts_take_the_same_few_queries_whatever_happened(rated, django_assert_num_queries):
    now = database_now()
    for source in "12345":
        acting.note(rated, "unsigned", source)
    with django_assert_num_queries(6):
        computed(rated, now)
