"""Findings in the reader's words."""

from django.utils.translation import gettext as _

from stats.rules.concentration import Level


def level_label(said: Level) -> str:
    """How concentrated a market is."""
    return {
        Level.NONE: _("暂无中选"),
        Level.LOW: _("竞争充分"),
        Level.MODERATE: _("中度集中"),
        Level.HIGH: _("高度集中"),
    }[said]
