"""A buyer writes, publishes, changes and withdraws requests."""

from copy import copy
from typing import Any

from django import forms
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from accounts.actions import register_enterprise
from accounts.forms import RegistrationForm
from api.callers import Caller, Who
from api.door import etag_of
from api.forms import FileForm
from api.reads import Read
from api.refusals import ChangedMeanwhile
from api.shapes.market import CHECK, DRAFT
from api.verbs import Nothing, Verb
from bidding import actions as selection
from bidding.forms import AnswerForm
from marketplace import actions, queries
from marketplace.changes import CHANGEABLE
from marketplace.checking import findings_in
from marketplace.forms import CancelForm, ChangeForm, DemandReportForm, RequestForm
from marketplace.models import Request

READS: list[Read] = []


def _request_form(caller: Caller, data: Any, _files: Any, **_places: Any) -> RequestForm:
    return RequestForm(data, buyer=caller.organisation)


def _write(caller: Caller, form: Any) -> Request:
    return actions.save_draft(caller.user, caller.organisation, form.cleaned_data)


def _rewrite(caller: Caller, form: Any, pk: int) -> Request:
    """`If-Match` with the ETag of the draft as it was read keeps one from writing over what another wrote."""
    with transaction.atomic():
        draft = queries.draft_to_change(caller.organisation, pk)
        seen = caller.request.headers.get("If-Match")
        if seen not in (None, "*", etag_of(DRAFT.show(draft))):
            raise ChangedMeanwhile()
        return actions.save_draft(caller.user, caller.organisation, form.cleaned_data, draft)


class CheckForm(RequestForm):
    """The same form, of which nothing has to be there yet."""

    def is_valid(self) -> bool:
        super().is_valid()
        return True


def _check(caller: Caller, form: Any) -> Any:
    """政策体检 for what is typed so far; nothing is kept."""
    typed = form.typed
    item = queries.item_named(typed.get("item"))
    ceiling = typed.get("ceiling")
    values = {**typed, "ceiling": ceiling if isinstance(ceiling, int) else None, "forerunner": None}
    return findings_in(caller.organisation, values, item)


def _discard(caller: Caller, _form: Any, pk: int) -> None:
    actions.discard_draft(caller.organisation, pk)


def _attach(caller: Caller, form: Any, pk: int) -> Any:
    return actions.attach(caller.organisation, pk, form.cleaned_data["file"])


def _publish(caller: Caller, _form: Any, pk: int) -> Any:
    queries.draft_of(caller.organisation, pk)
    return actions.publish(caller.user, caller.organisation, pk)


def _change_form(caller: Caller, data: Any, _files: Any, number: str) -> ChangeForm:
    subject = queries.own_request(caller.organisation, number)
    said = data.copy()
    for name, value in ChangeForm.initial_of(subject).items():
        said.setdefault(name, getattr(value, "pk", value))
    return ChangeForm(said, subject=subject)


def _change_like() -> forms.Form:
    """What may change, each if it is given; and why."""
    like = forms.Form()
    for name in CHANGEABLE:
        like.fields[name] = copy(RequestForm.base_fields[name])
        like.fields[name].required = False
    like.fields["reason"] = ChangeForm.base_fields["reason"]
    return like


def _change(caller: Caller, form: Any, number: str) -> Any:
    return selection.change(caller.organisation, number, form.values, form.cleaned_data["reason"])


def _cancel(caller: Caller, form: Any, number: str) -> Any:
    queries.own_request(caller.organisation, number)
    return selection.cancel(caller.organisation, number, form.cleaned_data["reason"])


def _answer(caller: Caller, form: Any, number: str, n: int) -> Any:
    queries.own_request(caller.organisation, number)
    return selection.answer(caller.user, caller.organisation, number, n, form.cleaned_data["text"])


def _reoffer(caller: Caller, _form: Any, number: str) -> Any:
    queries.own_request(caller.organisation, number)
    return actions.reoffer(caller.user, caller.organisation, number)


def _report(_caller: Caller, form: Any, code: str) -> Any:
    return actions.report_demand(get_object_or_404(queries.cancelled_items(), code=code), **form.cleaned_data)


_DRAFT: dict[str, Any] = {"who": Who.BUYER, "form": RequestForm, "bind": _request_form, "shape": DRAFT}
_ONE = "me/drafts/<int:pk>/"
VERBS = [
    Verb(
        "register_enterprise",
        "enterprises/",
        _("注册企业"),
        lambda _c, form: register_enterprise(form.applicant(), signed=form.cleaned_data["commitment"]),
        ("register_enterprise", "register"),
        Who.ANYBODY,
        RegistrationForm,
        status=201,
    ),
    Verb(
        "draft_write", "me/drafts/", _("写一份草稿"), _write, ("request_new",), status=201, clauses=("P5.1",), **_DRAFT
    ),
    Verb("draft_rewrite", _ONE, _("改写草稿"), _rewrite, ("request_edit",), method="PUT", clauses=("P5.1",), **_DRAFT),
    Verb(
        "draft_check",
        "me/drafts/check/",
        _("政策体检"),
        _check,
        ("request_check", "request_preview"),
        Who.BUYER,
        CheckForm,
        lambda c, data, _f: CheckForm(data, buyer=c.organisation),
        shape=CHECK,
        clauses=("P20.3", "P5.1"),
    ),
    Verb("draft_discard", _ONE, _("删除草稿"), _discard, ("request_discard",), Who.BUYER, method="DELETE"),
    Verb(
        "draft_attach",
        _ONE + "files/",
        _("为草稿添加附件"),
        _attach,
        ("request_attach",),
        Who.BUYER,
        FileForm,
        status=201,
    ),
    Verb(
        "draft_detach",
        _ONE + "files/<int:attachment>/",
        _("移除附件"),
        lambda c, _form, pk, attachment: actions.detach(c.organisation, pk, attachment),
        ("request_detach",),
        Who.BUYER,
        method="DELETE",
    ),
    Verb(
        "draft_publish",
        _ONE + "publish/",
        _("发布采购公告"),
        _publish,
        ("request_publish",),
        Who.BUYER,
        Nothing,
        clauses=("P5.1", "P20.3", "P20.7"),
    ),
    Verb(
        "request_change",
        "requests/<str:number>/change/",
        _("变更公告"),
        _change,
        ("request_change",),
        Who.BUYER,
        ChangeForm,
        _change_form,
        _change_like,
        clauses=("R3",),
    ),
    Verb(
        "request_cancel",
        "requests/<str:number>/cancel/",
        _("撤回需求"),
        _cancel,
        ("request_cancel",),
        Who.BUYER,
        CancelForm,
        clauses=("R3",),
    ),
    Verb(
        "request_reoffer",
        "requests/<str:number>/reoffer/",
        _("重新发布"),
        _reoffer,
        ("request_reoffer",),
        Who.BUYER,
        status=201,
        clauses=("R3",),
    ),
    Verb(
        "question_answer",
        "requests/<str:number>/questions/<int:n>/answer/",
        _("答复提问"),
        _answer,
        ("question_answer",),
        Who.BUYER,
        AnswerForm,
        clauses=("R3",),
    ),
    Verb(
        "demand_report",
        "cancelled-items/<str:code>/reports/",
        _("举报仍被索要的已取消事项"),
        _report,
        ("item_page",),
        Who.ANYBODY,
        DemandReportForm,
        status=201,
        clauses=("P18.2",),
    ),
]
