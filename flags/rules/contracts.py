"""X1–X4: what becomes of a contract after it was signed."""

from abc import abstractmethod
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from flags.rows import Deal, Window
from flags.rules import grounds
from flags.rules.base import About, Found, Rule, Value, percent
from flags.rulesets import Numbers


class OfContract(Rule):
    """A rule that judges each contract by itself."""

    def find(self, window: Window, n: Numbers) -> Iterator[Found]:
        for deal in window.deals:
            numbers = self.judge(deal, n)
            if numbers is not None:
                yield Found(About.CONTRACT, (deal.number,), numbers, _rows(deal), (deal.agency,))

    @abstractmethod
    def judge(self, deal: Deal, n: Numbers) -> dict[str, Value] | None:
        """The numbers of what is found, or None."""


class ManyChanges(OfContract):
    """X1."""

    code = "X1"
    name = _("合同多次变更")
    formula = _("同一合同的变更 ≥ %(changes)s 次")
    finding = _("变更 %(changes)s 次")
    ground = grounds.CHANGES
    check = _("逐次核对变更理由与工作量，看是否低价中选后补回。")
    innocent = (_("项目设计本身反复调整。"),)

    def judge(self, deal: Deal, n: Numbers) -> dict[str, Value] | None:
        return {"changes": len(deal.changes)} if len(deal.changes) >= n["changes"] else None


class RaisedTwice(OfContract):
    """X2."""

    code = "X2"
    severity = 2
    name = _("合同价短期内两次上调")
    formula = _("%(days)s 日内合同价上调 ≥ %(raises)s 次")
    finding = _("%(days)s 日内上调 %(raises)s 次，累计上调 %(share)s")
    ground = grounds.CHANGES
    check = _("比较变更后价格与第二名报价；核对审批与工作量签证。")
    innocent = (_("采购人增加了工作内容，并有书面依据。"),)

    def judge(self, deal: Deal, n: Numbers) -> dict[str, Value] | None:
        prices = [deal.price, *(one.price for one in deal.changes)]
        raised = [one.at for one, (was, now) in zip(deal.changes, pairwise(prices), strict=True) if now > was]
        times, span = int(n["raises"]), timedelta(days=n["days"])
        quick = any(last - first <= span for first, last in zip(raised, raised[times - 1 :], strict=False))
        if not quick:
            return None
        return {"days": int(n["days"]), "raises": len(raised), "share": percent(prices[-1] / deal.price - 1)}


class TooQuick(OfContract):
    """X3."""

    code = "X3"
    severity = 0
    name = _("交付快得反常")
    formula = _("签订到首次全部交付所用时间 < 约定期限的 %(share)s")
    finding = _("只用了约定期限的 %(share)s")
    ground = grounds.CHANGES
    check = _("看现场踏勘、监测是否可能在此时间内完成；成果是否套用旧稿或签约前已做好。")
    innocent = (_("成果已有基础，只需更新。"), _("约定期限留得过长。"))

    def judge(self, deal: Deal, n: Numbers) -> dict[str, Value] | None:
        term = deal.due_at - deal.signed_at
        if deal.delivered_at is None or term <= timedelta(0):
            return None
        share = (deal.delivered_at - deal.signed_at) / term
        return {"share": percent(share)} if share < n["share"] else None


class NoCompetition(OfContract):
    """X4."""

    code = "X4"
    name = _("一家报价，贴着限价成交")
    formula = _("竞争性采购只有一家报价，且合同价 ≥ 限价的 %(share)s")
    finding = _("一家报价，合同价为限价的 %(share)s")
    ground = grounds.OPENNESS
    check = _("询问匹配而未参加的机构；与同类市场中位价比较。")
    innocent = (grounds.SPECIAL, grounds.FEW_FIRMS)

    def judge(self, deal: Deal, n: Numbers) -> dict[str, Value] | None:
        alone = deal.competitive and deal.entrants == 1 and deal.price >= n["share"] * deal.ceiling
        return {"share": percent(deal.price / deal.ceiling)} if alone else None


def _rows(deal: Deal) -> tuple[dict[str, Value], ...]:
    first: dict[str, Value] = {
        "number": deal.number,
        "agency": deal.agency,
        "buyer": deal.buyer,
        "ceiling": deal.ceiling,
        "amount": deal.price,
        "at": deal.signed_at.isoformat(),
        "until": deal.due_at.isoformat(),
    }
    delivered: list[dict[str, Value]] = []
    if deal.delivered_at is not None:
        delivered = [{"number": deal.number, "at": deal.delivered_at.isoformat(), "outcome": "delivered"}]
    changes: list[dict[str, Value]] = [
        {"number": deal.number, "at": one.at.isoformat(), "amount": one.price, "outcome": "changed"}
        for one in deal.changes
    ]
    return (first, *changes, *delivered)
