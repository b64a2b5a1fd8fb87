"""Why a step of an exit case is refused (R8)."""

from django.utils.translation import gettext_lazy as _

from core.errors import Refused


class ExitStep(Refused):
    """The case is past this step, or not yet there."""

    code = "E_EXIT_STEP"
    basis = ("R8",)
    message = _("该案目前为“%(step)s”，不能进行此操作；可能他人已先办理")
    fix = _("刷新页面查看最新进展")


class NotAnOfficer(Refused):
    """Only officers of a regulator handle cases, and never one against their own organisation."""

    code = "E_NOT_AN_OFFICER"
    basis = ("I9", "P20.9")
    message = _("只有监管部门的工作人员可以办理，且不得办理涉及本单位的案件")


class SameEyes(Refused):
    """Nobody decides a case that he opened, investigated or decided before (I9)."""

    code = "E_SAME_EYES"
    basis = ("I9", "R8")
    message = _("您已作为“%(role)s”参与本案，不能再由您%(act)s")
    fix = _("请由其他工作人员办理")


class DefenceNotOver(Refused):
    """No decision before the time to answer is over."""

    code = "E_DEFENCE_NOT_OVER"
    basis = ("R8", "P20.9")
    message = _("陈述申辩期限至 %(until)s，期满前不能作出决定")


class HearingNotHeld(Refused):
    """A hearing that was asked for is held before the decision."""

    code = "E_HEARING_NOT_HELD"
    basis = ("R8",)
    message = _("机构已申请听证，听证举行前不能作出决定")


class HearingTooSoon(Refused):
    """The agency hears of the date at least so many days before, and it is held in time."""

    code = "E_HEARING_DATE"
    basis = ("R8",)
    field = "hearing_at"
    message = _("听证须至少提前 %(days)s 日通知，并在 %(until)s 前举行")


class HearingNotForWarnings(Refused):
    """Hearings are for suspension and removal."""

    code = "E_HEARING_MEASURE"
    basis = ("R8",)
    message = _("拟作出警示的案件不举行听证，请提交陈述申辩")


class TooLate(Refused):
    """The time for this is over."""

    code = "E_EXIT_TOO_LATE"
    basis = ("R8",)
    message = _("期限已于 %(until)s 届满")


class ArgumentUnanswered(Refused):
    """A decision answers each argument of the defence."""

    code = "E_ARGUMENT_UNANSWERED"
    basis = ("R8", "P20.9")
    field = "answers"
    message = _("须逐条回应陈述申辩意见：共 %(count)s 条，第 %(missing)s 条尚未回应")


class ReasonsMissing(Refused):
    """Every step that burdens somebody says why."""

    code = "E_REASONS_MISSING"
    basis = ("R8",)
    field = "reasons"
    message = _("请写明事实、依据和理由")


class HarsherWithoutReason(Refused):
    """A measure harsher than the one proposed states why."""

    code = "E_HARSHER_WITHOUT_REASON"
    basis = ("R8",)
    field = "harsher_because"
    message = _("决定重于告知书拟定的“%(proposed)s”，须写明从重理由")


class TermOutOfRange(Refused):
    """Suspension and removal last within the range of the rules."""

    code = "E_TERM_OUT_OF_RANGE"
    basis = ("R8",)
    field = "months"
    message = _("“%(measure)s”的期限为 %(least)s 至 %(most)s 个月")


class ItemsOnlyForSuspension(Refused):
    """Only a suspension can be limited to items."""

    code = "E_ITEMS_ONLY_FOR_SUSPENSION"
    basis = ("R8",)
    field = "items"
    message = _("只有暂停可以限定事项范围")


class InterimNeedsHarm(Refused):
    """Interim suspension is for continuing grave harm, once, while the case runs."""

    code = "E_INTERIM"
    basis = ("R8",)
    message = _("暂时停止仅适用于正在审理、且继续造成重大损害的案件，每案一次")


class CaseRunning(Refused):
    """One undecided case at a time: new facts go into it, or wait for its end."""

    code = "E_CASE_RUNNING"
    basis = ("R8",)
    message = _("该机构已有一件尚未决定的案件，请在该案中处理")


class RemovedAlready(Refused):
    """Who is removed, or will be, is out until re-entry: a lesser measure could change nothing."""

    code = "E_REMOVED_ALREADY"
    basis = ("R8",)
    message = _("该机构的清退决定已公布，较轻的处理不会产生任何效果，不再立案")
    fix = _("另有足以清退的事实的，请以清退立案")


class HarsherOnAppeal(Refused):
    """An appeal never makes it worse for who appealed."""

    code = "E_HARSHER_ON_APPEAL"
    basis = ("R8",)
    field = "measure"
    message = _("申诉决定不得重于原决定“%(measure)s”")


class RepairNotYet(Refused):
    """Repair is asked for after its minimum period, once at a time."""

    code = "E_REPAIR_NOT_YET"
    basis = ("R8",)
    message = _("尚不能申请信用修复：%(reason)s")


class ReentryNotYet(Refused):
    """Re-entry is asked for when the term of the removal is over."""

    code = "E_REENTRY_NOT_YET"
    basis = ("R8",)
    message = _("清退期限至 %(until)s，期满后可以申请重新入驻")


class CheckedBefore(Refused):
    """A result is checked once."""

    code = "E_CHECKED_BEFORE"
    basis = ("R8",)
    message = _("该成果已核验，可能他人已先办理")
    fix = _("刷新页面查看最新进展")


class LeadingNow(Refused):
    """Who leads an auction does not void its bids by leaving."""

    code = "E_LEADING_NOW"
    basis = ("R8", "R5.4")
    message = _("贵机构正在领先一场竞价，竞价结束前不能自行退出")
