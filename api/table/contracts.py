"""Sign, deliver, accept, pay."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from api.callers import Caller
from api.reads import Read
from api.table.finding import signed
from api.verbs import Verb
from contracts import actions, plan_form
from contracts import forms as made
from contracts.actions.payer import refuse_another_payer
from contracts.models import DeliveryStatus
from contracts.page import page_of
from contracts.views.shown import plan_options

READS: list[Read] = []
_ONE = "contracts/<str:number>/"
_N = _ONE + "milestones/<int:n>/"
_COLUMNS = ("n", "name", "deliverables", "amount", "due_wd")


def _plan(kind: type[plan_form.PlanForm], caller: Caller, data: Any, _files: Any, number: str) -> forms.Form:
    return kind(data, key="c", **plan_options(page_of(number, caller.organisation)))


def _rows(body: Mapping[str, Any]) -> dict[str, Any]:
    """`plan`, a list of milestones, as the columns of the page's form."""
    rest = {name: value for name, value in body.items() if name != "plan"}
    plan = body.get("plan")
    rows = [row for row in plan if isinstance(row, dict)] if isinstance(plan, list) else []
    columns = {f"stage_{name}": ["" if row.get(name) is None else row[name] for row in rows] for name in _COLUMNS}
    return {**rest, **columns, "stage_drop": [row["n"] for row in rows if row.get("drop") and "n" in row]}


def _rows_schema() -> dict[str, Any]:
    texts = {name: {"type": "string"} for name in ("name", "deliverables", "amount")}
    numbers = {name: {"type": "integer"} for name in ("n", "due_wd")}
    row = {"type": "object", "properties": {**texts, **numbers, "drop": {"type": "boolean"}}}
    return {"plan": {"type": "array", "items": row}}


def _propose(c: Caller, form: Any, number: str) -> Any:
    data = form.cleaned_data
    return actions.propose(c.user, c.organisation, number, data["plan"], data["terms"], data["payer"])


def _propose_change(c: Caller, form: Any, number: str) -> Any:
    data = form.cleaned_data
    refuse_another_payer(c.organisation, number, data["payer"])
    return actions.propose_change(c.user, c.organisation, number, data["plan"], data["reason"], data["terms"])


def _decide(c: Caller, form: Any, number: str, n: int) -> Any:
    data = form.cleaned_data
    verdict, amount = DeliveryStatus(data["verdict"]), data["amount"] or 0
    return actions.decide(
        c.user,
        c.organisation,
        signed(number),
        n,
        verdict,
        amount=amount,
        reason=data["reason"],
        opinion=data["opinion"],
    )


_R9: dict[str, Any] = {"clauses": ("R9",)}
_PLAN: dict[str, Any] = {"spread": _rows, "extra": _rows_schema, **_R9}
VERBS = [
    Verb(
        "contract_propose",
        _ONE + "proposals/",
        _("提出合同文本"),
        _propose,
        ("contract_propose",),
        form=plan_form.PlanForm,
        bind=partial(_plan, plan_form.PlanForm),
        **_PLAN,
    ),
    Verb(
        "contract_change",
        _ONE + "changes/",
        _("提出合同变更"),
        _propose_change,
        ("contract_change",),
        form=plan_form.ChangeForm,
        bind=partial(_plan, plan_form.ChangeForm),
        **_PLAN,
    ),
    Verb(
        "contract_confirm",
        _ONE + "confirm/",
        _("确认合同文本"),
        lambda c, f, number: actions.confirm(c.user, c.organisation, signed(number), f.cleaned_data["sha256"]),
        ("contract_confirm",),
        form=made.ConfirmForm,
        **_R9,
    ),
    Verb(
        "contract_refuse_change",
        _ONE + "changes/refuse/",
        _("不同意变更"),
        lambda c, f, number: actions.refuse_change(c.organisation, signed(number), f.cleaned_data["reason"]),
        ("contract_change_answer",),
        form=made.ReasonForm,
        **_R9,
    ),
    Verb(
        "contract_withdraw_change",
        _ONE + "changes/withdraw/",
        _("撤回变更"),
        lambda c, _f, number: actions.withdraw_change(c.organisation, signed(number)),
        ("contract_change_answer",),
        **_R9,
    ),
    Verb(
        "contract_pass_over",
        _ONE + "pass-over/",
        _("中选机构逾期未签，递补"),
        lambda c, _f, number: actions.pass_over(c.organisation, signed(number)),
        ("contract_pass_over",),
        **_R9,
    ),
    Verb(
        "deliver",
        _N + "deliveries/",
        _("交付成果"),
        lambda c, f, number, n: actions.deliver(
            c.user, c.organisation, signed(number), n, f.uploads(), f.cleaned_data["note"]
        ),
        ("delivery_make",),
        form=made.DeliverForm,
        like=made.DeliverForm,
        status=201,
        **_R9,
    ),
    Verb("delivery_decide", _N + "decide/", _("验收"), _decide, ("delivery_decide",), form=made.DecideForm, **_R9),
    Verb(
        "extension_ask",
        _N + "extension/",
        _("申请延期"),
        lambda c, f, number, n: actions.ask_for_time(
            c.organisation, signed(number), n, f.cleaned_data["wd"], f.cleaned_data["reason"]
        ),
        ("extension_ask",),
        form=made.ExtensionForm,
        **_R9,
    ),
    Verb(
        "extension_answer",
        _N + "extension/answer/",
        _("答复延期申请"),
        lambda c, f, number, n: actions.answer_extension(
            c.organisation, signed(number), n, f.cleaned_data["answer"], granted=f.cleaned_data["granted"] == "1"
        ),
        ("extension_answer",),
        form=made.ExtensionAnswerForm,
        **_R9,
    ),
]
