"""Enrol, offer, bid, pick, object: the verbs of a selection."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from api.answers import AlreadyRefused
from api.callers import Caller, Who
from api.forms import WhyForm
from api.reads import Read
from api.shapes.selection import OFFERED
from api.table.finding import seen
from api.verbs import Verb
from bidding import actions
from bidding.forms import BidForm, HiddenPriceForm, OfferForm, OfferKeyForm, PlanForm, QuestionForm
from bidding.rules import bids, proxy, tie_out
from bidding.rules.enrolment import Blocker, NotEnrolled, SignedOut
from bidding.rules.offers import read_key

READS: list[Read] = []
_ONE = "requests/<str:number>/"


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
    [answer] = actions.place_bids(seen(number), [_press(caller, form)])
    return _told(answer)


def _floor(caller: Caller, form: Any, number: str) -> actions.Answer:
    withdrawn = "withdraw" in form.data
    verb = actions.withdraw_floor if withdrawn else actions.set_floor
    return _told(verb(seen(number), _press(caller, form, withdrawn=withdrawn)))


# What answers to presses say no by; enrolment's blockers hold for bidding too.
_NO_BID = (
    Blocker,
    NotEnrolled,
    SignedOut,
    *(bids.BiddingNotOpen, bids.BiddingPaused, bids.BiddingClosed),
    bids.NotPositive,
)
_BID = (*_NO_BID, bids.InTieOut, bids.YouLead, bids.BidTooHigh, bids.UndercutNotConfirmed)
_FLOOR = (
    *_NO_BID,
    *(proxy.NoFloors, proxy.NoFloorSet, proxy.FloorNotLower, proxy.FloorTooHigh, proxy.FloorNotConfirmed),
    proxy.FloorChangedTooOften,
)
_TIE_OUT = (
    *_NO_BID,
    *(tie_out.NoTieOut, tie_out.TieOutOver, tie_out.NotInTieOut, tie_out.SentBefore, tie_out.TieOutTooHigh),
    tie_out.TieOutNotConfirmed,
)
_AGENCY: dict[str, Any] = {"who": Who.AGENCY}
VERBS = [
    Verb(
        "enrol",
        _ONE + "enrolment/",
        _("报名"),
        lambda c, _f, number: actions.enrol(c.user, c.agency, seen(number), c.origin),
        ("enrol",),
        status=201,
        clauses=("P19.1", "R4"),
        **_AGENCY,
    ),
    Verb(
        "leave",
        _ONE + "enrolment/",
        _("撤回报名"),
        lambda c, _f, number: actions.leave(c.agency, seen(number)),
        ("leave",),
        method="DELETE",
        **_AGENCY,
    ),
    Verb(
        "question_ask",
        _ONE + "questions/",
        _("提问"),
        lambda c, form, number: actions.ask(c.agency, seen(number), form.cleaned_data["text"]),
        ("question_ask",),
        form=QuestionForm,
        status=201,
        clauses=("R3",),
        **_AGENCY,
    ),
    Verb(
        "bid",
        _ONE + "bids/",
        _("报价"),
        _bid,
        ("room_bid",),
        form=BidForm,
        shape=OFFERED,
        clauses=("R5",),
        refuses=_BID,
        **_AGENCY,
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
        refuses=_FLOOR,
        **_AGENCY,
    ),
    Verb(
        "tie_out_price",
        _ONE + "tie-out/",
        _("加试报价"),
        lambda c, form, number: _told(actions.send_sealed_price(seen(number), _press(c, form))),
        ("room_sealed",),
        form=BidForm,
        shape=OFFERED,
        clauses=("R5.5",),
        refuses=_TIE_OUT,
        **_AGENCY,
    ),
    Verb(
        "offer_seal",
        _ONE + "offer/",
        _("提交密封报价"),
        lambda c, form, number: actions.seal_offer(
            c.user, c.agency, seen(number), form.cleaned_data["offer"], c.origin
        ),
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
        lambda c, _f, number: actions.withdraw_offer(c.agency, seen(number)),
        ("offer_withdraw",),
        method="DELETE",
        clauses=("R6",),
        **_AGENCY,
    ),
    Verb(
        "offer_key",
        _ONE + "offer/key/",
        _("提交开启密钥"),
        lambda c, form, number: actions.reveal_key(c.agency, seen(number), read_key(form.cleaned_data["key"])),
        ("offer_reveal",),
        form=OfferKeyForm,
        clauses=("R6",),
        **_AGENCY,
    ),
    Verb(
        "plan_submit",
        _ONE + "plan/",
        _("提交方案"),
        lambda c, form, number: actions.submit_plan(
            c.user, c.agency, seen(number), form.cleaned_data["plan"], c.origin
        ),
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
        lambda c, _f, number: actions.withdraw_plan(c.agency, seen(number)),
        ("plan_withdraw",),
        method="DELETE",
        clauses=("R6",),
        **_AGENCY,
    ),
    Verb(
        "direct_confirm",
        _ONE + "confirm/",
        _("确认直接选取"),
        lambda c, _f, number: actions.confirm(c.user, c.agency, seen(number)),
        ("confirm_direct",),
        **_AGENCY,
    ),
    Verb(
        "direct_decline",
        _ONE + "decline/",
        _("不接受直接选取"),
        lambda c, form, number: actions.decline(c.agency, seen(number), form.cleaned_data["reason"]),
        ("decline_direct",),
        form=WhyForm,
        **_AGENCY,
    ),
]
