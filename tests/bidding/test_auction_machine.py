"""An auction driven at random, by people, clocks and time, holds its invariants; planted bugs do not (I6, I7, I8)."""

import itertools
import json
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import Kind
from agencies.models import Agency, Standing
from bidding import queries, sealing
from bidding.actions import (
    Answer,
    Press,
    advance,
    bar_barred,
    barring,
    bids,
    confirm_pause,
    end_pause,
    enrol,
    leave,
    place_bids,
    progress,
    propose_pause,
    send_sealed_price,
    set_floor,
    withdraw_floor,
)
from bidding.clockwork import move_due_requests
from bidding.methods import strategy_for
from bidding.models import Auction, Award, Bid, Floor, Pause
from bidding.rooms.state import public_state
from bidding.rules import proxy
from bidding.rules.timeline import next_move
from core.clock import database_now, from_rfc3339, rfc3339
from core.errors import Refused
from journal import queries as journal
from marketplace.models import Method, Request, RequestStatus
from marketplace.rulesets import CURRENT, ruleset
from tests import cast
from tests.bidding.live_parts import server_started
from tests.journal.checks import assert_chain_holds

_CEILING = 1_000_000
_names = itertools.count(1)


def applied(state: dict[str, Any], entries: list[dict[str, Any]]) -> dict[str, Any]:
    """What a page makes of an old state and the entries after it (STYLE 18)."""
    new = {**state, "bids": list(state["bids"])}
    for entry in entries:
        new["seq"], data = entry["seq"], entry["data"]
        match entry["kind"]:
            case "request.extended":
                ready_at = from_rfc3339(data["selects_at"])
                numbers = ruleset(CURRENT).live
                opens_at = ready_at + timedelta(seconds=numbers.ready_seconds)
                times = ready_at, opens_at, opens_at + timedelta(seconds=numbers.live_seconds)
                new |= dict(zip(("ready_at", "opens_at", "closes_at"), map(rfc3339, times), strict=True))
            case "auction.ready":
                new |= {"status": "ready", **data}
            case "auction.opened":
                new |= {"status": "live", **{k: data[k] for k in ("opens_at", "closes_at", "ceiling", "step")}}
            case "bid.placed":
                new |= {"best": data["amount"], "leader": data["label"]}
                new["bids"] = [*new["bids"], {"seq": entry["seq"], "at": entry["at"], **data}][-50:]
            case "auction.extended":
                new["closes_at"] = data["closes_at"]
            case "bidder.barred":
                new["barred"] = {**new["barred"], data["label"]: data["because"]}
                new |= {name: data[name] for name in ("best", "leader", "closes_at")}
            case "auction.paused":
                said = {"because": data["because"], "reason": data.get("reason", ""), "opens_again_at": None}
                new |= {"status": "paused", "paused": said}
            case "auction.resumes":
                new["closes_at"] = data["closes_at"]
                new["paused"] = {**new["paused"], "opens_again_at": data["opens_again_at"]}
            case "auction.resumed":
                new |= {"status": "live", "paused": None, "closes_at": data["closes_at"]}
            case "tie_out.opened":
                seats = [seat["label"] for seat in data["seats"]]
                new |= {"status": "tie_out", "tie_out": {"closes_at": data["closes_at"], "seats": seats}}
            case "tie_out.closed":
                new |= {"tie_out": None, "best": data["best"], "leader": data["leader"]}
            case "auction.closed":
                new |= {"status": "closed", "best": data["amount"], "leader": data["winner"]}
            case "auction.failed":
                new["status"] = "failed"
    return new


