"""Doors of the credit page: what everybody reads, and what the agency and officers may do about an act."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import doors
from accounts.queries import organisation_of
from agencies.models import Agency
from agencies.queries import agency_by
from core.clock import database_now
from core.errors import Refused
from core.http import refused_to_form
from ratings.actions import credit as actions
from ratings.actions.exits import ask_to_repair_act
from ratings.credit_page import page_of
from ratings.forms.credit import AnswerForm, ObjectForm, RepairForm, WhatIfForm
from ratings.models import Act
from ratings.queries.credit import credit_facts
from ratings.rules.score import Credit
from ratings.rulesets import credit_rules
from ratings.what_if import what_if
from ratings.wording import ACTS

_FORMS: dict[str, type[Any]] = {"object": ObjectForm, "repair": RepairForm, "decide": AnswerForm}


@require_safe
@never_cache
def credit_page(request: HttpRequest, uscc: str) -> HttpResponse:
    """Everything an agency's credit is made of."""
    return _show(request, agency_by(uscc))


@doors.limited("30/m")
@doors.member_required
@require_POST
def credit_act(request: doors.DeskRequest, pk: int, verb: str) -> HttpResponse:
    """Object to an act, ask for its repair, answer an objection."""
    act = get_object_or_404(Act.objects.select_related("agency__organisation"), pk=pk)
    if verb not in _FORMS:
        raise Http404(verb)
    form = _FORMS[verb](request.POST, key=f"{verb}-{pk}")
    if form.is_valid():
        try:
            _do(request, act, verb, form.cleaned_data)
        except Refused as refused:
            refused_to_form(form, refused)
    if form.errors:
        return _show(request, agency_by(act.agency.uscc), wrong=form)
    messages.success(request, _("已提交，办理情况会显示在这里。"))
    return redirect(reverse("credit_page", args=[act.agency.uscc]) + f"#act-{act.seq}")


def _do(request: doors.DeskRequest, act: Act, verb: str, data: dict[str, Any]) -> None:
    match verb:
        case "object":
            actions.object_to_act(request.user, request.organisation, act.pk, data["text"])
        case "repair" if request.organisation.pk == act.agency.organisation_id:
            ask_to_repair_act(request.user, request.organisation, act.pk, data["text"])
        case "decide":
            upheld = data["upheld"] == "yes"
            actions.decide_objection(request.user, request.organisation, act.pk, data["text"], upheld=upheld)
        case _:
            raise Http404(verb)


def _show(request: HttpRequest, agency: Agency, wrong: Any = None) -> HttpResponse:
    now = database_now()
    reader = organisation_of(request.user) if request.user.is_authenticated else None
    page = page_of(agency, reader, now)
    for row in page.acts:
        for verb in row.forms:
            key = f"{verb}-{row.act.pk}"
            mine = wrong is not None and wrong.door == key
            row.forms[verb] = wrong if mine else _FORMS[verb](key=key)
    asked, would_be = _what_if(request, agency, now)
    context = {
        "page": page,
        "agency": agency,
        "credit": page.credit,
        "rules": credit_rules(),
        "wrong": wrong,
        "what_if": asked,
        "would_be": would_be,
    }
    return render(request, "ratings/credit.html", context, status=400 if wrong else 200)


def _what_if(request: HttpRequest, agency: Agency, now: Any) -> tuple[WhatIfForm, Credit | None]:
    given = request.GET if request.method == "GET" and request.GET else None
    form = WhatIfForm(given)
    form.fields["act"].choices = [("", "—"), *ACTS.items()]  # type: ignore[attr-defined]
    if given is None or not form.is_valid():
        return form, None
    data = form.cleaned_data
    return form, what_if(credit_facts(agency, now), now, x=data["x"], act=data["act"], days=data["days"] or 0)
