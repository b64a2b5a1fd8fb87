"""B5, B7, B9: what a buyer's year shows, and how concentrated a market is."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from flags.quartiles import high_fence
from flags.rows import Process, Window
from flags.rules import grounds
from flags.rules.base import About, Found, Rule, Scope, Value, percent
from flags.rulesets import Numbers
from stats.rules.concentration import cr4, hhi


class OftenExcludes(Rule):
    """B5, as R038."""

    code = "B5"
    name = _("采购人排除报价过多")
    formula = _(
        "采购人排除的报价占收到的报价之比不低于 Q3 + 1.5·IQR（同类至少 %(buyers)s 个采购人，每个至少 %(bids)s 份报价；Cardinal R038）"
    )
    finding = _("收到 %(bids)s 份报价，排除 %(out)s 份（%(share)s）；同类界线 %(line)s")
    ground = grounds.UNFAIR
    check = _("抽取排除决定逐件复核理由是否充分、是否一视同仁。")
    innocent = (_("该采购人的项目专业性强，不合格的报价多。"),)

    def find(self, window: Window, n: Numbers) -> Iterator[Found]:
        took: dict[str, list[Process]] = defaultdict(list)
        for process in window.processes:
            took[process.buyer].append(process)
        counts = {one: _excluded(there) for one, there in took.items()}
        shares = {one: out / of for one, (out, of) in counts.items() if of >= n["bids"]}
        if len(shares) < n["buyers"]:
            return
        line = high_fence(list(shares.values()))
        for one, share in shares.items():
            if share >= line > 0:
                out, of = counts[one]
                numbers: dict[str, Value] = {"bids": of, "out": out, "share": percent(share), "line": percent(line)}
                rows: tuple[dict[str, Value], ...] = tuple(
                    {"number": p.number, "count": _excluded([p])[0]} for p in took[one] if _excluded([p])[0]
                )
                yield Found(About.BUYER, (one,), numbers, rows)


class Splitting(Rule):
    """B7."""

    code = "B7"
    scope = Scope.BUYER
    severity = 2
    name = _("化整为零")
    formula = _(
        "同一采购人同一事项在 %(days)s 日内至少 %(requests)s 个需求，每个都在某一档限额以下且不低于它的 %(share)s，合计达到该限额"
    )
    finding = _("%(days)s 日内 %(requests)s 个需求，每个 %(least)s 至 %(most)s 元，合计 %(sum)s 元，限额 %(tier)s 元")
    ground = grounds.SPLITTING
    check = _("核对各需求是否同一项目、同一预算；看拆分后适用的程序是否更简。")
    innocent = (_("确属不同地点、不同时间产生的独立项目。"), _("预算分批下达。"))

    def find(self, window: Window, n: Numbers) -> Iterator[Found]:
        by_item: dict[str, list[Process]] = defaultdict(list)
        for process in sorted(window.processes, key=lambda one: (one.published_at, one.number)):
            by_item[process.item].append(process)
        for item, there in sorted(by_item.items()):
            for tier in window.tiers:
                near = [one for one in there if n["share"] * tier <= one.ceiling <= tier]
                batch = _densest(near, timedelta(days=n["days"]))
                if len(batch) >= n["requests"] and sum(one.ceiling for one in batch) > tier:
                    yield self._split(window.key[0], item, batch, tier, n)

    @staticmethod
    def _split(buyer: str, item: str, batch: list[Process], tier: int, n: Numbers) -> Found:
        ceilings = [one.ceiling for one in batch]
        rows: tuple[dict[str, Value], ...] = tuple(
            {"number": one.number, "ceiling": one.ceiling, "winner": one.winner} for one in batch
        )
        numbers: dict[str, Value] = {
            "days": int(n["days"]),
            "requests": len(batch),
            "least": min(ceilings) // 100,
            "most": max(ceilings) // 100,
            "sum": sum(ceilings) // 100,
            "tier": tier // 100,
        }
        return Found(About.BUYER, (buyer, item), numbers, rows)


class Loyalty(Rule):
    """B9, the buyer's half."""

    code = "B9"
    scope = Scope.BUYER
    name = _("采购集中于一家机构")
    formula = _("采购人 12 个月内至少 %(contracts)s 次中选结果，其中一家机构的金额 ≥ %(share)s")
    finding = _("%(contracts)s 次采购中，一家机构得到金额的 %(share)s")
    ground = grounds.OPENNESS
    check = _("看该机构的竞争对手是谁、为何不来；核对双方人员往来与未申报的关联。")
    innocent = (grounds.GOOD_WORK, grounds.SPECIAL)

    def find(self, window: Window, n: Numbers) -> Iterator[Found]:
        won = [one for one in window.processes if one.winner is not None and one.final]
        spent = Counter[str]()
        for one in won:
            spent[one.winner or ""] += one.final or 0
        if len(won) < n["contracts"]:
            return
        [(agency, most)] = spent.most_common(1)
        share = most / spent.total()
        if share >= n["share"]:
            rows: tuple[dict[str, Value], ...] = tuple(
                {"number": one.number, "winner": one.winner, "amount": one.final} for one in won
            )
            numbers: dict[str, Value] = {"contracts": len(won), "share": percent(share)}
            yield Found(About.BUYER, (window.key[0], agency), numbers, rows, (agency,))


class Concentrated(Rule):
    """B9, the market's half; CR4 and HHI are those of the statistics page."""

    code = "B9b"
    severity = 0
    name = _("市场高度集中")
    formula = _("事项 × 地区 12 个月的 HHI > %(hhi)s，且至少 %(contracts)s 次中选结果")
    finding = _("HHI %(hhi)s，CR4 %(cr4)s%%，%(agencies)s 家机构分享 %(contracts)s 次中选结果")
    ground = grounds.MONOPOLY
    check = _("看外地机构为何不来：公告期、资料获取、付款条件；考虑向全省公告。")
    innocent = (grounds.FEW_FIRMS, _("项目少，一两次中选就显得集中。"))

    def find(self, window: Window, n: Numbers) -> Iterator[Found]:
        won, times = Counter[str](), Counter[str]()
        for one in window.processes:
            if one.winner is not None and one.final:
                won[one.winner] += one.final
                times[one.winner] += 1
        index = hhi(list(won.values()))
        if times.total() >= n["contracts"] and index > n["hhi"]:
            rows: tuple[dict[str, Value], ...] = tuple(
                {"agency": one, "wins": times[one], "amount": amount, "share": amount / won.total()}
                for one, amount in won.most_common()
            )
            numbers: dict[str, Value] = {
                "hhi": str(index),
                "cr4": str(cr4(list(won.values()))),
                "agencies": len(won),
                "contracts": times.total(),
            }
            yield Found(About.MARKET, window.key, numbers, rows)


def _excluded(processes: list[Process]) -> tuple[int, int]:
    offers = [offer for one in processes for offer in one.offers if offer.amount is not None or offer.excluded]
    return sum(offer.excluded for offer in offers), len(offers)


def _densest(ordered: list[Process], span: timedelta) -> list[Process]:
    """The most of these, in order of time, that fall within `span`; the earliest such batch."""
    best: list[Process] = []
    first = 0
    for last, process in enumerate(ordered):
        while process.published_at - ordered[first].published_at > span:
            first += 1
        if last - first + 1 > len(best):
            best = ordered[first : last + 1]
    return best
