"""What everybody may read."""

import json
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from agencies import filters as agency_filters
from agencies.queries import agency_by, directory
from api.callers import Caller, Who
from api.reads import Read
from api.shapes import credit as credit_shapes
from api.shapes import market as shapes
from api.shapes import selection
from api.shapes.contracts import CONTRACT
from api.verbs import Verb
from bidding import announcements, offers, queries, replays
from bidding.rooms.state import public_state, your_state
from contracts.page import page_of
from core.clock import database_now, rfc3339
from core.queries import regions
from draws.models import Draw
from flags.queries import flags
from journal.queries import entries_of, record
from marketplace import filters as request_filters
from marketplace import queries as market
from marketplace.models import Request
from ratings import filters as exit_filters
from ratings.document import credit_document, openings_document
from ratings.models import Plan
from ratings.queries import evaluation, exits
from ratings.queries.buyers import buyer_in_public, document_of
from ratings.queries.inspections import inspections_of, public_plans

_RECORD = "docs/protocol.md (record)"
_ORDERS = {
    "closing": ("enrol_until", "id"),
    "ceiling": ("-ceiling", "-id"),
    "newest": ("-published_at", "-id"),
}


def _order(caller: Caller) -> tuple[str, ...]:
    return _ORDERS.get(caller.query.get("sort", ""), _ORDERS["newest"])


def _entries(name: str) -> QuerySet[Any]:
    return entries_of(name).select_related("case")


def _record(pieces: Any) -> Any:
    return json.loads(b"".join(pieces))


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


def _plan(_caller: Caller, number: str) -> Plan:
    plan = get_object_or_404(public_plans(), number=number)
    plan.drawn = list(inspections_of(plan))  # type: ignore[attr-defined]
    return plan


def _exit_record(_caller: Caller, number: str) -> Any:
    exits.must_be_public(number)
    return _record(record(number))


READS = [
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
        lambda _c, number: _entries(market.request_in_public(number).number or ""),
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
        lambda _c, number: _record(market.record_of(market.request_in_public(number))),
        doors=("request_record",),
        about=_RECORD,
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
        order=("-published_at", "-id"),
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
        "agencies",
        "agencies/",
        _("机构名录"),
        lambda _c: directory(),
        shapes.AGENCY_ROW,
        ("agency_list",),
        many=True,
        order=("-registered_at", "-id"),
        filters=agency_filters.AgencyFilter,
        clauses=("P19.2",),
    ),
    Read(
        "agency",
        "agencies/<str:uscc>/",
        _("一家机构"),
        lambda _c, uscc: agency_by(uscc),
        shapes.AGENCY,
        ("agency_page",),
        clauses=("P19.2",),
    ),
    Read(
        "agency_entries",
        "agencies/<str:uscc>/entries/",
        _("机构案卷条目"),
        lambda _c, uscc: _entries(agency_by(uscc).case.name),
        shapes.ENTRY,
        ("agency_page",),
        many=True,
        order=("seq",),
        clauses=("P22.4",),
    ),
    Read(
        "agency_record",
        "agencies/<str:uscc>/record/",
        _("可独立核验的机构案卷"),
        lambda _c, uscc: _record(record(agency_by(uscc).case.name)),
        doors=("agency_record",),
        about=_RECORD,
    ),
    Read(
        "agency_credit",
        "agencies/<str:uscc>/credit/",
        _("信用评分及全部依据"),
        lambda _c, uscc: credit_document(agency_by(uscc)),
        doors=("credit_page", "credit_json"),
        about="docs/credit.md",
        clauses=("P20.8",),
    ),
    Read(
        "agency_openings",
        "agencies/<str:uscc>/openings/",
        _("封存条目的原文"),
        lambda _c, uscc: openings_document(agency_by(uscc)),
        doors=("openings_json",),
        about="docs/protocol.md",
    ),
    Read(
        "buyer_credit",
        "buyers/<str:uscc>/credit/",
        _("采购人信用"),
        lambda _c, uscc: document_of(buyer_in_public(uscc)),
        doors=("buyer_credit", "buyer_credit_json"),
        about="docs/credit.md",
        clauses=("P19.5",),
    ),
    Read(
        "contract",
        "contracts/<str:number>/",
        _("一份合同"),
        lambda c, number: page_of(number, c.member_of),
        CONTRACT,
        ("contract_page",),
        clauses=("R9",),
    ),
    Read(
        "evaluation",
        "contracts/<str:number>/evaluation/",
        _("服务评价"),
        lambda c, number: evaluation.page_for(number, c.member_of),
        credit_shapes.EVALUATION,
        ("evaluation_page",),
        clauses=("P19.5",),
    ),
    Read(
        "exits",
        "exits/",
        _("处理公示"),
        lambda _c: exits.public_cases(),
        credit_shapes.EXIT_ROW,
        ("exit_list", "exit_list_csv", "exit_list_json"),
        many=True,
        order=("-published_at", "-id"),
        filters=exit_filters.ExitFilter,
        clauses=("P20.9",),
    ),
    Read(
        "exit",
        "exits/<str:number>/",
        _("一件处理"),
        lambda _c, number: exits.public_case(number),
        credit_shapes.EXIT_ROW,
        ("exit_page",),
        clauses=("P20.9",),
    ),
    Read(
        "exit_record",
        "exits/<str:number>/record/",
        _("可独立核验的处理案卷"),
        _exit_record,
        doors=("exit_record",),
        about=_RECORD,
    ),
    Read(
        "inspections",
        "inspections/",
        _("双随机抽查"),
        lambda _c: public_plans(),
        credit_shapes.PLAN_ROW,
        ("inspection_list",),
        many=True,
        order=("-created_at", "-id"),
        clauses=("P21.1",),
    ),
    Read(
        "inspection",
        "inspections/<str:number>/",
        _("一次抽查"),
        _plan,
        credit_shapes.PLAN,
        ("inspection_plan",),
        clauses=("P21.1",),
    ),
    Read(
        "inspection_record",
        "inspections/<str:number>/record/",
        _("可独立核验的抽查案卷"),
        lambda _c, number: _record(record(get_object_or_404(public_plans(), number=number).number)),
        doors=("inspection_record",),
        about=_RECORD,
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
    Read(
        "flags",
        "flags/",
        _("查实的预警"),
        lambda _c: flags.confirmed(),
        credit_shapes.FLAG,
        ("flag_list", "flag_page"),
        many=True,
        order=("-concluded_at", "-id"),
        clauses=("R10",),
    ),
]
VERBS: list[Verb] = []
