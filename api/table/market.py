"""What everybody may read of the market: items, requests, selections and their awards."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from django_filters import ChoiceFilter

from api.callers import Caller, Who
from api.reads import Read
from api.shapes import market as shapes
from api.shapes import selection
from api.table.finding import RECORD, entries, unpacked
from api.verbs import Verb
from bidding import announcements, offers, queries, replays
from bidding.filters import AwardFilter
from bidding.rooms.state import public_state, your_state
from core.clock import database_now, rfc3339
from core.queries import regions
from draws.models import Draw
from marketplace import clauses
from marketplace import filters as request_filters
from marketplace import queries as market
from marketplace.models import Request

_ORDERS = {
    "closing": ("enrol_until", "id"),
    "ceiling": ("-ceiling", "-id"),
    "newest": ("-published_at", "-id"),
}
_AWARD_ORDERS = {"amount": ("-amount", "-id"), "newest": ("-published_at", "-id")}


class AwardsByCursor(AwardFilter):
    """The page's filters; by cursor, awards come in the orders of a column."""

    sort = ChoiceFilter(method="in_order", label=_("排序"), choices=[(name, name) for name in _AWARD_ORDERS])


def _order(caller: Caller) -> tuple[str, ...]:
    return _ORDERS.get(caller.query.get("sort", ""), _ORDERS["newest"])


def _over(number: str) -> Request:
    subject = queries.public_request(number)
    if not queries.auction_over(subject):
        raise Http404(number)
    return subject


def _state(caller: Caller, number: str) -> dict[str, Any]:
    """As the room has it: what is the caller's own in `you`."""
    subject = queries.public_request(number)
    agency = queries.agency_of(caller.visitor)
    you = your_state(subject.number or "", agency.pk, caller.language) if agency else None
    return {"type": "state", **public_state(number), "now": rfc3339(database_now()), "you": you, "watchers": None}


def _blockers(caller: Caller, number: str) -> Any:
    """What keeps the caller from enrolling or bidding: the same codes as in the room (UX 9)."""
    subject = queries.public_request(number)
    return your_state(subject.number or "", caller.agency.pk, caller.language)["blockers"]


def _offers(_caller: Caller, number: str) -> Any:
    subject = queries.public_request(number)
    opening = offers.opening_of(subject)
    if opening is None or opening.opened_at is None:
        raise Http404(number)
    sealed = [{"label": one.enrolment.label, **offers.sealed_of(one).as_json()} for one in offers.in_force(subject)]
    return {"case": number, "trustees": opening.trustees, "offers": sealed}


def _result(_caller: Caller, number: str) -> Any:
    subject = queries.public_request(number)
    found = queries.result_of(subject)
    if found is None:
        raise Http404(number)
    return {**found, "request": subject}


def _draw(_caller: Caller, name: str) -> Any:
    draw = get_object_or_404(Draw, name=name, sealed_at__isnull=False)
    return draw.result or {**(draw.sealed or {}), "seal": draw.seal}


READS = [
    Read(
        "policy",
        "policy/",
        _("政策对照：每一条由哪些规则和测试落实"),
        lambda _c: clauses.table(),
        shapes.CLAUSE,
        ("policy_page",),
        many=True,
    ),
    Read("regions", "regions/", _("地区"), lambda _c: regions(), shapes.REGION, many=True),
    Read(
        "items",
        "items/",
        _("服务事项目录"),
        lambda _c: market.items_in_public().prefetch_related("required"),
        shapes.ITEM,
        ("item_list",),
        many=True,
        order=("code",),
        filters=request_filters.ItemFilter,
        clauses=("P18.3",),
    ),
    Read(
        "item",
        "items/<str:code>/",
        _("一个服务事项"),
        lambda _c, code: market.item_in_public(code),
        shapes.ITEM,
        ("item_page",),
        clauses=("P18.3",),
    ),
    Read(
        "cancelled_items",
        "cancelled-items/",
        _("已取消的事项"),
        lambda _c: market.cancelled_items().prefetch_related("required"),
        shapes.ITEM,
        ("cancelled_items",),
        many=True,
        order=("code",),
        clauses=("P18.1",),
    ),
    Read(
        "requests",
        "requests/",
        _("采购需求"),
        lambda _c: market.requests_in_public(),
        shapes.REQUEST_ROW,
        ("request_list", "live_list", "home"),
        many=True,
        order=_order,
        filters=request_filters.RequestFilter,
        clauses=("P10.1",),
    ),
    Read(
        "request",
        "requests/<str:number>/",
        _("一个采购需求"),
        lambda _c, number: market.request_in_public(number),
        shapes.REQUEST,
        ("request_page",),
        clauses=("P10.1",),
    ),
    Read(
        "request_entries",
        "requests/<str:number>/entries/",
        _("案卷条目"),
        lambda _c, number: entries(market.request_in_public(number).number or ""),
        shapes.ENTRY,
        ("request_page",),
        many=True,
        order=("seq",),
        clauses=("P10.1",),
    ),
    Read(
        "request_record",
        "requests/<str:number>/record/",
        _("可独立核验的案卷"),
        lambda _c, number: unpacked(market.record_of(market.request_in_public(number))),
        doors=("request_record",),
        about=RECORD,
        clauses=("P19.4",),
    ),
    Read(
        "request_questions",
        "requests/<str:number>/questions/",
        _("提问与答复"),
        lambda _c, number: announcements.questions_of(queries.public_request(number)),
        shapes.QUESTION,
        ("request_page",),
        many=True,
    ),
    Read(
        "request_offers",
        "requests/<str:number>/offers/",
        _("开启后的密封报价"),
        _offers,
        doors=("offers_json",),
        about="docs/protocol.md",
        clauses=("P19.4",),
    ),
    Read(
        "request_state",
        "requests/<str:number>/state/",
        _("竞价现状"),
        _state,
        doors=("room_state", "room"),
        about=selection.STATE,
        clauses=("P19.3",),
    ),
    Read(
        "request_blockers",
        "requests/<str:number>/blockers/",
        _("为什么不能报价"),
        _blockers,
        shapes.BLOCKERS,
        ("room", "request_page"),
        Who.AGENCY,
        clauses=("P19.1",),
    ),
    Read(
        "awards",
        "awards/",
        _("中选公告"),
        lambda _c: queries.awards_newest_first(),
        selection.AWARD_ROW,
        ("award_list",),
        many=True,
        order=lambda caller: _AWARD_ORDERS.get(caller.query.get("sort", ""), _AWARD_ORDERS["newest"]),
        filters=AwardsByCursor,
        clauses=("P19.4",),
    ),
    Read(
        "award",
        "awards/<str:number>/",
        _("一次选取的结果"),
        _result,
        selection.RESULT,
        ("award_page",),
        clauses=("P19.4",),
    ),
    Read(
        "award_refused",
        "awards/<str:number>/refused/",
        _("被拒绝的报价及理由"),
        lambda _c, number: {"presses": replays.refused_presses(_over(number))},
        doors=("award_refused",),
        about="docs/protocol.md",
        clauses=("P10.1",),
    ),
    Read(
        "award_replay",
        "awards/<str:number>/replay/",
        _("回放"),
        lambda _c, number: {**public_state(_over(number).number or ""), "now": rfc3339(database_now())},
        doors=("award_replay", "award_replay_embed"),
        about=selection.STATE,
        clauses=("P10.1",),
    ),
    Read(
        "draw",
        "draws/<str:name>/",
        _("一次抽取"),
        _draw,
        doors=("draw_json",),
        about="docs/protocol.md",
        clauses=("R4",),
    ),
]
VERBS: list[Verb] = []
