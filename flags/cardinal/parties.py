"""Indicators of tenderers and buyers over all of their processes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from flags.cardinal import reading
from flags.cardinal.base import Indicator, Said
from flags.cardinal.reading import Release
from flags.cardinal.settings import Settings
from flags.quartiles import high_fence, low_fence, quantile


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
