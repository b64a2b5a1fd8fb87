"""The life of a flag: which step is next, what counts as new evidence, and when a rule is switched off (R10)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from flags.rulesets import Numbers

# From each status to those that may follow it.
STEPS: Mapping[str, tuple[str, ...]] = {
    "raised": ("dismissed", "watch", "case"),
    "watch": ("raised", "dismissed", "case"),
    "case": ("confirmed", "refuted"),
}


class FlagStep(Refused):
    """A flag moves along R10; what a colleague did first stands."""

    code = "E_FLAG_STEP"
    basis = ("R10",)
    message = _("该预警目前为“%(status)s”，不能进行此操作；可能他人已先办理")
    fix = _("刷新页面查看最新进展")


class FlagReason(Refused):
    """No flag is dismissed, referred or concluded without a reason."""

    code = "E_FLAG_REASON"
    basis = ("R10",)
    field = "reason"
    message = _("请写明理由")


class FlagNotYours(Refused):
    """Officers of a regulator look after flags, and never one that is about their own organisation."""

    code = "E_FLAG_OFFICER"
    basis = ("I9", "R10")
    message = _("只有监管部门的工作人员可以办理，且不得办理涉及本单位的预警")


class FlagSameEyes(Refused):
    """Who opened or referred a flag does not decide whether it was right (I9)."""

    code = "E_FLAG_SAME_EYES"
    basis = ("I9", "R10")
    message = _("该预警由您移送，须由其他工作人员认定结果")
    fix = _("请由其他工作人员办理")


class FlagNoAgency(Refused):
    """An exit case is against an agency that the flag names."""

    code = "E_FLAG_AGENCY"
    basis = ("R8", "R10")
    field = "agency"
    message = _("只能对预警涉及的机构立案")
    fix = _("对采购人或部门的线索请移送主管机关")


def judge_step(status: str, wanted: str, label: str) -> None:
    """Raise FlagStep unless `wanted` may follow; `label` is what the status is called."""
    if wanted not in STEPS.get(status, ()):
        raise FlagStep(status=label)


def is_new(rows: Sequence[Mapping[str, Any]], known: Sequence[Mapping[str, Any]], n: Numbers) -> bool:
    """Is there so much in `rows` that is not in `known`, that what was dismissed has to be looked at again?"""
    before = {_name(row) for row in known}
    added = sum(_name(row) not in before for row in rows)
    return added > 0 and added >= n["grown"] * len(known)


def precision(confirmed: int, judged: int) -> float | None:
    """The share of judged flags that were right; None while nothing was judged."""
    return confirmed / judged if judged else None


def should_be_off(confirmed: int, judged: int, n: Numbers) -> bool:
    """Has the rule been wrong often enough to be switched off?"""
    share = precision(confirmed, judged)
    return judged >= n["reviews"] and share is not None and share < n["precision"]


def _name(row: Mapping[str, Any]) -> str:
    return json.dumps(dict(row), sort_keys=True, ensure_ascii=False)