class AuctionMachine(RuleBasedStateMachine):
    """One request from enrolment to award. Time jumps by moving every time of it into the past."""

    @initialize(
        government=st.booleans(), already_live=st.sampled_from([True, True, False]), hard=st.sampled_from([True, False])
    )
    def begin(self, government: bool, already_live: bool = False, hard: bool = False) -> None:
        self.savepoint = transaction.atomic()
        # As Django's own tests do: the verbs may think that theirs is the outermost transaction.
        self.savepoint._from_testcase = True
        self.savepoint.__enter__()
        kind = Kind.DEPARTMENT if government else Kind.ENTERPRISE
        item = cast.service_item(f"RND-{next(_names)}")
        buyer = cast.organisation(kind, "采购单位", field="水利" if government else "")
        self.agencies = [cast.agency(f"第{next(_names)}咨询有限公司") for _ in range(4)]
        cast.offers(item, *self.agencies)
        by = cast.person(f"buyer{next(_names)}@machine.example", buyer)
        self.request = cast.published(buyer, item, by, ceiling="10000.00")
        self.number = self.request.number or ""
        body = cast.organisation(Kind.REGULATOR, "市场监督管理局")
        self.officers = [cast.person(f"officer{next(_names)}@machine.example", body) for _ in range(2)]
        server_started(database_now() - timedelta(days=30))
        self.answers: dict[tuple[int, uuid.UUID], Answer] = {}
        self.closes_at = self.old_state = None
        for one in self.agencies[:3]:
            enrol(None, one, self.number)
        if already_live:
            for _ in range(2):
                self.time_stands_at_the_next_due_moment(early=0)
                advance(self.number)
            if hard:  # so short that every extension is cut: it ends in a tie-out
                auction = Auction.objects.get(request=self.request)
                end = auction.opens_at + timedelta(seconds=100)
                Auction.objects.filter(pk=auction.pk).update(closes_at=end, hard_end=end)
            self.time_stands_at_the_next_due_moment(early=0)
            advance(self.number)

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    # -- people ---------------------------------------------------------------------------------------------------

    @rule(who=st.integers(0, 3))
    def somebody_enrols(self, who: int) -> None:
        with suppress(Refused):
            enrol(None, self.agencies[who], self.number)

    @rule(who=st.integers(0, 3))
    def somebody_leaves(self, who: int) -> None:
        with suppress(Refused):
            leave(self.agencies[who], self.number)

    @rule(
        presses=st.lists(
            st.tuples(st.integers(0, 3), st.integers(-3, 3), st.sampled_from([1, 1, 1, 3, 40]), st.booleans()),
            min_size=1,
            max_size=4,
        ),
        again=st.booleans(),
    )
    def some_bid(self, presses: list[tuple[int, int, int, bool]], again: bool) -> None:
        batch = []
        limit = self.limit
        for who, aside, steps, confirmed in presses:
            agency = self.agencies[who]
            amount = limit + aside - (steps - 1) * 5000
            batch.append(Press(uuid.uuid4(), agency.pk, agency.user.pk, amount, confirmed))
            limit = min(limit, amount - 5000) if aside <= 0 else limit
        if again and self.answers:
            agency_id, key = list(self.answers)[-1]
            user = next(a for a in self.agencies if a.pk == agency_id).user.pk
            batch.append(Press(key, agency_id, user, 1, True))
        self.send(batch)

    @precondition(lambda self: self.live)
    @rule(who=st.sampled_from([0, 1, 2]))
    def one_undercuts_by_a_step(self, who: int) -> None:
        agency = self.agencies[who]
        self.send([Press(uuid.uuid4(), agency.pk, agency.user.pk, self.limit, True)])

    @rule(
        who=st.integers(0, 3), under=st.sampled_from([0, 1, 3, 8, 30]), confirmed=st.sampled_from([True, True, False])
    )
    def somebody_sets_a_floor(self, who: int, under: int, confirmed: bool) -> None:
        agency = self.agencies[who]
        amount = max(self.limit - under * 5000 - who, -1)
        answer = set_floor(self.number, Press(uuid.uuid4(), agency.pk, agency.user.pk, amount, confirmed))
        assert answer.refusal is None or answer.seq is None
        assert confirmed or answer.refusal is not None

    @rule(who=st.integers(0, 3))
    def somebody_withdraws_a_floor(self, who: int) -> None:
        agency = self.agencies[who]
        withdraw_floor(self.number, Press(uuid.uuid4(), agency.pk, agency.user.pk, 0))

    @precondition(lambda self: self.status == "tie_out")
    @rule(who=st.integers(0, 2), under=st.sampled_from([0, 100, 5000]))
    def somebody_sends_a_sealed_price(self, who: int, under: int) -> None:
        agency = self.agencies[who]
        send_sealed_price(self.number, Press(uuid.uuid4(), agency.pk, agency.user.pk, self.limit - under, True))

    @precondition(lambda self: self.live)
    @rule()
    def the_database_fails_over(self) -> None:
        Auction.objects.filter(request=self.request).update(wal_timeline="000000AB")
        before = self.entries
        advance(self.number)
        after = [e["kind"] for e in self.entries[len(before) :]]
        assert {"auction.paused", "auction.closed", "auction.failed", "tie_out.opened"} & set(after), (
            "bids go on over a failover"
        )

    @precondition(lambda self: self.live)
    @rule()
    def two_officers_pause(self) -> None:
        with suppress(Refused):
            propose_pause(self.officers[0], self.number, "机房检修")
            confirm_pause(self.officers[1], self.number)

    @precondition(lambda self: self.status == "paused")
    @rule()
    def an_officer_lets_it_go_on(self) -> None:
        with suppress(Refused):
            end_pause(self.officers[1], self.number)

    @rule(who=st.integers(0, 3), standing=st.sampled_from([Standing.ACTIVE, Standing.SUSPENDED, Standing.WARNED]))
    def a_standing_changes(self, who: int, standing: Standing) -> None:
        Agency.objects.filter(pk=self.agencies[who].pk).update(standing=standing)

    @precondition(lambda self: self.live)
    @rule()
    def whoever_leads_is_suspended(self) -> None:
        leading = Agency.objects.filter(enrolments__in=Auction.objects.filter(request=self.request).values("leader"))
        leading.update(standing=Standing.SUSPENDED)
        self.running_selections_are_settled()

    @rule()
    def running_selections_are_settled(self) -> None:
        bar_barred(self.number)
        standing = Award.objects.filter(request=self.request, status__in=["standstill", "final"])
        assert all(Standing(award.winner.agency.standing).may_bid for award in standing), "awarded to who is barred"
        leader = Auction.objects.filter(request=self.request, status="live", leader__isnull=False).first()
        assert leader is None or Standing(leader.leader.agency.standing).may_bid, "led by who is barred"

    # -- time -----------------------------------------------------------------------------------------------------

    @rule(seconds=st.sampled_from([1, 50, 130, 200, 300, 4000]))
    def time_passes(self, seconds: int) -> None:
        self.shift(timedelta(seconds=seconds))

    @rule(early=st.sampled_from([-2, 0, 1]))
    def time_stands_at_the_next_due_moment(self, early: int) -> None:
        pending = next_move(queries.moment(queries.request_of(self.number)))
        if pending is not None and pending[1] > database_now():
            self.shift(pending[1] - database_now() - timedelta(milliseconds=early * 40))

    @rule()
    def a_door_advances(self) -> None:
        advance(self.number)

    @rule()
    def a_clock_ticks(self) -> None:
        move_due_requests()

    # -- what must hold -------------------------------------------------------------------------------------------

    @invariant()
    def everything_holds(self) -> None:
        if not hasattr(self, "number"):
            return
        entries = self.entries
        assert_chain_holds([{**e, "case": self.number} for e in entries])
        self.prices_fall(entries)
        self.bids_lie_in_time(entries)
        self.every_answer_stands(entries)
        self.the_award_follows(entries)
        self.nobody_bids_in_a_pause(entries)
        self.no_floor_that_stands_could_bid()
        self.an_old_state_and_the_entries_make_the_new()
        auction = Auction.objects.filter(request=self.request).first()
        if auction:
            assert self.closes_at is None or auction.closes_at >= self.closes_at
            assert auction.closes_at <= auction.hard_end
            self.closes_at = auction.closes_at

    def prices_fall(self, entries: list[dict[str, Any]]) -> None:
        standing: list[tuple[int, str]] = []
        for kind, data in ((e["kind"], e["data"]) for e in entries):
            best, leader = min(standing, default=(None, None))
            if kind == "bid.placed":
                price = cast.yuan(data["amount"])
                assert 0 < price <= _CEILING
                assert best is None or price <= best - 5000, "a price fell by less than a step"
                assert data["label"] != leader, "the leader bid against itself"
                standing.append((price, data["label"]))
            elif kind == "tie_out.closed":
                standing += [(cast.yuan(one["amount"]), one["label"]) for one in data["offers"]]
                standing = [one for one in standing if one[1] == data["leader"]] or standing
            elif kind == "bidder.barred" and not any(e["kind"] == "tie_out.closed" for e in entries):
                standing = [one for one in standing if one[1] != data["label"]]
                best, leader = min(standing, default=(None, None))
                told = data["best"] and cast.yuan(data["best"])
                assert (told, data["leader"]) == (best, leader), "not the best of the others leads"

    def bids_lie_in_time(self, entries: list[dict[str, Any]]) -> None:
        kinds = [e["kind"] for e in entries]
        over = [n for n, kind in enumerate(kinds) if kind in ("auction.closed", "auction.failed")]
        fell = "award.voided" in kinds
        assert len(over) <= 1 + fell, "closed twice"
        placed = [n for n, kind in enumerate(kinds) if kind == "bid.placed"]
        assert not placed or "auction.opened" in kinds[: placed[0]]
        assert not over or not placed or placed[-1] < over[0], "a bid after the close"

    def nobody_bids_in_a_pause(self, entries: list[dict[str, Any]]) -> None:
        taking = True
        for kind in (e["kind"] for e in entries):
            taking = {"auction.paused": False, "auction.resumed": True}.get(kind, taking)
            assert taking or kind not in ("bid.placed", "auction.extended"), "the auction went on in a pause"

    def no_floor_that_stands_could_bid(self) -> None:
        auction = Auction.objects.filter(request=self.request, status="live").first()
        if auction is None:
            return
        for one in Floor.objects.filter(auction=auction, ended="").select_related("enrolment__agency"):
            hidden = sealing.unseal("floor", self.number, one.enrolment.label, bytes(one.sealed))
            if one.enrolment_id == auction.leader_id:
                assert auction.best is None or auction.best >= hidden.amount or self.by_hand(auction), (
                    "bid below its floor"
                )
            elif Standing(one.enrolment.agency.standing).may_bid:
                assert hidden.amount > self.limit, "a floor that could bid did not"

    def every_answer_stands(self, entries: list[dict[str, Any]]) -> None:
        placed = {e["seq"] for e in entries if e["kind"] == "bid.placed" and not e["data"].get("proxy")}
        accepted = [a.seq for a in self.answers.values() if a.refusal is None]
        assert sorted(accepted) == sorted(placed), "accepted answers and entries differ"
        rows = Bid.objects.filter(auction__request=self.request, seq__isnull=False).values_list("seq", flat=True)
        assert set(rows) == {e["seq"] for e in entries if e["kind"] == "bid.placed"}

    def the_award_follows(self, entries: list[dict[str, Any]]) -> None:
        award = Award.objects.filter(request=self.request).order_by("pk").first()
        ended = any(e["kind"] in ("auction.closed", "auction.failed") for e in entries)
        outcome = strategy_for(Method.LIVE).decide(queries.case_entries(self.number), ruleset(CURRENT))
        assert (award is not None) == (ended and outcome.winner is not None)
        if award:
            assert (award.winner.label, award.amount) == (outcome.winner, outcome.amount)

    def an_old_state_and_the_entries_make_the_new(self) -> None:
        fresh = public_state(self.number)
        if self.old_state is not None:
            after = [e for e in self.entries if e["seq"] > self.old_state["seq"]]
            assert applied(self.old_state, after) == fresh
        self.old_state = fresh

    # -- odds and ends --------------------------------------------------------------------------------------------

    @property
    def entries(self) -> list[dict[str, Any]]:
        _first, lines = journal.lines_after(self.number, 0, 10_000)
        return [json.loads(line) for line in lines]

    @property
    def live(self) -> bool:
        return Auction.objects.filter(request=self.request, status="live").exists()

    @property
    def status(self) -> str | None:
        return Auction.objects.filter(request=self.request).values_list("status", flat=True).first()

    @property
    def limit(self) -> int:
        auction = Auction.objects.filter(request=self.request).first()
        return _CEILING if auction is None or auction.best is None else auction.best - auction.step

    def by_hand(self, auction: Auction) -> bool:
        """Did whoever leads below its own floor press the button itself?"""
        placed = [e["data"] for e in self.entries if e["kind"] == "bid.placed"]
        return any(
            one["label"] == auction.leader.label and cast.yuan(one["amount"]) == auction.best and not one.get("proxy")
            for one in placed
        )

    def send(self, batch: list[Press]) -> None:
        before = Auction.objects.filter(request=self.request).values_list("closes_at", flat=True).first()
        for press, answer in zip(batch, place_bids(self.number, batch), strict=True):
            place = (press.agency, press.key)
            if place in self.answers:
                # As it was then, with a time that has not moved along since.
                assert answer == self.answers[place], "the same key got another answer"
                continue
            if answer.refusal is None or Bid.objects.filter(key=press.key).exists():
                self.answers[place] = answer
            if answer.refusal is None and before is not None:
                after = Auction.objects.get(request=self.request).closes_at
                assert answer.at < after, "a bid was accepted at or after the close"

    def shift(self, by: timedelta) -> None:
        """Let time pass: what lay ahead lies `by` nearer, and what page and machine remember moves along."""
        request = Request.objects.get(number=self.number)
        Request.objects.filter(pk=request.pk).update(
            enrol_until=request.enrol_until - by, selects_at=request.selects_at - by
        )
        for auction in Auction.objects.filter(request=request):
            names = ("ready_at", "opens_at", "closes_at", "hard_end", "due_at", "live_since", "opens_again_at")
            moved = {name: getattr(auction, name) and getattr(auction, name) - by for name in names}
            Auction.objects.filter(pk=auction.pk).update(**moved)
            for pause in Pause.objects.filter(auction=auction, paused_at__isnull=False):
                times = {"paused_at": pause.paused_at - by, "resumed_at": pause.resumed_at and pause.resumed_at - by}
                Pause.objects.filter(pk=pause.pk).update(**times)
        for award in Award.objects.filter(request=request, status="standstill"):
            Award.objects.filter(pk=award.pk).update(standstill_until=award.standstill_until - by)
        self.closes_at = self.closes_at and self.closes_at - by
        self.old_state = public_state(self.number)


