"""What the regulators' silence does to a request for credit repair (R8), judged from plain values."""

from dataclasses import dataclass

from ratings.models.exits import Trigger

SERIOUS_TIER = "serious"
# Measures for serious acts, whoever saw them.
SERIOUS_TRIGGERS = (Trigger.SERIOUS, Trigger.ESTABLISHED)


@dataclass(frozen=True)
class About:
    """What a request for repair is about: an act of some tier, or a measure, and whether a list that led to it still names
    the agency.
    """

    tier: str = ""
    trigger: Trigger | None = None
    listed: bool = False


def silence_grants(about: About) -> bool:
    """Is the request granted when it is overdue by 20 wd? Repair erases for good: not of what is serious, nor of a list that
    its authority still upholds. There somebody has to decide, however late.
    """
    return about.tier != SERIOUS_TIER and about.trigger not in SERIOUS_TRIGGERS and not about.listed
