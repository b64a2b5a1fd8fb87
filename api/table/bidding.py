"""Enrol, offer, bid, pick, object: the verbs of a selection."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from api.answers import AlreadyRefused
from api.callers import Caller, Who
from api.forms import DecisionForm, LowForm, MarksForm, PickForm, TextForm, WhyForm
from api.reads import Read
from api.shapes.selection import OFFERED
from api.verbs import Nothing, Verb
from bidding import actions, experts, objecting, queries
from bidding.forms import BidForm, HiddenPriceForm, OfferForm, OfferKeyForm, PlanForm, QuestionForm
from bidding.rules.offers import read_key

READS: list[Read] = []
_ONE = "requests/<str:number>/"


def _seen(number: str) -> str:
    """The number of a request in public; raises Http404."""
    return queries.public_request(number).number or ""


def _press(caller: Caller, form: Any, *, withdrawn: bool = False) -> actions.Press:
    data = form.cleaned_data
    return actions.Press(
        key=UUID(str(data["key"])),
        agency=caller.agency.pk,
        user=caller.user.pk,
        amount=0 if withdrawn else data["amount"],
        confirmed=data["confirmed"],
        language=caller.language,
    )


def _told(answer: actions.Answer) -> actions.Answer:
    """What a press came to; its refusal is the one that sockets send."""
    if answer.refusal is not None:
        raise AlreadyRefused(answer.refusal)
    return answer


def _bid(caller: Caller, form: Any, number: str) -> actions.Answer:
    [answer] = actions.place_bids(_seen(number), [_press(caller, form)])
    return _told(answer)


def _floor(caller: Caller, form: Any, number: str) -> actions.Answer:
    withdrawn = "withdraw" in form.data
    verb = actions.withdraw_floor if withdrawn else actions.set_floor
    return _told(verb(_seen(number), _press(caller, form, withdrawn=withdrawn)))


def _low(caller: Caller, form: Any, number: str) -> Any:
    data = form.cleaned_data
    return actions.decide_low_price(
        caller.user, caller.organisation, _seen(number), data["text"], accepted=data["accepted"]
    )


def _marks(caller: Caller, form: Any, number: str) -> Any:
    subject = queries.public_request(number)
    if experts.seat_of(caller.user, subject) is None:
        raise Http404(number)
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
    if experts.seat_of(caller.user, queries.public_request(number)) is None:
        raise Http404(number)
    return actions.recuse(caller.user, number)


def _objection(pk: int) -> int:
    return objecting.objection_in_public(pk).pk


_AGENCY: dict[str, Any] = {"who": Who.AGENCY}
VERBS = [
    Verb(
        "enrol",
        _ONE + "enrolment/",
        _("报名"),
        lambda c, _f, number: actions.enrol(c.user, c.agency, _seen(number)),
        ("enrol",),
        status=201,
        clauses=("P19.1", "R4"),
        **_AGENCY,
    ),
    Verb(
        "leave",
        _ONE + "enrolment/",
        _("撤回报名"),
        lambda c, _f, number: actions.leave(c.agency, _seen(number)),
        ("leave",),
        method="DELETE",
        **_AGENCY,
    ),
    Verb(
        "question_ask",
        _ONE + "questions/",
        _("提问"),
        lambda c, form, number: actions.ask(c.agency, _seen(number), form.cleaned_data["text"]),
        ("question_ask",),
        form=QuestionForm,
        status=201,
        clauses=("R3",),
        **_AGENCY,
    ),
    Verb(
        "bid", _ONE + "bids/", _("报价"), _bid, ("room_bid",), form=BidForm, shape=OFFERED, clauses=("R5",), **_AGENCY
    ),
    Verb(
        "floor",
        _ONE + "floor/",
        _("设定、调低或撤回最低价"),
        _floor,
        ("room_floor",),
        form=HiddenPriceForm,
        shape=OFFERED,
        clauses=("R5.6",),
        **_AGENCY,
    ),
    Verb(
        "tie_out_price",
        _ONE + "tie-out/",
        _("加试报价"),
        lambda c, form, number: _told(actions.send_sealed_price(_seen(number), _press(c, form))),
        ("room_sealed",),
        form=BidForm,
        shape=OFFERED,
        clauses=("R5.5",),
        **_AGENCY,
    ),
    Verb(
        "offer_seal",
        _ONE + "offer/",
        _("提交密封报价"),
        lambda c, form, number: actions.seal_offer(c.user, c.agency, _seen(number), form.cleaned_data["offer"]),
        ("offer_seal",),
        form=OfferForm,
        status=201,
        clauses=("R6",),
        **_AGENCY,
    ),
    Verb(
        "offer_withdraw",
        _ONE + "offer/",
        _("撤回密封报价"),
        lambda c, _f, number: actions.withdraw_offer(c.agency, _seen(number)),
        ("offer_withdraw",),
        method="DELETE",
        clauses=("R6",),
        **_AGENCY,
    ),
    Verb(
        "offer_key",
        _ONE + "offer/key/",
        _("提交开启密钥"),
        lambda c, form, number: actions.reveal_key(c.agency, _seen(number), read_key(form.cleaned_data["key"])),
        ("offer_reveal",),
        form=OfferKeyForm,
        clauses=("R6",),
        **_AGENCY,
    ),
    Verb(
        "plan_submit",
        _ONE + "plan/",
        _("提交方案"),
        lambda c, form, number: actions.submit_plan(c.user, c.agency, _seen(number), form.cleaned_data["plan"]),
        ("plan_submit",),
        form=PlanForm,
        status=201,
        clauses=("R6",),
        **_AGENCY,
    ),
    Verb(
        "plan_withdraw",
        _ONE + "plan/",
        _("撤回方案"),
        lambda c, _f, number: actions.withdraw_plan(c.agency, _seen(number)),
        ("plan_withdraw",),
        method="DELETE",
        clauses=("R6",),
        **_AGENCY,
    ),
    Verb(
        "direct_confirm",
        _ONE + "confirm/",
        _("确认直接选取"),
        lambda c, _f, number: actions.confirm(c.user, c.agency, _seen(number)),
        ("confirm_direct",),
        **_AGENCY,
    ),
    Verb(
        "direct_decline",
        _ONE + "decline/",
        _("不接受直接选取"),
        lambda c, form, number: actions.decline(c.agency, _seen(number), form.cleaned_data["reason"]),
        ("decline_direct",),
        form=WhyForm,
        **_AGENCY,
    ),
    Verb(
        "pick",
        _ONE + "pick/",
        _("择定"),
        lambda c, form, number: actions.pick(c.organisation, _seen(number), **form.cleaned_data),
        ("pick",),
        form=PickForm,
        clauses=("P20.5",),
    ),
    Verb(
        "low_justify",
        _ONE + "low/justify/",
        _("说明低价"),
        lambda c, form, number: actions.justify_low_price(c.organisation, _seen(number), form.cleaned_data["text"]),
        ("low_step",),
        form=TextForm,
        clauses=("R5.8",),
    ),
    Verb("low_decide", _ONE + "low/decide/", _("认定低价"), _low, ("low_step",), form=LowForm, clauses=("R5.8",)),
    Verb(
        "pause_propose",
        _ONE + "pause/propose/",
        _("提议暂停竞价"),
        lambda c, form, number: actions.propose_pause(c.user, _seen(number), form.cleaned_data["reason"]),
        ("pause_step",),
        Who.OFFICER,
        WhyForm,
        clauses=("R5.7",),
    ),
    Verb(
        "pause_confirm",
        _ONE + "pause/confirm/",
        _("确认暂停竞价"),
        lambda c, _f, number: actions.confirm_pause(c.user, _seen(number)),
        ("pause_step",),
        Who.OFFICER,
        clauses=("R5.7",),
    ),
    Verb(
        "pause_end",
        _ONE + "pause/end/",
        _("恢复竞价"),
        lambda c, _f, number: actions.end_pause(c.user, _seen(number)),
        ("pause_step",),
        Who.OFFICER,
        clauses=("R5.7",),
    ),
    Verb(
        "award_object",
        "awards/<str:number>/objections/",
        _("对中选结果提出异议"),
        lambda c, form, number: actions.file_objection(
            c.user, c.organisation, _seen(number), form.cleaned_data["text"]
        ),
        ("objection_file",),
        form=TextForm,
        status=201,
        clauses=("R5.9",),
    ),
    Verb(
        "award_decline",
        "awards/<str:number>/decline/",
        _("放弃中选"),
        lambda c, form, number: actions.decline_award(c.organisation, _seen(number), form.cleaned_data["text"]),
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
