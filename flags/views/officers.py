"""Officers' doors: the list, one flag with everything beside the rule, the network, and the policy radar."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import doors
from accounts.models import Organisation, User
from contracts.forms import DoorForm
from core.clock import database_now
from core.errors import Refused
from core.http import refused_to_form
from flags import actions
from flags import forms as made
from flags.evidence_page import Page, page_of
from flags.models import Flag, Status
from flags.names import known, subject_of
from flags.queries import flags as queries
from flags.queries import radar
from flags.rules import RULES
from flags.rules.life import FlagStep
from flags.views.networks import network_page
from ratings.models import Measure
from ratings.queries import hands

PAGE_SIZE = 30


@dataclass(frozen=True)
class Door:
    """A verb's form, what it does, and what is said when it is done."""

    form: Callable[[Page, Any, str], Any]
    act: Callable[[doors.Acting, str, dict[str, Any]], object]
    done: str | Promise


def _plain(kind: type[DoorForm]) -> Callable[[Page, Any, str], Any]:
    return lambda _page, data, key: kind(data, key=key)


def _case(page: Page, data: Any, key: str) -> made.CaseForm:
    """Prefilled with what the rule saw, in the language of the case file."""
    with override("zh-hans"):
        said = f"{page.rule.name}：{page.finding}（{page.flag.number}）。"
    initial = {"reason": said, "proposed": Measure.SUSPEND.value}
    return made.CaseForm(data, key=key, initial=initial, agencies=page.agencies)


def _who(request: doors.Acting) -> tuple[User, Organisation]:
    return request.user, request.organisation


DOORS: dict[str, Door] = {
    "dismiss": Door(
        _plain(made.DismissForm),
        lambda r, n, d: actions.dismiss(*_who(r), n, d["reason"]),
        _("预警已排除，不公开。"),
    ),
    "watch": Door(
        _plain(made.WatchForm),
        lambda r, n, d: actions.watch(*_who(r), n, d["reason"]),
        _("已列入观察；有新证据或到期时回到待办。"),
    ),
    "case": Door(
        _case,
        lambda r, n, d: actions.open_case(*_who(r), n, d["agency"], d["reason"], Measure(d["proposed"])),
        _("已立案，由其他工作人员决定。"),
    ),
    "refer": Door(
        _plain(made.ReferForm),
        lambda r, n, d: actions.refer(*_who(r), n, d["to"], d["reason"]),
        _("已移送；结果由其他工作人员认定。"),
    ),
    "conclude": Door(
        _plain(made.ConcludeForm),
        lambda r, n, d: actions.conclude(*_who(r), n, d["conclusion"], confirmed=d["confirmed"] == "yes"),
        _("结果已记录。"),
    ),
}


@doors.officer_required
@require_safe
@never_cache
def officer_flags(request: doors.DeskRequest) -> HttpResponse:
    """Flags that are open, or of one status or rule: the graver and the sooner due first."""
    status, rule = request.GET.get("status", ""), request.GET.get("rule", "")
    page = Paginator(queries.flags(status, rule), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    names = known(shown)
    now = database_now()
    context = {
        "page_obj": page,
        "rows": [
            (one, RULES[one.rule], subject_of(one, names), bool(one.due_at and one.due_at <= now)) for one in shown
        ],
        "statuses": Status,
        "chosen": status,
        "rules": RULES.values(),
        "rule": rule,
    }
    return render(request, "flags/officer_flags.html", context)


@doors.officer_required
@require_safe
@never_cache
def officer_flag(request: doors.DeskRequest, number: str) -> HttpResponse:
    """One flag: rule, formula, evidence, peers, innocent explanations, how to check, and what this reader may do."""
    return _show(request, number)


@doors.limited("60/m")
@doors.officer_required
@require_POST
def officer_flag_act(request: doors.DeskRequest, number: str, verb: str) -> HttpResponse:
    """Take one step; what is refused comes back with everything that was typed."""
    door = DOORS.get(verb)
    flag = _flag(number)
    if door is None:
        raise Http404(verb)
    form = door.form(page_of(flag, request.user), request.POST, verb)
    too_late = False
    if form.is_valid():
        try:
            door.act(request, number, form.cleaned_data)
        except Refused as refused:
            refused_to_form(form, refused)
            too_late = isinstance(refused, FlagStep)
    if form.errors:
        return _show(request, number, wrong=(verb, form), too_late=too_late)
    messages.success(request, str(door.done))
    opened = _flag(number).exit_case
    return redirect("officer_case", opened.number) if verb == "case" and opened else redirect("officer_flag", number)


@doors.officer_required
@require_safe
@never_cache
def officer_network(request: doors.DeskRequest) -> HttpResponse:
    """Who bids with whom, with the pairs that flags are about."""
    return network_page(request, flagged=True)


@doors.officer_required
@require_safe
@never_cache
def policy_radar(request: doors.DeskRequest) -> HttpResponse:
    """Published requests whose words restrict who may come."""
    page = Paginator(radar.suspects(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": radar.seen(list(page.object_list), all_of_them=True),
        "unlawful": radar.unlawful(),
        "looked_at": radar.LOOKED_AT,
    }
    return render(request, "flags/radar.html", context)


def _show(
    request: doors.DeskRequest, number: str, wrong: tuple[str, Any] | None = None, *, too_late: bool = False
) -> HttpResponse:
    """The page; that it shows what is not public is a look at something protected."""
    page = actions.look(request.user, number)
    flag = page.flag
    for verb in page.verbs:
        if wrong and verb.name == wrong[0]:
            verb.form = wrong[1]
        elif not verb.blocked:
            verb.form = DOORS[verb.name].form(page, None, verb.name)
    hand = (
        hands.latest([(flag.triaged_by, flag.triaged_at), (flag.concluded_by, flag.concluded_at)]) if too_late else None
    )
    context = {
        "page": page,
        "flag": flag,
        "wrong": wrong[1] if wrong else None,
        "taken": hand.told() if hand and hand.by != request.user else "",
    }
    return render(request, "flags/officer_flag.html", context, status=400 if wrong else 200)


def _flag(number: str) -> Flag:
    return get_object_or_404(Flag.objects.select_related("exit_case"), number=number)
