"""Figures of the market, comparisons, the record of a free choice, and the one search box."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from api.callers import Caller, Who
from api.forms import RecordForm
from api.reads import Read
from api.shapes.base import Schema
from api.shapes.figures import CHOICE, FIGURE, HITS, PUNCTUALITY
from api.verbs import Verb
from bidding.searching import LONGEST, found
from core.clock import database_now
from ratings.actions.choosing import record_choice
from ratings.asked import asked_for
from ratings.queries import comparing
from ratings.queries.punctuality import lines
from ratings.rules.comparison import TooFewToCompare, UnknownAgency
from stats import asked
from stats.exports import document

Tables = Callable[[Any, datetime], Mapping[str, asked.Table]]


def _documents(tables: Tables, caller: Caller) -> list[dict[str, Any]]:
    now = database_now()
    return [document(one.section, one.period, one.at, now) for one in tables(caller.query, now).values()]


def _document(tables: Tables, caller: Caller, key: str) -> dict[str, Any]:
    now = database_now()
    one = tables(caller.query, now).get(key)
    if one is None:
        raise Http404(key)
    return document(one.section, one.period, one.at, now)


def _record(c: Caller, form: Any, number: str) -> Any:
    comparing.own_request(c.organisation, number)
    return record_choice(c.user, c.organisation, number, form.cleaned_data["a"], form.cleaned_data["text"])


_CHOSEN: dict[str, Schema] = {name: {"type": "string"} for name in ("period", "region", "item")}
_COMPARED: dict[str, Schema] = {
    "a": {"type": "array", "items": {"type": "string"}, "maxItems": 4},
    **{name: {"type": "string"} for name in ("item", "at", "for")},
}
_FIGURES: dict[str, Any] = {"query": _CHOSEN}
READS = [
    Read(
        "search",
        "search/",
        _("全站搜索，各类最匹配的几条"),
        lambda c: found(c.query.get("q", "")),
        HITS,
        ("search",),
        query={"q": {"type": "string", "maxLength": LONGEST}},
    ),
    Read(
        "figures",
        "stats/",
        _("全部统计指标"),
        lambda c: _documents(asked.figures, c),
        FIGURE,
        ("stats",),
        many=True,
        clauses=("P14.2",),
        **_FIGURES,
    ),
    Read(
        "figure",
        "stats/<slug:key>/",
        _("一项统计指标"),
        lambda c, key: _document(asked.figures, c, key),
        FIGURE,
        ("stats",),
        clauses=("P14.2",),
        **_FIGURES,
    ),
    Read(
        "concentration",
        "concentration/<slug:key>/",
        _("市场集中度：items、regions 或 both"),
        lambda c, key: _document(asked.concentrations, c, key),
        FIGURE,
        ("concentration",),
        clauses=("P20.2",),
        **_FIGURES,
    ),
    Read(
        "punctuality",
        "punctuality/",
        _("监管办案时效"),
        lambda _c: lines(database_now()),
        PUNCTUALITY,
        ("punctuality",),
        many=True,
        clauses=("P14.2",),
    ),
    Read(
        "compare",
        "compare/",
        _("比较 2 至 4 家机构"),
        lambda c: asked_for(c.query, c.member_of).document(database_now()),
        doors=("compare",),
        about="docs/protocol.md (comparison/1)",
        query=_COMPARED,
        refuses=(TooFewToCompare, UnknownAgency),
    ),
    Read(
        "choice",
        "requests/<str:number>/choice/",
        _("选择理由及当时的比较"),
        lambda _c, number: comparing.choice_of(number),
        CHOICE,
        ("choice_page",),
        clauses=("R3",),
    ),
]
VERBS = [
    Verb(
        "choice_record",
        "requests/<str:number>/choice/",
        _("把比较和选择理由记入案卷"),
        _record,
        ("choice_record",),
        Who.BUYER,
        RecordForm,
        status=201,
        clauses=("R3",),
    ),
]