_SETTINGS = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # shrinking takes minutes; the steps are printed as they are
    suppress_health_check=list(HealthCheck),
)


pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_an_auction_driven_at_random_holds_its_invariants():
    run_state_machine_as_test(AuctionMachine, settings=_SETTINGS)


def _takes_anything(amount, bidder, terms, now, *, confirmed=False):
    if terms.status != "live" or not 0 < amount <= terms.ceiling or (terms.best and amount >= terms.best):
        raise bids.BiddingNotOpen(opens_at="")


def _lets_leaders_bid(amount, bidder, terms, now, *, confirmed=False):
    _judge(amount, bidder, replace(terms, leader=None), now, confirmed=confirmed)


def _moves_the_close_back(amount, bidder, terms, now):
    after, moved = _stand(amount, bidder, terms, now)
    return replace(after, closes_at=min(after.closes_at, terms.closes_at - timedelta(milliseconds=1))), moved


def _lets_the_barred_lead(terms, barred, standing, now):
    return terms


def _asks_no_floor(book, held):
    return None


def _bids_below_the_floor(terms, floors):
    return _answer(terms, [replace(one, amount=one.amount - terms.step * 40) for one in floors])


def _goes_on_over_everything(held, request):
    return False


_judge, _stand, _answer = bids.judge_bid, bids.stand, proxy.answer


