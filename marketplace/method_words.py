"""What each selection method means for a buyer, in a line (R3)."""

from django.utils.translation import gettext as _

from marketplace.models import Method


def in_a_line() -> dict[str, str]:
    """Method → how it selects, in the reader's language."""
    return {
        Method.LIVE.value: _("公开限时降价，价低者中选，全程可围观。多数服务适用。"),
        Method.SEALED.value: _("各报一次密封价，截止后一并开启，最低者中选。"),
        Method.AVERAGE.value: _("最接近均价的中选，适合内容和标准统一的服务；至少 5 家。"),
        Method.MERIT.value: _("价格、方案、信用按权重打分，专家由抽取产生，适合复杂服务。"),
        Method.DRAW.value: _("费用固定，由任何人可验证的抽取决定。"),
        Method.CREDIT_DRAW.value: _("按信用入围，抽取三家，由贵单位择定并公开理由。"),
        Method.DIRECT.value: _("用自有资金直接选定一家，理由公开，机构确认后生效。"),
    }
