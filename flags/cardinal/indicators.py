"""The indicators. Each sees one contracting process after another and says at the end what it found."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from flags.cardinal import reading
from flags.cardinal.reading import Bid, Release
from flags.cardinal.settings import Settings
from flags.quartiles import high_fence, low_fence, quantile

# (group, id, value): group is OCID, Buyer, ProcuringEntity or Tenderer.
Said = tuple[str, str, float]
Results = dict[str, dict[str, dict[str, float]]]
_DAY = timedelta(days=1)


class Indicator:
    """One indicator over one file. `see` may say something at once; `conclude` when all has been seen."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def see(self, ocid: str, release: Release) -> Iterable[Said]:
        """Look at one process; nothing by default."""
        del ocid, release
        return ()

    def conclude(self) -> Iterable[Said]:
        """What only the whole file tells; nothing by default."""
        return ()

    def prices_compete(self, release: Release) -> bool:
        """May prices of this process be compared?"""
        return reading.text(release, "tender", "procurementMethodDetails") not in self.settings.without_prices


class ShortNotice(Indicator):
    """R003: the tender period is shorter, in whole days, than the set days."""

    def see(self, ocid: str, release: Release) -> Iterator[Said]:
        tender = release.get("tender")
        methods = self.settings.methods
        if methods and reading.text(tender, "procurementMethod") not in methods:
            return
        start, end = (_moment(reading.text(tender, "tenderPeriod", key)) for key in ("startDate", "endDate"))
        if start is None or end is None:
            return
        details = reading.text(tender, "procurementMethodDetails") or ""
        least = self.settings.shortest_days_by.get(details, self.settings.shortest_days)
        if int((end - start) / _DAY) < least:
            yield "OCID", ocid, 1.0


class SingleBid(Indicator):
    """R018: one tenderer in a competitive procedure."""

    def see(self, ocid: str, release: Release) -> Iterator[Said]:
        tender = release.get("tender")
        competitive = reading.text(tender, "procurementMethod") in self.settings.competitive
        if competitive and reading.part(tender, "numberOfTenderers") == 1:
            yield "OCID", ocid, 1.0


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


class RarelyWins(Indicator):
    """R025: of tenderers with at least Q3 processes, those whose share of wins is at or below the low fence."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._bids: dict[str, int] = defaultdict(int)
        self._wins: dict[str, int] = defaultdict(int)

    def see(self, ocid: str, release: Release) -> Iterable[Said]:
        del ocid
        winner = reading.only_supplier(release)
        if winner is not None:
            for one in {bid.single for bid in reading.bids(release) if bid.status == "valid" and bid.single}:
                self._bids[one] += 1
                self._wins[one] += one == winner
        return ()

    def conclude(self) -> Iterator[Said]:
        if not self._bids:
            return
        shares = {one: self._wins[one] / count for one, count in self._bids.items()}
        many = quantile(list(self._bids.values()), self.settings.top_tenderers)
        fence = self.settings.rarely_wins
        if fence is None:
            fence = low_fence(list(shares.values()))
            if quantile(list(shares.values()), 0.25) <= 0:
                return
        if fence <= 0:
            return
        yield from (
            ("Tenderer", one, share) for one, share in shares.items() if self._bids[one] >= many and share <= fence
        )


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


class LateWinner(Indicator):
    """R030: a valid bid of a supplier came after the end of the tender period."""

    def see(self, ocid: str, release: Release) -> Iterator[Said]:
        end = _moment(reading.text(release, "tender", "tenderPeriod", "endDate"))
        if end is None:
            return
        suppliers = {one for award in reading.active_awards(release) for one in reading.ids(award.get("suppliers"))}
        for bid in reading.bids(release):
            at = _moment(bid.date)
            if bid.status == "valid" and at is not None and at > end:
                for one in suppliers.intersection(bid.tenderers):
                    yield "OCID", ocid, 1.0
                    yield "Tenderer", one, 1.0


class AllOthersExcluded(Indicator):
    """R035: the winner's are the only valid bids, and others were excluded; the value is how many."""

    def see(self, ocid: str, release: Release) -> Iterator[Said]:
        awards = reading.final_awards(release)
        if awards is None:
            return
        suppliers = {one for award in awards for one in reading.ids(award.get("suppliers"))}
        valid, excluded = (_tenderers(reading.bids(release), status) for status in ("valid", "disqualified"))
        others = len(excluded - valid)
        if len(valid) == 1 and valid == suppliers and others >= max(self.settings.fewest_excluded, 1):
            yield "OCID", ocid, float(others)
            yield "Tenderer", next(iter(valid)), 0.0


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


