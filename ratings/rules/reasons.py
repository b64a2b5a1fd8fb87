"""The reasons (原因) that go with the grades: short phrases to choose, so that an evaluation says why in one press.

Each belongs to a dimension and speaks well or ill of it. Codes stand in case files and never change their meaning.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True)
class Reason:
    """One phrase. `good`: it speaks well of its dimension."""

    code: str
    dimension: str
    good: bool
    label: Text

    def fits(self, grade: int) -> bool:
        """Praise goes with grades from 3 up, reproach with those from 3 down."""
        return grade >= 3 if self.good else grade <= 3


DIMENSIONS: Mapping[str, Text] = {
    "quality": _("成果质量"),
    "timeliness": _("服务时效"),
    "manner": _("服务态度"),
    "fees": _("收费规范"),
    "demand": _("需求清晰"),
    "cooperation": _("配合程度"),
    "payment": _("付款及时"),
    "on_time": _("按期交付"),
    "changes": _("合同变更"),
    "response": _("响应速度"),
}

_ALL = (
    Reason("quality.sound", "quality", True, _("内容扎实、依据充分")),
    Reason("quality.passed_first", "quality", True, _("一次通过审查")),
    Reason("quality.errors", "quality", False, _("数据或结论有错误")),
    Reason("quality.reworked", "quality", False, _("多次退回修改")),
    Reason("quality.incomplete", "quality", False, _("成果不完整")),
    Reason("timeliness.early", "timeliness", True, _("按期或提前交付")),
    Reason("timeliness.quick_answers", "timeliness", True, _("问题答复快")),
    Reason("timeliness.late", "timeliness", False, _("交付逾期")),
    Reason("timeliness.slow_answers", "timeliness", False, _("答复拖延")),
    Reason("manner.patient", "manner", True, _("沟通耐心、主动说明")),
    Reason("manner.steady_staff", "manner", True, _("项目人员稳定到位")),
    Reason("manner.hard_to_reach", "manner", False, _("联系不上、推诿")),
    Reason("manner.changed_staff", "manner", False, _("擅自更换项目人员")),
    Reason("fees.as_agreed", "fees", True, _("按合同收费，票据齐全")),
    Reason("fees.extra", "fees", False, _("合同外加价或另收费")),
    Reason("fees.invoice", "fees", False, _("开票不及时或不合规")),
    Reason("demand.clear", "demand", True, _("需求明确、资料齐全")),
    Reason("demand.changing", "demand", False, _("需求反复变更")),
    Reason("demand.beyond", "demand", False, _("要求合同外的工作")),
    Reason("cooperation.quick", "cooperation", True, _("配合及时、验收及时")),
    Reason("cooperation.slow", "cooperation", False, _("配合不力、验收拖延")),
    Reason("cooperation.unfounded_returns", "cooperation", False, _("无理由退回成果")),
    Reason("payment.in_time", "payment", True, _("按期足额付款")),
    Reason("payment.late", "payment", False, _("付款逾期")),
    Reason("payment.conditions", "payment", False, _("付款附加不合理条件")),
)

REASONS: Mapping[str, Reason] = {reason.code: reason for reason in _ALL}


def reasons_of(dimension: str) -> list[Reason]:
    """The phrases of one dimension, praise first."""
    return [reason for reason in _ALL if reason.dimension == dimension]
