"""The kinds of entry of red flags. In the flag's own case file `F-…`; RULE_OFF in the platform's."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class FlagEntry(StrEnum):
    """No person and nobody's contact is ever named; who acted stands in the row, for those who may see it."""

    RAISED = "flag.raised"
    GROWN = "flag.grown"
    WATCHED = "flag.watched"
    DISMISSED = "flag.dismissed"
    CASE_OPENED = "flag.case_opened"
    REFERRED = "flag.referred"
    CONFIRMED = "flag.confirmed"
    REFUTED = "flag.refuted"
    RULE_OFF = "flag.rule_switched_off"


LABELS: dict[str, str | Promise] = {
    FlagEntry.RAISED: _("规则提出预警"),
    FlagEntry.GROWN: _("预警有新证据"),
    FlagEntry.WATCHED: _("预警列入观察"),
    FlagEntry.DISMISSED: _("预警已排除"),
    FlagEntry.CASE_OPENED: _("由预警立案"),
    FlagEntry.REFERRED: _("预警移送"),
    FlagEntry.CONFIRMED: _("预警已证实"),
    FlagEntry.REFUTED: _("预警未证实"),
    FlagEntry.RULE_OFF: _("预警规则停用"),
}