class OftenExcluded(Indicator):
    """R038: the share of bids excluded is at or above the high fence, among buyers, procuring entities, tenderers."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._counts: dict[str, dict[str, list[int]]] = {
            "Buyer": defaultdict(lambda: [0, 0]),
            "ProcuringEntity": defaultdict(lambda: [0, 0]),
            "Tenderer": defaultdict(lambda: [0, 0]),
        }

    def see(self, ocid: str, release: Release) -> Iterable[Said]:
        del ocid
        handed_in = reading.submitted(release)
        excluded = sum(bid.status == "disqualified" for bid in handed_in)
        whose = {
            "Buyer": reading.text(release, "buyer", "id"),
            "ProcuringEntity": reading.text(release, "tender", "procuringEntity", "id"),
        }
        for group, one in whose.items():
            if handed_in and one is not None:
                self._add(group, one, excluded, len(handed_in))
        for bid in handed_in:
            for one in bid.tenderers:
                self._add("Tenderer", one, int(bid.status == "disqualified"), 1)
        return ()

    def conclude(self) -> Iterator[Said]:
        for group, counts in self._counts.items():
            least = self.settings.fewest_bids if group == "Tenderer" else self.settings.fewest_bids_received
            shares = {one: out / of for one, (out, of) in counts.items() if of >= least}
            if not shares:
                continue
            fence = self.settings.often_excluded
            fence = high_fence(list(shares.values())) if fence is None else fence
            yield from ((group, one, share) for one, share in shares.items() if share >= fence > 0)

    def _add(self, group: str, one: str, out: int, of: int) -> None:
        counted = self._counts[group][one]
        counted[0] += out
        counted[1] += of


class ManyClasses(Indicator):
    """R048: a supplier won items of so many classes that the number is at or above the high fence."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._classes: dict[str, set[str]] = defaultdict(set)
        self._processes: dict[str, set[str]] = defaultdict(set)

    def see(self, ocid: str, release: Release) -> Iterable[Said]:
        for award in reading.active_awards(release):
            suppliers = award.get("suppliers")
            if not isinstance(suppliers, list) or len(suppliers) != 1 or not reading.ids(suppliers):
                continue
            [one] = reading.ids(suppliers)
            for item in reading.objects(award.get("items")):
                code = reading.text(item, "classification", "id")
                if code is not None:
                    self._classes[one].add(code[: self.settings.digits])
                    self._processes[one].add(ocid)
        return ()

    def conclude(self) -> Iterator[Said]:
        least = self.settings.fewest_processes
        counts = {one: len(codes) for one, codes in self._classes.items() if len(self._processes[one]) >= least}
        if not counts:
            return
        fence = self.settings.many_classes
        fence = high_fence(list(counts.values())) if fence is None else fence
        yield from (("Tenderer", one, float(count)) for one, count in counts.items() if count >= fence)


CODES: Mapping[str, Callable[[Settings], Indicator]] = {
    "R003": ShortNotice,
    "R018": SingleBid,
    "R024": CloseToWinner,
    "R025": RarelyWins,
    "R028": SamePrice,
    "R030": LateWinner,
    "R035": AllOthersExcluded,
    "R036": LowestExcluded,
    "R038": OftenExcluded,
    "R048": ManyClasses,
    "R058": FarBelow,
}


def run(
    releases: Iterable[Release], codes: Collection[str] = tuple(CODES), settings: Settings | None = None
) -> Results:
    """`{group: {id: {code: value}}}` of all that the indicators `codes` found; cancelled processes are left out.

    Raises KeyError for an unknown code.
    """
    settings = settings or Settings()
    indicators = {code: CODES[code](settings) for code in codes}
    results: Results = {}
    for release in releases:
        ocid = reading.text(release, "ocid")
        details = reading.text(release, "tender", "procurementMethodDetails")
        cancelled = reading.text(release, "tender", "status") == "cancelled"
        if ocid is None or cancelled or details in settings.left_out:
            continue
        for code, indicator in indicators.items():
            _keep(results, code, indicator.see(ocid, release))
    for code, indicator in indicators.items():
        _keep(results, code, indicator.conclude())
    return results


def _keep(results: Results, code: str, said: Iterable[Said]) -> None:
    for group, one, value in said:
        results.setdefault(group, {}).setdefault(one, {})[code] = value


def _tenderers(bids: Iterable[Bid], status: str) -> set[str]:
    return {one for bid in bids if bid.status == status for one in bid.tenderers}


def _moment(said: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(said or "")
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
