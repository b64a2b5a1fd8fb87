"""Lists to take away, each in the kinds of `Kind` from one description, streamed with a few hundred rows in memory.

    REQUESTS = Listing(name="requests", page="request_list", title=_("采购公告"), rows=found, columns=COLUMNS,
                        entries=..., dates=...)
    urlpatterns = [path("requests/", views.request_list, name="request_list"), *paths(REQUESTS), ...]

The doors stand beside the page (`/requests/`, `/requests.csv`, …) and take the page's own query string. Where a query string
is wrong, they refuse with what the page says, and give nothing: a file with a filter left out would pass for the whole answer.
"""

from core.exports.columns import Column, Entry, Value, harmless
from core.exports.feeds import NEVER
from core.exports.listing import BadQuery, Listing, paths, valid
from core.exports.streams import Kind, exported

__all__ = [
    "NEVER",
    "BadQuery",
    "Column",
    "Entry",
    "Kind",
    "Listing",
    "Value",
    "exported",
    "harmless",
    "paths",
    "valid",
]
