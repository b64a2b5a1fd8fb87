"""直接选取 (R3): an enterprise with its own money names an agency, which confirms."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bidding.methods.draw import why_nobody
from core.errors import Refused
from core.money import shown
from journal.awards import direct
from journal.awards.outcome import CaseEntry, Outcome
from marketplace.rulesets import RuleSet


class NeverDirect(Refused):
    """What a department commissions, or public money pays, is selected by competition (I1)."""

    code = "E_NEVER_DIRECT"
    basis = ("I1", "P20.6")
    field = "method"
    message = gettext_lazy("部门委托或使用财政资金的服务须竞争选取，不能直接选取")
    fix = gettext_lazy("改为网上竞价")


class Direct:
    """No competition, and no room for it with public money."""

    def accepts(self, *, government: bool, ceiling: int, numbers: RuleSet) -> None:
        """Raise NeverDirect for a department or public money."""
        if government:
            raise NeverDirect()

    def decide(self, entries: list[CaseEntry], numbers: RuleSet) -> Outcome:
        """The agency named, once it has confirmed (`journal.awards.direct`)."""
        return direct.decide(entries, numbers.numbers)

    def explain(self, outcome: Outcome) -> list[str]:
        facts = outcome.facts
        if outcome.winner is None or outcome.amount is None:
            said = [why_nobody(outcome)]
            if facts.get("declined"):
                said.append(_("机构说明的原因：%(reason)s") % {"reason": facts["declined"]})
            return said
        reason = _("采购人以自有资金自主选定“%(agency)s”，公开的理由：%(reason)s") % {
            "agency": facts["agency"],
            "reason": facts["reason"],
        }
        confirmed = _("该机构已确认按 %(amount)s 承接（R3、P20.5）。") % {"amount": shown(outcome.amount)}
        return [reason, confirmed]

    def replay(self, entries: list[CaseEntry]) -> list[tuple[str, str, int]]:
        """Nobody bids a price."""
        return []
