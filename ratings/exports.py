"""The columns of lists that anybody may take away."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.exports import Column, Value
from ratings.models import Ending, ExitCase
from ratings.papers import measure_in_words


def _step(case: ExitCase) -> Value:
    """A correction leads, as on the page."""
    return _("更正：决定已撤销") if case.ending == Ending.ANNULLED else case.get_step_display()


def _stands(case: ExitCase, at: datetime | None) -> datetime | None:
    """What was annulled, was never in force."""
    return None if case.ending == Ending.ANNULLED else at


EXITS: tuple[Column[ExitCase], ...] = (
    Column("number", _("案件编号"), lambda case: case.number),
    Column("uscc", _("统一社会信用代码"), lambda case: case.agency.uscc),
    Column("name", _("机构"), lambda case: case.agency.organisation.name),
    Column("measure", _("决定"), measure_in_words, plain=lambda case: case.measure),
    Column("months", _("月数"), lambda case: case.months),
    Column("items", _("限定事项"), lambda case: list(case.items)),
    Column("trigger", _("情形"), lambda case: case.get_trigger_display(), plain=lambda case: case.trigger),
    Column("step", _("状态"), _step, plain=lambda case: case.step),
    Column("published_at", _("公布"), lambda case: case.published_at),
    Column("effect_at", _("生效"), lambda case: _stands(case, case.effect_at)),
    Column("until", _("期满"), lambda case: _stands(case, case.until)),
    Column("ended_at", _("结束时间"), lambda case: case.ended_at),
    Column("ending", _("结束原因"), lambda case: case.get_ending_display(), plain=lambda case: case.ending or None),
    Column(
        "appeal",
        _("申诉"),
        lambda case: case.get_appeal_outcome_display(),
        plain=lambda case: case.appeal_outcome or None,
    ),
    Column("address", _("网址"), lambda case: settings.SITE_URL + reverse("exit_page", args=[case.number])),
)
