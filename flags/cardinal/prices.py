"""Indicators of what was asked: gaps between prices, equal ones, the lowest left out."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from flags.cardinal import reading
from flags.cardinal.base import Indicator, Said
from flags.cardinal.reading import Bid, Release
from flags.cardinal.settings import Settings
from flags.quartiles import high_fence, low_fence, quantile


class Gaps(Indicator):
    """(lowest of the others − winning bid) / winning bid, where the lowest valid bid won; R024 and R058 judge it."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._currency = settings.currency
        self.gaps: dict[str, float] = {}
        self.pairs: dict[str, tuple[str, str]] = {}

    def see(self, ocid: str, release: Release) -> Iterable[Said]:
        winner = reading.only_supplier(release) if self.prices_compete(release) else None
        if winner is None:
            return ()
        won, others = list[float](), list[tuple[float, str]]()
        for bid in reading.bids(release):
            if bid.status != "valid" or bid.single is None or bid.price is None:
                continue
            self._currency = self._currency or bid.price.currency
            if bid.price.currency != self._currency:
                continue
            if bid.single == winner:
                won.append(bid.price.amount)
            else:
                others.append((bid.price.amount, bid.single))
        if won and others and min(won) > 0:
            lowest, runner_up = min(others, key=lambda one: one[0])
            if lowest >= min(won):
                self.gaps[ocid] = (lowest - min(won)) / min(won)
                self.pairs[ocid] = (winner, runner_up)
        return ()


class CloseToWinner(Gaps):
    """R024: the gap is at or below the low fence. Where most gaps are nothing, nothing is said."""

    def conclude(self) -> Iterator[Said]:
        if not self.gaps:
            return
        fence, values = self.settings.close_to_winner, list(self.gaps.values())
        if fence is None:
            fence = low_fence(values)
            if quantile(values, 0.25) <= 0:
                return
        if fence <= 0:
            return
        for ocid, gap in self.gaps.items():
            if gap <= fence:
                yield "OCID", ocid, gap
                yield from (("Tenderer", one, 0.0) for one in self.pairs[ocid])


class FarBelow(Gaps):
    """R058: the gap is at or above the high fence."""

    def conclude(self) -> Iterator[Said]:
        if not self.gaps:
            return
        fence = self.settings.far_below
        fence = high_fence(list(self.gaps.values())) if fence is None else fence
        for ocid, gap in self.gaps.items():
            if gap >= fence > 0:
                yield "OCID", ocid, gap
                yield "Tenderer", self.pairs[ocid][0], 0.0


class SamePrice(Indicator):
    """R028: different tenderers asked the same price."""

    def see(self, ocid: str, release: Release) -> Iterator[Said]:
        if not self.prices_compete(release):
            return
        asked: dict[reading.Price, set[frozenset[str]]] = defaultdict(set)
        for bid in reading.submitted(release):
            if bid.price is not None and bid.tenderers:
                asked[bid.price].add(frozenset(bid.tenderers))
        for groups in asked.values():
            if len(groups) > 1:
                yield "OCID", ocid, 1.0
                yield from (("Tenderer", one, 1.0) for one in sorted(frozenset().union(*groups)))


class LowestExcluded(Indicator):
    """R036: an award was made, and the lowest of the bids handed in was excluded. Of equal ones the first counts."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._currency = settings.currency

    def see(self, ocid: str, release: Release) -> Iterator[Said]:
        if not self.prices_compete(release) or not reading.active_awards(release):
            return
        priced = list[tuple[float, Bid]]()
        for bid in reading.submitted(release):
            if bid.price is not None:
                self._currency = self._currency or bid.price.currency
                if bid.price.currency == self._currency:
                    priced.append((bid.price.amount, bid))
        if any(bid.status == "valid" for _amount, bid in priced):
            _lowest, bid = min(priced, key=lambda one: one[0])
            if bid.status == "disqualified":
                yield "OCID", ocid, 1.0
