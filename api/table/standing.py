"""What everybody may read of those in it: agencies, buyers, their contracts, credit, exits and inspections."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from agencies import filters as agency_filters
from agencies.queries import agency_by, directory
from api.callers import Caller
from api.reads import Read
from api.shapes import credit as credit_shapes
from api.shapes import market as shapes
from api.shapes.contracts import CONTRACT
from api.table.finding import RECORD, entries, unpacked
from api.verbs import Verb
from contracts.page import page_of
from journal.queries import record
from ratings import filters as exit_filters
from ratings.document import credit_document, openings_document
from ratings.models import Plan
from ratings.queries import evaluation, exits
from ratings.queries.buyers import buyer_in_public, document_of
from ratings.queries.inspections import inspections_of, public_plans


def _plan(_caller: Caller, number: str) -> Plan:
    plan = get_object_or_404(public_plans(), number=number)
    plan.drawn = list(inspections_of(plan))  # type: ignore[attr-defined]
    return plan


def _exit_record(_caller: Caller, number: str) -> Any:
    exits.must_be_public(number)
    return unpacked(record(number))


READS = [
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
        lambda _c, uscc: entries(agency_by(uscc).case.name),
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
        lambda _c, uscc: unpacked(record(agency_by(uscc).case.name)),
        doors=("agency_record",),
        about=RECORD,
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
        about=RECORD,
    ),
    Read(
        "inspections",
        "inspections/",
        _("双随机抽查"),
        lambda _c: public_plans(),
        credit_shapes.PLAN_ROW,
        ("inspection_list", "officer_inspections"),
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
        lambda _c, number: unpacked(record(get_object_or_404(public_plans(), number=number).number)),
        doors=("inspection_record",),
        about=RECORD,
    ),
]
VERBS: list[Verb] = []
