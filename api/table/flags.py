"""Red flags: in public the rules and what was confirmed, for officers every flag and what they make of it (R10)."""

from functools import partial
from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from api.callers import Caller, Who
from api.reads import Read
from api.shapes import flags as shapes
from api.shapes.base import Schema
from api.shapes.credit import FLAG
from api.verbs import Verb
from core.clock import database_now
from flags import actions
from flags import forms as made
from flags.evidence_page import Page, formula_of, page_of
from flags.forms import market_form
from flags.models import Flag
from flags.network import network
from flags.queries import flags, radar
from flags.rulesets import CURRENT
from flags.views.officers import DOORS


def _rules(_caller: Caller) -> Any:
    return [SimpleNamespace(tally=one, formula=formula_of(one.rule, CURRENT)) for one in flags.tallies()]


def _confirmed(_caller: Caller, number: str) -> Page:
    if not flags.is_public(number):
        raise Http404(number)
    return page_of(get_object_or_404(Flag.objects.select_related("exit_case"), number=number))


def _met(caller: Caller, *, flagged: bool) -> Any:
    """Who bids with whom in the market of `item` and `region`; unknown ones are all of them, as on the page."""
    return network(*market_form(caller.query).market, database_now(), flagged=flagged).rows()


def _form(name: str, c: Caller, data: Any, _files: Any, number: str) -> forms.Form:
    page = page_of(get_object_or_404(Flag, number=number), c.user)
    return DOORS[name].form(page, data, name)  # type: ignore[no-any-return]


def _act(name: str, c: Caller, form: Any, number: str) -> Any:
    return DOORS[name].act(c, number, form.cleaned_data)


_R10: dict[str, Any] = {"clauses": ("R10",)}
_OFFICER: dict[str, Any] = {"who": Who.OFFICER, **_R10}
_MARKET: dict[str, Schema] = {"item": {"type": "string"}, "region": {"type": "string"}}
READS = [
    Read(
        "flag_rules",
        "flag-rules/",
        _("预警规则及其查实率"),
        _rules,
        shapes.FLAG_RULE,
        ("flag_list",),
        many=True,
        **_R10,
    ),
    Read(
        "flags",
        "flags/",
        _("查实的预警"),
        lambda _c: flags.confirmed(),
        FLAG,
        ("flag_list",),
        many=True,
        order=("-concluded_at", "-id"),
        **_R10,
    ),
    Read(
        "flag_network",
        "flags/network/",
        _("共同投标网络"),
        partial(_met, flagged=False),
        shapes.MET,
        ("public_network",),
        many=True,
        query=_MARKET,
        **_R10,
    ),
    Read("flag", "flags/<str:number>/", _("一条查实的预警"), _confirmed, shapes.FLAG_PAGE, ("flag_page",), **_R10),
    Read(
        "officer_flags",
        "regulator/flags/",
        _("预警"),
        lambda c: flags.flags(c.query.get("status", ""), c.query.get("rule", "")),
        shapes.OFFICER_FLAG_ROW,
        ("officer_flags",),
        many=True,
        order=("-severity", "due_at", "-id"),
        query={"status": {"type": "string"}, "rule": {"type": "string"}},
        **_OFFICER,
    ),
    Read(
        "officer_flag",
        "regulator/flags/<str:number>/",
        _("一条预警及其证据，查看将被记录"),
        lambda c, number: actions.look(c.user, number),
        shapes.OFFICER_FLAG,
        ("officer_flag",),
        **_OFFICER,
    ),
    Read(
        "officer_network",
        "regulator/network/",
        _("共同投标网络及涉及的预警"),
        partial(_met, flagged=True),
        shapes.MET_FLAGGED,
        ("officer_network",),
        many=True,
        query=_MARKET,
        **_OFFICER,
    ),
    Read(
        "policy_radar",
        "regulator/radar/",
        _("含限制条件的公告"),
        lambda _c: radar.suspects(),
        shapes.RADAR,
        ("policy_radar",),
        many=True,
        order=("-published_at", "-id"),
        who=Who.OFFICER,
        clauses=("P20.3", "P20.4"),
    ),
    Read(
        "policy_radar_unlawful",
        "regulator/radar/unlawful/",
        _("没有依据的限制条件"),
        lambda _c: radar.unlawful(),
        shapes.RESTRICTING,
        ("policy_radar",),
        many=True,
        who=Who.OFFICER,
        clauses=("P20.3", "P20.4"),
    ),
]
_STEPS: dict[str, tuple[Any, type[forms.Form]]] = {
    "dismiss": (_("排除预警"), made.DismissForm),
    "watch": (_("列入观察"), made.WatchForm),
    "case": (_("因预警立案"), made.CaseForm),
    "refer": (_("移送预警"), made.ReferForm),
    "conclude": (_("认定预警移送的结果"), made.ConcludeForm),
}
VERBS = [
    Verb(
        f"flag_{name}",
        f"regulator/flags/<str:number>/{name}/",
        label,
        partial(_act, name),
        ("officer_flag_act",),
        form=form,
        bind=partial(_form, name),
        **_OFFICER,
    )
    for name, (label, form) in _STEPS.items()
]
