"""What buyers and entrants are told (UX §2.20): in their inbox, and by mail at most once a day. Parts of larger verbs."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.notices import tell
from bidding.models import Enrolment, Question
from core.clock import BEIJING
from marketplace.models import Request


def changed(request: Request) -> None:
    subject = gettext_noop("%(title)s：公告已变更，请重新查看；已提交的报价须重新提交，%(until)s 前可退出")
    _entrants(request, subject, until=_minute(request.enrol_until))


def withdrawn(request: Request) -> None:
    _entrants(request, gettext_noop("%(title)s：采购人已撤回需求，报名终止"))


def asked(request: Request, n: int) -> None:
    subject = gettext_noop("%(title)s：第 %(n)s 个问题待答复；未答复前报名不会截止")
    _tell(request.buyer_id, request, subject, n=n)


def answered(request: Request, question: Question) -> None:
    """To the asker, enrolled or not, and to all entrants."""
    subject = gettext_noop("%(title)s：第 %(n)s 问已答复，报名截止 %(until)s")
    facts: dict[str, Any] = {"n": question.n, "until": _minute(request.enrol_until)}
    _entrants(request, subject, besides=question.asked_by.organisation_id, **facts)


def held(request: Request, most: int, so_far: int) -> None:
    subject = gettext_noop(
        "%(title)s：有问题未答复，报名截止顺延至 %(until)s（第 %(so_far)s 次，最多 %(most)s 次，之后流标）"
    )
    _tell(request.buyer_id, request, subject, until=_minute(request.enrol_until), so_far=so_far, most=most)
    _entrants(
        request,
        gettext_noop("%(title)s：有问题待采购人答复，报名截止顺延至 %(until)s"),
        until=_minute(request.enrol_until),
    )


def failed(request: Request) -> None:
    page = reverse("award_page", args=[request.number])
    _tell(request.buyer_id, request, gettext_noop("%(title)s：本次流标，可一键重新发布"), page)
    _entrants(request, gettext_noop("%(title)s：本次流标，原因见结果公告"), page)


def _entrants(request: Request, subject: str, page: str = "", *, besides: int | None = None, **facts: Any) -> None:
    entered = Enrolment.objects.filter(request=request, withdrawn_at__isnull=True)
    told = {*entered.values_list("agency__organisation_id", flat=True), *([besides] if besides else [])}
    for organisation in sorted(told):
        _tell(organisation, request, subject, page, **facts)


def _tell(organisation: int, request: Request, subject: str, page: str = "", **facts: Any) -> None:
    page = page or reverse("request_page", args=[request.number])
    tell(organisation, subject, {"title": request.title, **facts}, page, event="request.progress")


def _minute(moment: datetime | None) -> str:
    assert moment is not None
    return f"{moment.astimezone(BEIJING):%Y-%m-%d %H:%M}"
