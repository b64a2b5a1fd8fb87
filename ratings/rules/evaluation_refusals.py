"""Why something about an evaluation is refused (P19.5, R7)."""

from django.utils.translation import gettext_lazy as _

from core.errors import Refused


class NotEvaluable(Refused):
    """Only a finished contract is evaluated."""

    code = "E_NOT_EVALUABLE"
    basis = ("R7", "P19.5")
    message = _("合同尚未履行完毕，或评价尚未开始")
    fix = _("合同履行完毕、款项付清后自动开始评价")


class NotYourMark(Refused):
    """Each side speaks of the other, and of nobody else."""

    code = "E_NOT_YOUR_MARK"
    basis = ("R7", "I9")
    message = _("贵单位不是可以办理这一步的一方")


class NotCompetent(Refused):
    """The outcome is recorded by the competent department of the item, in the contract's region or above it."""

    code = "E_NOT_COMPETENT"
    basis = ("P19.5", "R7")
    message = _("贵单位不是该事项在该地区的主管部门，或者就是合同一方")


class TiedDepartment(Refused):
    """A department that an agency is tied to says nothing about that agency's work."""

    code = "E_TIED_DEPARTMENT"
    basis = ("I9", "R7")
    message = _("该机构申报了与贵单位的关系，贵单位须回避")


class EvaluationOver(Refused):
    """The time to rate is over, or both sides are revealed."""

    code = "E_EVALUATION_OVER"
    basis = ("R7",)
    message = _("评价已于 %(until)s 截止或已经公开，不能再提交")


class RatedAlready(Refused):
    """Each side rates once."""

    code = "E_RATED_ALREADY"
    basis = ("R7",)
    message = _("这一方已经评价，评价提交后不能更改")


class GradeMissing(Refused):
    """Every dimension has one of the five grades."""

    code = "E_GRADE_MISSING"
    basis = ("P19.5", "R7")
    message = _("请为每一项选择五级评价中的一级")


class ReasonMissing(Refused):
    """Every dissatisfied dimension says why; an evaluation says why at least once."""

    code = "E_MARK_REASON_MISSING"
    basis = ("P19.5",)
    message = _("评为“不满意”及以下的每一项都要选择原因；其他评价至少选择一个原因")


class ReasonUnfit(Refused):
    """A reason belongs to its dimension, and fits the grade."""

    code = "E_REASON_UNFIT"
    basis = ("R7",)
    message = _("原因“%(reason)s”与该项的评价不符")
    fix = _("满意时选择肯定的原因，不满意时选择不足之处；基本满意两者均可")


class CommentMissing(Refused):
    """The lowest grade is explained in words."""

    code = "E_COMMENT_MISSING"
    basis = ("P19.5",)
    field = "comment"
    message = _("评为“非常不满意”须写明情况，因质量不予通过须写明理由")


class OutcomeDocument(Refused):
    """An outcome is on a paper that has a number."""

    code = "E_OUTCOME_DOCUMENT"
    basis = ("P19.5",)
    field = "document"
    message = _("请填写批复、退回或不予通过的文号")


class NotRevealed(Refused):
    """What is not revealed is neither answered nor disputed."""

    code = "E_NOT_REVEALED"
    basis = ("R7",)
    message = _("评价尚未公开")


class ReplyOver(Refused):
    """Reply and dispute have five working days from the reveal."""

    code = "E_REPLY_OVER"
    basis = ("R7",)
    message = _("回应和提出争议的期限已于 %(until)s 届满")


class SaidAlready(Refused):
    """One reply and one dispute for each mark."""

    code = "E_SAID_ALREADY"
    basis = ("R7",)
    message = _("对这份评价已经回应过，或已经提出过争议")


class WordsMissing(Refused):
    """A reply, a dispute, a decision, a report says something."""

    code = "E_WORDS_MISSING"
    basis = ("R7",)
    field = "text"
    message = _("请写明内容和理由")


class DisputeStep(Refused):
    """Only an open dispute is decided, once, and not by who filed it."""

    code = "E_DISPUTE_STEP"
    basis = ("R7", "I9")
    message = _("没有待裁定的争议，或您是提出争议的人；可能他人已先办理")
    fix = _("刷新页面查看最新进展")


class RectificationStep(Refused):
    """A task of rectification is reported in time and judged once, and waits while its mark is disputed."""

    code = "E_RECTIFICATION_STEP"
    basis = ("R7",)
    message = _("整改目前为“%(status)s”，或对应的评价正在争议中，不能进行此操作")
    fix = _("刷新页面查看最新进展")
