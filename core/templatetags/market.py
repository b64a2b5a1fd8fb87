"""How pages show money, moments and clauses. Loaded in every template."""

import json
from datetime import datetime
from html import unescape
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from core import clock
from core import money as amounts

register = template.Library()
_WEEKDAYS_ZH = "一二三四五六日"


_NO_MARKUP = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.simple_tag
def structured(kind: str, **facts: Any) -> SafeString:
    """A block of schema.org data about the page: data, which no policy for scripts has to let through. Empty facts stay out."""
    told = {"@context": "https://schema.org", "@type": kind, **{name: fact for name, fact in facts.items() if fact}}
    body = json.dumps(told, ensure_ascii=False).translate(_NO_MARKUP)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(body))  # noqa: S308 (escaped above)


@register.filter
def money(fen: int | None) -> str:
    """`¥128,500.00`; a dash for nothing."""
    return "—" if fen is None else amounts.shown(fen)


@register.filter
def words(fen: int | None) -> str:
    """壹拾贰万捌仟伍佰元整."""
    return "" if fen is None else amounts.in_words(fen)


@register.filter
def wire(fen: int) -> str:
    """`128500.00`, for form fields and data attributes."""
    return amounts.wire(fen)


@register.filter
def moment(when: datetime | None) -> str | SafeString:
    """`2026-10-12 周一 18:00` Beijing time, inside `<time datetime="…Z">`."""
    if when is None:
        return "—"
    local = timezone.localtime(when)
    return format_html(
        '<time datetime="{}">{} {} {}</time>',
        clock.rfc3339(when),
        f"{local:%Y-%m-%d}",
        _weekday(local),
        f"{local:%H:%M}",
    )


@register.filter
def instant(when: datetime | None) -> str | SafeString:
    """`14:02:13.482` Beijing time, inside `<time datetime="…Z">`."""
    if when is None:
        return "—"
    local = timezone.localtime(when)
    shown = f"{local:%H:%M:%S}.{local.microsecond // 1000:03d}"
    return format_html('<time datetime="{}">{}</time>', clock.rfc3339(when), shown)


@register.filter
def clauses(basis: list[str] | tuple[str, ...]) -> str:
    """`P19.1、R5.4`."""
    return "、".join(basis)


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: object) -> str:
    """The page's own query string with `changes` made; None drops a name."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        parameters.pop(name, None)
        if value not in (None, ""):
            parameters[name] = str(value)
    return f"?{parameters.urlencode()}"


def _weekday(local: datetime) -> str:
    if (get_language() or "").startswith("zh"):
        return "周" + _WEEKDAYS_ZH[local.weekday()]
    return f"{local:%a}"


class _Line(template.Node):
    """What stands between two tags as one line of plain text, which stays in the context under a name."""

    def __init__(self, nodelist: template.NodeList, name: str, *, shown: bool) -> None:
        self.nodelist, self.name, self.shown = nodelist, name, shown

    def render(self, context: template.Context) -> SafeString:
        context[self.name] = " ".join(unescape(strip_tags(self.nodelist.render(context))).split())
        return format_html("{}", context[self.name] if self.shown else "")


@register.tag
def titled(parser: template.base.Parser, _token: template.base.Token) -> template.Node:
    """`{% titled %}{% block title %}…{% endblock %}{% endtitled %}`: a block can be named only once in a template."""
    nodelist = parser.parse(("endtitled",))
    parser.delete_first_token()
    return _Line(nodelist, "page_title", shown=True)


@register.tag
def told(parser: template.base.Parser, _token: template.base.Token) -> template.Node:
    """`{% told %}{% block told %}…{% endblock %}{% endtold %}`: what a page says of itself, for others to show."""
    nodelist = parser.parse(("endtold",))
    parser.delete_first_token()
    return _Line(nodelist, "page_told", shown=False)
