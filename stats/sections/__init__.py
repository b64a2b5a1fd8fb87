"""Every figure of the statistics page, in the order of the page."""

from stats.queries.report import Report
from stats.sections import markets, monthly, standing
from stats.sections.names import Names
from stats.tables import Section

__all__ = ["Names", "all_sections"]


def all_sections(found: Report, names: Names) -> list[Section]:
    """Worked out from what was read; nothing here asks the database."""
    return [
        monthly.wait(found),
        monthly.saving(found),
        monthly.rivals(found),
        monthly.outside(found),
        monthly.outcomes(found),
        markets.failures(found),
        markets.items(found, names),
        markets.regions(found, names),
        markets.methods(found),
        *standing.sections(found, names),
    ]
