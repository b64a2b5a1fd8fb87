"""Rows as an Atom feed (RFC 4287), a hundred a page, the pages linked as RFC 5005 has it: all rows can be reached."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.clock import rfc3339
from core.exports.columns import Entry, M

PAGE = 100
# For what has no date of its own: a moment that stays.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# What XML 1.0 cannot say at all.
_UNSAYABLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)])


def atom_of(
    rows: QuerySet[M],
    entries_of: Callable[[list[M]], Iterable[Entry]],
    *,
    name: str,
    title: str,
    path: str,
    page: str,
    query: QueryDict,
) -> str:
    """A page of the feed. `path` is the feed's, `page` the list's; `query` may hold the number of the page wanted."""
    number = _page_number(query.get("page"))
    taken = list(rows[(number - 1) * PAGE : number * PAGE + 1])
    entries = list(entries_of(taken[:PAGE]))
    updated = max((one.at for one in entries), default=NEVER)
    rest = query.copy()
    rest.pop("page", None)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(get_language() or "")}>',
        _element("id", _address(path, rest)),
        _element("title", title),
        _element("updated", rfc3339(updated)),
        f"<author>{_element('name', _('中介服务网上交易平台'))}{_element('uri', settings.SITE_URL)}</author>",
        _link("self", _address(path, rest, number), "application/atom+xml"),
        _link("alternate", _address(page, rest), "text/html"),
        *_ways(path, rest, number, more=len(taken) > PAGE),
        *(_entry(one, name) for one in entries),
        "</feed>\n",
    ]
    return "\n".join(lines)


def _page_number(given: str | None) -> int:
    return int(given) if given and given.isascii() and given.isdigit() and 0 < int(given) < 10**6 else 1


def _ways(path: str, rest: QueryDict, number: int, *, more: bool) -> list[str]:
    ways = [_link("first", _address(path, rest), "application/atom+xml")]
    if number > 1:
        ways.append(_link("previous", _address(path, rest, number - 1), "application/atom+xml"))
    if more:
        ways.append(_link("next", _address(path, rest, number + 1), "application/atom+xml"))
    return ways


def _entry(one: Entry, name: str) -> str:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    parts = [
        # RFC 4151: a name that stays when the pages move.
        _element("id", f"tag:{host},2026:{name}/{one.key}"),
        _element("title", one.title),
        _element("updated", rfc3339(one.at)),
        _link("alternate", settings.SITE_URL + one.path, "text/html"),
        _element("summary", one.text),
    ]
    return f"<entry>{''.join(parts)}</entry>"


def _address(path: str, rest: QueryDict, number: int = 1) -> str:
    query = rest.copy()
    if number > 1:
        query["page"] = str(number)
    return f"{settings.SITE_URL}{path}{'?' if query else ''}{query.urlencode()}"


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text.translate(_UNSAYABLE))}</{name}>"


def _link(rel: str, href: str, kind: str) -> str:
    return f"<link rel={quoteattr(rel)} type={quoteattr(kind)} href={quoteattr(href)}/>"
