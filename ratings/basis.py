"""The rule an exit case rests on, and what may be decided under it, in the reader's words and with the numbers of its rule set (R8)."""

from django.utils.translation import gettext as _

from ratings.models import ExitCase, Trigger
from ratings.rulesets import credit_rules


def rule_of(case: ExitCase) -> str:
    """What the trigger says and proposes; a trigger opens a case and decides nothing."""
    words = {
        Trigger.CONDUCT: _(
            "守约分低于 %(warn_conduct)s 拟警示，低于 %(suspend_conduct)s 拟暂停，低于 %(remove_conduct)s 拟清退。"
        ),
        Trigger.QUALITY: _("质量分低于 %(warn_quality)s 且评价总权重不低于 %(warn_quality_weight)s，拟警示。"),
        Trigger.COMPLAINTS: _("%(warn_complaints_days)s 日内 %(warn_complaints)s 次投诉成立，拟警示。"),
        Trigger.WARNINGS: _("%(suspend_warnings_months)s 个月内 %(suspend_warnings)s 次警示，拟暂停。"),
        Trigger.SUSPENSIONS: _("%(remove_suspensions_months)s 个月内 %(remove_suspensions)s 次暂停，拟清退。"),
        Trigger.SERIOUS: _("有初步证据的严重失信行为，拟暂停。"),
        Trigger.ESTABLISHED: _("主管机关认定的严重失信行为，拟清退。"),
        Trigger.WHILE_SUSPENDED: _("暂停期间仍参与，拟清退。"),
        Trigger.LISTED: _("列入导入的失信名单，拟暂停；列入本身不产生任何后果。"),
        Trigger.INSPECTION: _("双随机抽查发现问题，按检查结果拟处理。"),
    }
    return words[Trigger(case.trigger)] % vars(credit_rules(case.ruleset).triggers)


def discretion_of(case: ExitCase) -> list[str]:
    """Everything that may be decided, from the mildest on, and what each takes."""
    numbers = credit_rules(case.ruleset).exit
    return [
        _("不予处理：不公开，不留记录。"),
        _("警示：%(months)s 个月。") % {"months": numbers.warn_months},
        _("暂停：%(least)s 至 %(most)s 个月，可以限定事项。")
        % {"least": numbers.suspend_months[0], "most": numbers.suspend_months[1]},
        _("清退：%(least)s 至 %(most)s 年，须经第二人审议。")
        % {"least": numbers.remove_years[0], "most": numbers.remove_years[1]},
        _("重于告知书拟定的，须写明从重理由；陈述申辩意见须逐条回应。"),
    ]
