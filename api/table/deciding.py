"""Pick, pause, object, decide, mark: what follows upon enrolments and prices."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from api.callers import Caller, Who
from api.forms import DecisionForm, LowForm, MarksForm, PickForm, TextForm, WhyForm
from api.reads import Read
from api.shapes.selection import SEAT, SEAT_PAGE
from api.table.finding import seen
from api.verbs import Nothing, Verb
from bidding import actions, experts, objecting, queries
from bidding.models import Seat

_ONE = "requests/<str:number>/"


def _low(caller: Caller, form: Any, number: str) -> Any:
    data = form.cleaned_data
    return actions.decide_low_price(
        caller.user, caller.organisation, seen(number), data["text"], accepted=data["accepted"]
    )


def _seat(caller: Caller, number: str) -> Seat:
    """The caller's seat; absent and not yours look the same."""
    seat = experts.seat_of(caller.user, queries.public_request(number))
    if seat is None:
        raise Http404(number)
    return seat


def _marks(caller: Caller, form: Any, number: str) -> Any:
    _seat(caller, number)
    labels = [name.removeprefix("points-") for name in form.data if name.startswith("points-")]
    sent = {
        label: {"points": form.data[f"points-{label}"], "reason": form.data.get(f"reason-{label}", "")}
        for label in labels
    }
    return actions.give_marks(caller.user, number, sent)


def _spread_marks(body: Any) -> dict[str, Any]:
    """`{"marks": [{"label", "points", "reason"}]}` as the page's form has it."""
    found: dict[str, Any] = {}
    marks = body.get("marks")
    for mark in marks if isinstance(marks, list) else []:
        if isinstance(mark, dict) and isinstance(label := mark.get("label"), str):
            found |= {f"points-{label}": mark.get("points"), f"reason-{label}": mark.get("reason")}
    return found


def _marks_schema() -> dict[str, Any]:
    texts = {name: {"type": "string"} for name in ("label", "points", "reason")}
    return {
        "marks": {"type": "array", "items": {"type": "object", "properties": texts, "required": ["label", "points"]}}
    }


def _recuse(caller: Caller, _form: Any, number: str) -> Any:
    _seat(caller, number)
    return actions.recuse(caller.user, number)


def _objection(pk: int) -> int:
    return objecting.objection_in_public(pk).pk


READS = [
    Read(
        "seats",
        "me/seats/",
        _("本人参加的评审"),
        lambda c: experts.seats_of(c.user),
        SEAT,
        ("expert",),
        Who.PERSON,
        many=True,
        order=("-appointed_at", "-id"),
        clauses=("R6",),
    ),
    Read(
        "expert_seat",
        _ONE + "marks/",
        _("专家席位、待评方案和本人评分"),
        _seat,
        SEAT_PAGE,
        ("expert_marks",),
        Who.PERSON,
        clauses=("R6",),
    ),
]
VERBS = [
    Verb(
        "pick",
        _ONE + "pick/",
        _("择定"),
        lambda c, form, number: actions.pick(c.organisation, seen(number), **form.cleaned_data),
        ("pick",),
        form=PickForm,
        clauses=("P20.5",),
    ),
    Verb(
        "low_justify",
        _ONE + "low/justify/",
        _("说明低价"),
        lambda c, form, number: actions.justify_low_price(c.organisation, seen(number), form.cleaned_data["text"]),
        ("low_step",),
        form=TextForm,
        clauses=("R5.8",),
    ),
    Verb("low_decide", _ONE + "low/decide/", _("认定低价"), _low, ("low_step",), form=LowForm, clauses=("R5.8",)),
    Verb(
        "pause_propose",
        _ONE + "pause/propose/",
        _("提议暂停竞价"),
        lambda c, form, number: actions.propose_pause(c.user, seen(number), form.cleaned_data["reason"]),
        ("pause_step",),
        Who.OFFICER,
        WhyForm,
        clauses=("R5.7",),
    ),
    Verb(
        "pause_confirm",
        _ONE + "pause/confirm/",
        _("确认暂停竞价"),
        lambda c, _f, number: actions.confirm_pause(c.user, seen(number)),
        ("pause_step",),
        Who.OFFICER,
        clauses=("R5.7",),
    ),
    Verb(
        "pause_end",
        _ONE + "pause/end/",
        _("恢复竞价"),
        lambda c, _f, number: actions.end_pause(c.user, seen(number)),
        ("pause_step",),
        Who.OFFICER,
        clauses=("R5.7",),
    ),
    Verb(
        "award_object",
        "awards/<str:number>/objections/",
        _("对中选结果提出异议"),
        lambda c, form, number: actions.file_objection(c.user, c.organisation, seen(number), form.cleaned_data["text"]),
        ("objection_file",),
        form=TextForm,
        status=201,
        clauses=("R5.9",),
    ),
    Verb(
        "award_decline",
        "awards/<str:number>/decline/",
        _("放弃中选"),
        lambda c, form, number: actions.decline_award(c.organisation, seen(number), form.cleaned_data["text"]),
        ("award_decline",),
        form=TextForm,
        clauses=("R5.9",),
    ),
    Verb(
        "objection_answer",
        "objections/<int:pk>/answer/",
        _("答复异议"),
        lambda c, form, pk: actions.answer_objection(c.user, c.organisation, _objection(pk), form.cleaned_data["text"]),
        ("objection_step",),
        form=TextForm,
        clauses=("R5.9",),
    ),
    Verb(
        "objection_complain",
        "objections/<int:pk>/complain/",
        _("就异议提出投诉"),
        lambda c, form, pk: actions.complain(c.organisation, _objection(pk), form.cleaned_data["text"]),
        ("objection_step",),
        form=TextForm,
        clauses=("R5.9",),
    ),
    Verb(
        "objection_withdraw",
        "objections/<int:pk>/withdraw/",
        _("撤回异议"),
        lambda c, _f, pk: actions.withdraw_objection(c.organisation, _objection(pk)),
        ("objection_step",),
        clauses=("R5.9",),
    ),
    Verb(
        "objection_extend",
        "objections/<int:pk>/extend/",
        _("延长投诉处理期限"),
        lambda c, _f, pk: actions.extend_decision(c.organisation, _objection(pk)),
        ("objection_step",),
        Who.OFFICER,
        clauses=("R5.9",),
    ),
    Verb(
        "objection_decide",
        "objections/<int:pk>/decide/",
        _("处理投诉"),
        lambda c, form, pk: actions.decide_complaint(
            c.user, c.organisation, _objection(pk), form.cleaned_data["text"], upheld=form.cleaned_data["upheld"]
        ),
        ("objection_step",),
        Who.OFFICER,
        DecisionForm,
        clauses=("R5.9",),
    ),
    Verb(
        "expert_marks",
        "requests/<str:number>/marks/",
        _("专家评分"),
        _marks,
        ("expert_marks",),
        Who.PERSON,
        MarksForm,
        spread=_spread_marks,
        extra=_marks_schema,
        clauses=("R6",),
    ),
    Verb(
        "expert_recuse",
        "requests/<str:number>/marks/",
        _("专家回避"),
        _recuse,
        ("expert_conflict",),
        Who.PERSON,
        Nothing,
        method="DELETE",
        clauses=("R6",),
    ),
]