def walked() -> None:
    """The machine led by hand past every kind of step once, each looked at as after a random one."""
    machine = AuctionMachine()
    steps: list[Callable[[], None]] = [
        partial(machine.begin, government=False, already_live=True),
        partial(machine.one_undercuts_by_a_step, 1),
        partial(machine.one_undercuts_by_a_step, 1),
        partial(machine.some_bid, [(2, 3, 1, True)], again=False),
        partial(machine.somebody_sets_a_floor, 0, 3, True),
        *(partial(machine.one_undercuts_by_a_step, who) for who in (1, 2, 1, 2, 1)),
        machine.whoever_leads_is_suspended,
        machine.the_database_fails_over,
    ]
    try:
        for step in steps:
            step()
            machine.everything_holds()
    finally:
        machine.teardown()


def test_the_walk_holds_on_the_platform_as_it_is():
    walked()


@pytest.mark.parametrize(
    ("room", "name", "broken"),
    [
        (bids, "judge_bid", _takes_anything),
        (bids, "judge_bid", _lets_leaders_bid),
        (bids, "stand", _moves_the_close_back),
        (barring, "strike", _lets_the_barred_lead),
        (bids, "answer_by_floors", _asks_no_floor),
        (proxy, "answer", _bids_below_the_floor),
        (progress, "heed_signs", _goes_on_over_everything),
    ],
    ids=[
        "takes any lower price",
        "lets the leader bid",
        "moves the close back",
        "lets the barred lead",
        "asks no floor",
        "bids below the floor",
        "goes on over a failover",
    ],
)
def test_a_planted_bug_is_found(monkeypatch, room, name, broken):
    monkeypatch.setattr(room, name, broken)
    with pytest.raises(AssertionError):
        walked()


def test_the_machine_reaches_an_award():
    """The rules lead somewhere: a walk by hand that ends in a final award."""
    machine = AuctionMachine()
    machine.begin(government=False)
    machine.time_passes(4000)
    for _ in range(3):
        machine.time_stands_at_the_next_due_moment(early=0)
        machine.a_clock_ticks()
    for who in (0, 1, 2, 0):
        machine.one_undercuts_by_a_step(who)
        machine.everything_holds()
    machine.time_passes(4000)
    machine.a_door_advances()
    machine.everything_holds()
    assert Award.objects.get(request=machine.request).amount == _CEILING - 3 * 5000
    machine.time_stands_at_the_next_due_moment(early=0)
    machine.a_clock_ticks()
    machine.everything_holds()
    assert Request.objects.get(number=machine.number).status == RequestStatus.AWARDED
    machine.teardown()
