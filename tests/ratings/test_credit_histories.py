"""After any history the cache, a full recompute from the database, and one from credit.json alone say the same."""

import itertools
import json
from contextlib import suppress

from django.db import transaction

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.clock import database_now
from core.errors import Refused
from ratings.actions.credit import decide_objection, object_to_act
from ratings.actions.market import publish_figures
from ratings.document import credit_document
from ratings.models import Act, Rating, Relation
from ratings.queries.credit import computed
from ratings.recompute import recompute
from ratings.rulesets import credit_rules
from tests.ratings import acting

_serial = itertools.count(1)
_which = st.integers(0, 5)
_verb = st.one_of(
    st.tuples(
        st.just("note"), st.sampled_from(sorted(credit_rules().conduct.acts)), st.integers(0, 500), st.booleans()
    ),
    st.tuples(
        st.just("rate"), st.decimals(0, 1, places=4), st.sampled_from(["900.00", "90000.00", "900000.00"]), _which
    ),
    st.tuples(
        st.just("rate"), st.decimals(0, 1, places=4), st.sampled_from(["900.00", "90000.00", "900000.00"]), _which
    ),
    st.tuples(st.sampled_from(["strike", "repair", "object", "uphold", "overrule"]), _which),
    st.tuples(st.just("weigh"), _which, st.sampled_from(list(Relation))),
    st.tuples(st.just("publish")),
)


class World:
    """One agency, an officer, and two buyers."""

    def __init__(self, agency, regulator, buyers, item):
        self.agency, self.officer, self.buyers, self.item = agency, regulator, buyers, item
        self.body = regulator.memberships.get().organisation

    def act(self, which):
        acts = list(Act.objects.order_by("pk"))
        return acts[which % len(acts)] if acts else None

    def do(self, verb, *how):
        getattr(self, verb)(*how)

    def note(self, code, ago, decided):
        acting.note(self.agency, code, str(next(_serial)), decided=decided, ago=ago)

    def rate(self, x, amount, which):
        acting.rate(acting.finished(*self.buyers[which % 2], self.item, self.agency, amount), str(x))

    def strike(self, which):
        if act := self.act(which):
            acting.strike(act)

    def repair(self, which):
        if act := self.act(which):
            acting.repair(act)

    def object(self, which):
        if act := self.act(which):
            object_to_act(self.agency.user, self.agency.organisation, act.pk, "不服")

    def uphold(self, which):
        if act := self.act(which):
            decide_objection(self.officer, self.body, act.pk, "属实", upheld=True)

    def overrule(self, which):
        if act := self.act(which):
            decide_objection(self.officer, self.body, act.pk, "维持", upheld=False)

    def weigh(self, which, relation):
        ratings = list(Rating.objects.order_by("pk"))
        if ratings:
            acting.weigh(ratings[which % len(ratings)], relation)

    def publish(self):
        if publish_figures():
            acting.refresh(self.agency)


@pytest.fixture
def world(swift_agency, regulator, waterworks, waterworks_user, river_bureau, river_officer, item):
    return World(swift_agency, regulator, [(waterworks, waterworks_user), (river_bureau, river_officer)], item)


@pytest.mark.django_db
@settings(
    phases=[Phase.generate],
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(_verb, min_size=4, max_size=14))
@pytest.mark.slow
def test_cache_database_and_document_agree_after_any_history(world, verbs):
    savepoint = transaction.atomic()
    # As Django's own tests do: the verbs may think that theirs is the outermost transaction.
    savepoint._from_testcase = True
    with savepoint:
        points = 0
        for verb in verbs:
            with suppress(Refused):
                world.do(*verb)
            points = agree(world.agency, points)
        transaction.set_rollback(True)


def agree(agency, points_before):
    agency.refresh_from_db()
    now = database_now()
    ours, theirs = computed(agency, now), recompute(json.loads(json.dumps(credit_document(agency, now))))
    assert (agency.grade, agency.credit) == (ours.grade, ours.k) == (theirs.grade, theirs.k)
    assert (ours.c, ours.q, ours.weight) == (theirs.c, theirs.q, theirs.weight)
    assert ours.quality.value == theirs.quality.value
    points = list(agency.credit_points.order_by("pk"))
    assert len(points) >= points_before
    if points:
        newest = points[-1]
        assert (newest.conduct, newest.quality, newest.credit, newest.grade) == (ours.c, ours.q, ours.k, ours.grade)
    return len(points)
