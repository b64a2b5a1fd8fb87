"""Plans, experts and marks of a request's case file, in the reader's words."""

from typing import Any

from django.utils.translation import gettext as _


def labels() -> dict[str, str]:
    """Kind of entry → what pages call it, in the reader's language."""
    return {
        "plan.submitted": _("机构提交方案"),
        "plan.withdrawn": _("机构撤回方案"),
        "plans.closed": _("方案截止，封存全部方案"),
        "experts.lacking": _("可抽取的专家不足，抽取顺延"),
        "experts.appointed": _("抽取产生评审专家"),
        "expert.recused": _("专家回避"),
        "expert.replaced": _("专家逾期未评，由下一位接替"),
        "marks.given": _("专家提交评分（封存）"),
        "marks.published": _("公开全部专家评分"),
    }


def detail(kind: str, data: dict[str, Any]) -> str:
    """What an entry of these kinds says besides its label; nothing for others."""
    match kind:
        case "plan.submitted" | "plan.withdrawn":
            return str(data["label"])
        case "plans.closed":
            return _("%(count)s 份方案") % {"count": len(data["plans"])}
        case "experts.lacking":
            return f"{data['there']} / {data['needed']}"
        case "experts.appointed":
            return " · ".join(data["experts"])
        case "expert.recused" | "expert.replaced":
            return " → ".join(one for one in (data["expert"], data["next"]) if one)
        case "marks.given":
            return str(data["expert"])
        case "marks.published":
            return " · ".join(one["expert"] for one in data["experts"])
        case _:
            return ""
