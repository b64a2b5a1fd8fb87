"""Indicators of one process: its notice, its bids, who was left when the others were excluded."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from flags.cardinal import reading
from flags.cardinal.base import Indicator, Said, moment
from flags.cardinal.reading import Bid, Release

_DAY = timedelta(days=1)


class ShortNotice(Indicator):
    """R003: the tender period is shorter, in whole days, than the set days."""

    def see(self, ocid: str, release: Release) -> Iterator[Said]:
        tender = release.get("tender")
        methods = self.settings.methods
        if methods and reading.text(tender, "procurementMethod") not in methods:
            return
        start, end = (moment(reading.text(tender, "tenderPeriod", key)) for key in ("startDate", "endDate"))
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


class LateWinner(Indicator):
    """R030: a valid bid of a supplier came after the end of the tender period."""

    def see(self, ocid: str, release: Release) -> Iterator[Said]:
        end = moment(reading.text(release, "tender", "tenderPeriod", "endDate"))
        if end is None:
            return
        suppliers = {one for award in reading.active_awards(release) for one in reading.ids(award.get("suppliers"))}
        for bid in reading.bids(release):
            at = moment(bid.date)
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


def _tenderers(bids: Iterable[Bid], status: str) -> set[str]:
    return {one for bid in bids if bid.status == status for one in bid.tenderers}
