"""Note what the system has seen as acts, each with five working days to object (R7)."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from agencies.models import Agency
from journal.actions import lock_case
from ratings.actions.credit import note_act
from ratings.models import Act
from ratings.queries.facts import Seen


@transaction.atomic(durable=True)
def note_seen(seen: Seen) -> Act | None:
    """Note one; None if another clock did."""
    held = lock_case(f"A-{seen.uscc}")
    agency = Agency.objects.select_related("organisation").get(organisation__uscc=seen.uscc)
    return note_act(
        held,
        agency,
        seen.code,
        source=seen.source,
        evidence=evidence_of(seen),
        path=seen.path,
        contract=seen.contract,
        happened_at=seen.at,
        decided=False,
    )


def evidence_of(seen: Seen) -> str:
    """What happened, in public and in Chinese: case files speak one language."""
    with override("zh-hans"):
        return _words(seen.code) % seen.facts


def _words(code: str) -> str:
    words = {
        "delivered_late": _("%(number)s 第 %(n)s 期逾期 %(days)s 日交付"),
        "delivered_very_late": _("%(number)s 第 %(n)s 期逾期 %(days)s 日交付，超过期限的 10%% 或 30 日"),
        "refused_for_quality": _("%(number)s 第 %(n)s 期成果再次因质量被退回"),
        "gave_up_award": _("%(number)s 中选后放弃"),
        "unsigned": _("%(number)s 中选后逾期未签订合同"),
        "entered_without_price": _("90 日内三次报名后未报价：%(numbers)s"),
    }
    return words[code]
