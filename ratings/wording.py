"""How acts and what became of them are called in public."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ratings.rules.conduct import ActStatus

ACTS: dict[str, str | Promise] = {
    "filed_late": _("合同逾期备案"),
    "delivered_late": _("逾期交付"),
    "entered_without_price": _("多次报名不报价"),
    "outdated_information": _("信息过期未更新"),
    "gave_up_award": _("放弃中选"),
    "unsigned": _("逾期未签订合同"),
    "delivered_very_late": _("严重逾期交付"),
    "refused_for_quality": _("成果因质量不予通过"),
    "subcontracted": _("未经同意转包分包"),
    "false_statement": _("一般虚假陈述"),
    "complaint_upheld": _("投诉成立"),
    "forged": _("出具虚假报告或伪造资质"),
    "lent_qualification": _("出借资质（挂证）"),
    "collusion": _("串通投标或行贿"),
    "ignored_decision": _("拒不执行生效决定"),
}

TIERS: dict[str, str | Promise] = {
    "minor": _("轻微"),
    "general": _("一般"),
    "serious": _("严重"),
}

STATUSES: dict[ActStatus, str | Promise] = {
    ActStatus.PENDING: _("异议期内，暂不扣分"),
    ActStatus.COUNTS: _("扣分中"),
    ActStatus.OBJECTED: _("异议办理中，暂不扣分"),
    ActStatus.STRUCK: _("已撤销"),
    ActStatus.REPAIRED: _("已修复"),
    ActStatus.EXPIRED: _("已到期"),
}
