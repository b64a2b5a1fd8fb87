"""All indicators over one file: each sees one contracting process after another and says at the end what it found."""

from collections.abc import Callable, Collection, Iterable, Mapping

from flags.cardinal import reading
from flags.cardinal.base import Indicator, Said
from flags.cardinal.parties import ManyClasses, OftenExcluded, RarelyWins
from flags.cardinal.prices import CloseToWinner, FarBelow, LowestExcluded, SamePrice
from flags.cardinal.processes import AllOthersExcluded, LateWinner, ShortNotice, SingleBid
from flags.cardinal.reading import Release
from flags.cardinal.settings import Settings

Results = dict[str, dict[str, dict[str, float]]]

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
