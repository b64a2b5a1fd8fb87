"""Why an objection to an act is refused (R7)."""

from django.utils.translation import gettext_lazy as _

from core.errors import Refused


class ObjectionOver(Refused):
    """A fact of the system can be objected to for five working days from when it was noted; a decision is appealed against."""

    code = "E_OBJECTION_OVER"
    basis = ("R7",)
    message = _("该扣分的异议期限已于 %(until)s 届满，或系依据已生效的决定作出")
    fix = _("对决定不服的可以申诉；满最短公示期的可以申请信用修复")


class ObjectedAlready(Refused):
    """One objection to one act; what was struck or repaired needs none."""

    code = "E_OBJECTED_ALREADY"
    basis = ("R7",)
    message = _("对该扣分已提出过异议，或该扣分已撤销、已修复")
    fix = _("刷新页面查看办理情况")


class NothingToDecide(Refused):
    """Only an objection that is open is decided on, once."""

    code = "E_NO_OPEN_OBJECTION"
    basis = ("R7",)
    message = _("该扣分没有待答复的异议；可能他人已先办理")
    fix = _("刷新页面查看最新进展")
