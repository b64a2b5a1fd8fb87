"""The life of one request of the past, told up to now: rows and entries as the real actions would have left them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from bidding import entries
from bidding.models import Auction, AuctionStatus, Award, AwardStatus, Bid, Enrolment
from bidding.practice import styles
from bidding.rules.bids import Terms
from bidding.rules.terms import terms_from
from bidding.rules.timeline import Turnout, judge_turnout
from demo import auctions
from demo.agencies import Player
from demo.casefile import CaseFile
from demo.contracts import Deal
from demo.dossier import Dossier, Parties, Scene
from demo.entrants import Entrants
from demo.ledger import Ledger
from demo.plot import Plot
from marketplace import entries as notices
from marketplace import schedule
from marketplace.models import Method, Request, RequestStatus
from marketplace.rulesets import RuleSet

_CALLED_OFF = ("项目用地方案调整，暂不需要该项服务。", "主体工程推迟实施，待计划明确后重新发布。")
_CANCELLED, _SILENT = 0.012, 0.018


class Story:
    """One request from notice to award, and its contract. After `tell`, `request.status` is what it has come to by now."""

    def __init__(self, rng: Random, plot: Plot, numbers: RuleSet, scene: Scene) -> None:
        self._rng, self._plot, self._numbers, self._scene = rng, plot, numbers, scene
        self._calendar, self._now = scene.calendar, scene.now
        self._dossier: Dossier | None = None

    def tell(self, ledger: Ledger) -> Request | None:
        """Write the story into the ledger; None, and nothing written, if its auction would run at this very moment, or
        if it does not end as its plot wishes."""
        self._publish(ledger)
        self._entrants.come(self._plot.turnout, self._plot.published_at)
        if not self._cancelled() and self._enrolment_over() and not self._auction():
            return None
        if not self._as_wished():
            return None
        followed = self._dossier.rows if self._dossier else []
        ledger.add(self.request, self.file, self._entrants.enrolments, self.auction, self.bids, self.award, followed)
        return self.request

    def _as_wished(self) -> bool:
        plot = self._plot
        if plot.stop is None:
            return True
        return self._dossier is not None and self._dossier.reached and plot.favourite in (None, self._dossier.player)

    def _publish(self, ledger: Ledger) -> None:
        plot, self._ledger = self._plot, ledger
        wanted, buyer = plot.wanted, plot.buyer.organisation
        self.file = CaseFile(ledger.case_ids.next(), plot.number)
        self.bids: list[Bid] = []
        self.auction: Auction | None = None
        self.award: Award | None = None
        until, selects_at = schedule.plan(
            plot.number, plot.published_at, Method.LIVE, wanted.ceiling, self._numbers, self._calendar
        )
        self.request = Request(
            pk=ledger.request_ids.next(),
            number=plot.number,
            case_id=self.file.pk,
            buyer=buyer,
            buyer_kind=buyer.kind,
            created_by_id=plot.buyer.user,
            item=plot.item,
            title=wanted.title,
            region_id=buyer.region_id,
            scope=wanted.scope,
            deliverables=wanted.deliverables,
            materials=wanted.materials,
            term_workdays=wanted.term_workdays,
            method=Method.LIVE,
            ceiling=wanted.ceiling,
            public_funds=bool(wanted.budget_line),
            payer=buyer,
            budget_line=wanted.budget_line,
            status=RequestStatus.PUBLISHED,
            ruleset=self._numbers.id,
            published_at=plot.published_at,
            enrol_until=until,
            selects_at=selects_at,
            forerunner=plot.forerunner,
            demo=True,
            created_at=plot.published_at - timedelta(minutes=self._rng.randrange(5, 300)),
        )
        notice = notices.published(self.request, self._numbers, until, selects_at, [], [])
        self.request.published_at = self.file.append(plot.published_at, notice)
        self._entrants = Entrants(self._rng, plot, self._now, self.request, self.file, ledger.enrolment_ids)

    def _cancelled(self) -> bool:
        at = (self.file.last_at or self._now) + timedelta(minutes=self._rng.randrange(5, 90))
        assert self.request.enrol_until is not None
        if self._rng.random() >= _CANCELLED or self._plot.rigged or at >= min(self._now, self.request.enrol_until):
            return False
        self.file.append(at, notices.cancelled(self._rng.choice(_CALLED_OFF)))
        self.request.status = RequestStatus.CANCELLED
        return True

    def _enrolment_over(self) -> bool:
        """What the deadline makes of the turnout; True if the auction follows."""
        request = self.request
        assert request.enrol_until is not None
        while request.enrol_until <= self._now:
            at = request.enrol_until + auctions.delay(self._rng)
            verdict = judge_turnout(
                len(self._entrants.standing()),
                self._numbers,
                Method.LIVE,
                government=request.government,
                extended=request.extended,
            )
            match verdict:
                case Turnout.ENOUGH:
                    return True
                case Turnout.GO_ON_WITH_A_NOTE:
                    self.file.append(at, entries.noted("two_entrants_after_extension", ["R3", "P20.6"]))
                    return True
                case Turnout.TOO_FEW:
                    self._fail(at, "too_few_entrants")
                    return False
                case Turnout.EXTEND:
                    self._extend(at)
        return False

    def _extend(self, at: datetime) -> None:
        request = self.request
        request.enrol_until, request.selects_at = schedule.extend(
            request.number or "", at, Method.LIVE, self._numbers, self._calendar
        )
        request.extended = True
        at = self.file.append(at, entries.extended(request.enrol_until, request.selects_at, "too_few_entrants"))
        self._entrants.come(self._rng.choice((0, 0, 1, 2, 3, 4)), at)

    def _auction(self) -> bool:
        """The auction and what follows; False if it would be running now."""
        rng, live, request = self._rng, self._numbers.live, self.request
        ready_at = request.selects_at
        assert ready_at is not None
        opens_at = ready_at + timedelta(seconds=live.ready_seconds)
        closes_at = opens_at + timedelta(seconds=live.live_seconds)
        hard_end = opens_at + timedelta(minutes=live.hard_end_minutes)
        self.auction = auction = Auction(
            pk=self._ledger.auction_ids.next(),
            request_id=request.pk,
            ceiling=request.ceiling,
            step=live.step(request.ceiling),
            ready_at=ready_at,
            opens_at=opens_at,
            closes_at=closes_at,
            hard_end=hard_end,
            due_at=ready_at,
        )
        request.status = RequestStatus.SELECTING
        if self._now < ready_at:
            return True
        self.file.append(ready_at + auctions.delay(rng), entries.ready(ready_at, opens_at))
        self.file.append(
            opens_at + auctions.delay(rng),
            entries.opened(opens_at, closes_at, hard_end, auction.ceiling, auction.step),
        )
        if rng.random() >= _SILENT or self._plot.rigged:
            self._play(auction)
        auction.due_at = None
        at = auction.closes_at + auctions.delay(rng)
        if at >= self._now:
            return False
        self._close(auction, at)
        return True

    def _play(self, auction: Auction) -> None:
        rng, labels = self._rng, {e.pk: e.label for e in self._entrants.standing()}
        terms = terms_from(
            AuctionStatus.LIVE,
            auction.ceiling,
            auction.step,
            None,
            None,
            auction.ready_at,
            auction.opens_at,
            auction.closes_at,
            auction.hard_end,
            0,
            self._numbers.id,
        )
        for played in self._bids(rng, terms, auction.ceiling):
            at = self.file.append(played.at, entries.bid(labels[played.enrolment], played.amount))
            seq = self.file.seq
            key = UUID(int=rng.getrandbits(128), version=4)
            self.bids.append(
                Bid(
                    auction_id=auction.pk,
                    enrolment_id=played.enrolment,
                    key=key,
                    amount=played.amount,
                    seq=seq,
                    at=at,
                )
            )
            auction.best, auction.leader_id = played.amount, played.enrolment
            auction.bid_count += 1
            if played.closes_at is not None:
                auction.closes_at = played.closes_at
                auction.extensions += 1
                self.file.append(at, entries.prolonged(played.closes_at, because=seq))

    def _bids(self, rng: Random, terms: Terms, ceiling: int) -> Iterator[auctions.Played]:
        standing, rigged = self._entrants.standing(), self._plot.rigged
        if rigged is None:
            bidders = styles.cast(rng, [one.pk for one in standing], ceiling, lowest=0.48, highest=0.9)
            return auctions.play(rng, terms, bidders)
        order = {player.agency: place for place, player in enumerate(self._plot.candidates)}
        turns = [one.pk for one in sorted(standing, key=lambda one: order[one.agency_id])]
        return auctions.rigged(terms, turns, ceiling, rigged)

    def _close(self, auction: Auction, at: datetime) -> None:
        winner = next((e for e in self._entrants.enrolments if e.pk == auction.leader_id), None)
        if winner is None or auction.best is None:
            auction.status = AuctionStatus.FAILED
            self._fail(at, "no_bids")
            return
        auction.status = AuctionStatus.CLOSED
        at = self.file.append(at, entries.closed(winner.label, auction.best, self._entrants.reveals()))
        self._award(winner, auction.best, at)

    def _award(self, winner: Enrolment, amount: int, at: datetime) -> None:
        request = self.request
        days = self._numbers.standstill.wd(government=request.government)
        until = self._calendar.add(at, days)
        player = self._entrants.players[winner.pk]
        rule = f"{Method.LIVE}/R5.4"
        self.file.append(at, entries.award(winner.label, player.uscc, player.name, amount, rule, until))
        self.award = Award(
            pk=self._ledger.award_ids.next(),
            request_id=request.pk,
            winner_id=winner.pk,
            amount=amount,
            published_at=at,
            standstill_until=until,
        )
        request.status = RequestStatus.STANDSTILL
        final_at = until + auctions.delay(self._rng)
        if final_at < self._now:
            self.file.append(final_at, entries.award_final())
            self.award.status = AwardStatus.FINAL
            request.status = RequestStatus.AWARDED
            self._follow(player, self.award, final_at)

    def _follow(self, player: Player, award: Award, final_at: datetime) -> None:
        parties = Parties(self.request, award, self._plot.buyer, player)
        books, stop = self._ledger.books, self._plot.stop
        self._dossier = Dossier(self._rng, self._scene, books, self.file, parties, stop)
        Deal(self._dossier).tell(final_at)

    def _fail(self, at: datetime, reason: str) -> None:
        self.file.append(at, entries.failed(reason, self._entrants.reveals()))
        self.request.status = RequestStatus.FAILED
