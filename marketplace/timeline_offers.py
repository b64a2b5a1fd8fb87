"""Sealed prices in the timeline of a request's case file."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.money import parse, shown
from journal.models import Entry

_COUNTABLE = ("offer.sealed", "offer.withdrawn", "plan.submitted", "plan.withdrawn")


def uncounted(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """A case file's entries as a page may list them: until the deadline it does not count the offers.

    The record has their commitments at once.
    """
    if entries.filter(kind="offers.closed").exists():
        return entries
    return entries.exclude(kind__in=_COUNTABLE)


def labels() -> dict[str, str]:
    """Kind of entry → what pages call it, in the reader's language."""
    return {
        "offers.arranged": _("指定密封报价的保管人"),
        "offer.sealed": _("密封报价"),
        "offer.withdrawn": _("撤回密封报价"),
        "offers.closed": _("报价截止，封存全部报价"),
        "offer.revealed": _("报价人提交开启密钥"),
        "offers.shared": _("保管人提交份额"),
        "offers.opened": _("一并开启全部报价"),
        "selection.closed": _("选取结束，公开代号对应的机构"),
        "selection.failed": _("流标"),
    }


def detail(kind: str, data: dict[str, Any]) -> str:
    """What an entry says besides its kind; empty for entries about something else."""
    match kind:
        case "offer.sealed" | "offer.withdrawn" | "offer.revealed":
            return str(data["label"])
        case "offers.arranged":
            team = data["trustees"]
            numbers = {"count": len(team["keys"]), "threshold": team["threshold"]}
            return _("%(count)s 名，须 %(threshold)s 名共同开启") % numbers
        case "offers.shared":
            return _("第 %(number)s 名保管人") % {"number": data["trustee"]}
        case "offers.closed":
            return _("%(count)s 份报价") % {"count": len(data["offers"])}
        case "offers.opened":
            return _opened(data["offers"])
        case _:
            return ""


def _opened(offers: list[dict[str, Any]]) -> str:
    prices = [f"{one['label']} {shown(parse(one['amount']))}" for one in offers if one["void"] is None]
    void = len(offers) - len(prices)
    return " · ".join([*prices, *([_("无效 %(count)s 份") % {"count": void}] if void else [])])
