"""The words that the player of a record says."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def replay_texts() -> dict[str, str]:
    """Sentences for the player's scripts, in the reader's language. `{name}` places are filled in the browser."""
    return {
        "play": _("播放"),
        "pauseReplay": _("暂停播放"),
        "left": _("剩余 {left}"),
        "refusedRow": _("未受理"),
    }
