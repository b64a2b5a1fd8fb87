"""C1–C4, C9: what opening prices look like when they were agreed on."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from operator import attrgetter
from statistics import stdev

from django.utils.translation import gettext_lazy as _

from flags.quartiles import high_fence, low_fence, quantile
from flags.rows import Process, Window
from flags.rules import grounds
from flags.rules.base import About, Found, Rule, Value, number, percent
from flags.rules.groups import groups_met, larger_first
from flags.rulesets import Numbers
from flags.statistics import skewness, spread, variation

Measure = Callable[[Sequence[float]], float]


class LowVariation(Rule):
    """C1."""

    code = "C1"
    name = _("报价过于接近")
    formula = _(
        "首轮报价的标准差 ÷ 平均数 < %(variation)s，或不高于同类（同事项、同地区、12 个月）第 5 百分位；至少 %(prices)s 家报价"
    )
    finding = _("%(prices)s 家首轮报价，标准差 ÷ 平均数 = %(variation)s；界线 %(line)s（同类 %(peers)s 次）")
    ground = grounds.COLLUSION
    check = _("调取各家报价依据与成本测算，比对文件作者、提交时间和网络地址；询问各家是否知道对方参加。")
    innocent = (grounds.KNOWN_COSTS, grounds.FEW_FIRMS)

    def find(self, window: Window, n: Numbers) -> Iterator[Found]:
        peers = _values(window, n, variation)
        line = _line(list(peers.values()), n, n["variation"])
        for process in _comparable(window, n):
            value = peers[process.number]
            if _low(value, line, len(peers), n):
                yield _about(process, variation=number(value), line=number(line), peers=len(peers))


class Apart(Rule):
    """C2."""

    code = "C2"
    name = _("最低价独自拉开，其余报价抱团")
    formula = _("（次低价 − 最低价）÷ 其余报价的标准差 > %(ratio)s，且报价过于接近（C1）")
    finding = _("%(prices)s 家首轮报价，（次低价 − 最低价）÷ 其余标准差 = %(ratio)s，标准差 ÷ 平均数 = %(variation)s")
    ground = grounds.COLLUSION
    check = _("比对陪标各家的报价文件是否雷同，核对其与中选机构有无分包、借款、人员往来。")
    innocent = (grounds.KNOWN_COSTS, _("中选机构在当地已有设备或资料，成本确实更低。"))

    def find(self, window: Window, n: Numbers) -> Iterator[Found]:
        peers = _values(window, n, variation)
        line = _line(list(peers.values()), n, n["variation"])
        for process in _comparable(window, n):
            low = _low(peers[process.number], line, len(peers), n)
            first, second, *_rest = process.prices
            others = stdev(process.prices[1:])
            if low and second - first > n["ratio"] * others:
                ratio = number((second - first) / others) if others else "∞"
                yield _about(process, ratio=ratio, variation=number(peers[process.number]))


class Lopsided(Rule):
    """C3."""

    code = "C3"
    severity = 0
    name = _("报价分布异常")
    formula = _("首轮报价的偏度与（最高 − 最低）÷ 最低都不高于同类第 5 百分位（同类至少 %(peers)s 次）")
    finding = _(
        "偏度 %(skewness)s（界线 %(skewness_line)s），价差 %(spread)s（界线 %(spread_line)s），同类 %(peers)s 次"
    )
    ground = grounds.COLLUSION
    check = _("与同一机构在其他项目的报价对照，看是否只在相遇时如此报价。")
    innocent = (grounds.KNOWN_COSTS,)

    def find(self, window: Window, n: Numbers) -> Iterator[Found]:
        skews, spreads = _values(window, n, skewness), _values(window, n, spread)
        if len(skews) < n["peers"]:
            return
        skew_line, spread_line = (quantile(list(v.values()), n["percentile"]) for v in (skews, spreads))
        for process in _comparable(window, n):
            skew, wide = skews[process.number], spreads[process.number]
            if skew <= skew_line and wide <= spread_line:
                yield _about(
                    process,
                    skewness=number(skew),
                    skewness_line=number(skew_line),
                    spread=percent(wide),
                    spread_line=percent(spread_line),
                    peers=len(skews),
                )


class Gap(Rule):
    """C4, as R024 and R058."""

    code = "C4"
    name = _("最低价与次低价差距异常")
    formula = _(
        "（次低价 − 最低价）÷ 最低价 不高于 Q1 − 1.5·IQR 或不低于 Q3 + 1.5·IQR（同类至少 %(peers)s 次；Cardinal R024、R058）"
    )
    finding = _("差距 %(gap)s，同类 %(peers)s 次，界线 %(low)s 与 %(high)s")
    ground = grounds.COLLUSION
    check = _("差距过小：比对两家文件与提交时间。差距过大：审查成本说明，看能否按质履约。")
    innocent = (grounds.KNOWN_COSTS, _("一家有现成成果可以复用，报价明显更低。"))

    def find(self, window: Window, n: Numbers) -> Iterator[Found]:
        several = [one for one in window.processes if one.sealed and len(one.prices) > 1 and one.prices[0] > 0]
        gaps = {one.number: (one.prices[1] - one.prices[0]) / one.prices[0] for one in several}
        if len(gaps) < n["peers"]:
            return
        values = list(gaps.values())
        low, high = low_fence(values), high_fence(values)
        for process in several:
            gap = gaps[process.number]
            if (low > 0 and gap <= low) or (high > 0 and gap >= high):
                yield _about(process, gap=percent(gap), low=percent(low), high=percent(high), peers=len(gaps))


class SamePrice(Rule):
    """C4, as R028."""

    code = "C4b"
    name = _("不同机构报价相同")
    formula = _("同一项目中不同机构的首轮报价完全相同（Cardinal R028）")
    finding = _("%(count)s 次报出相同价格")
    ground = grounds.DEEMED
    check = _("比对两家报价文件的作者、编制时间与错漏之处。")
    innocent = (_("都报了整数或参考价。"), _("收费标准由国家规定，价格本来相同。"))

    def find(self, window: Window, n: Numbers) -> Iterator[Found]:
        del n
        met: dict[tuple[str, str], list[dict[str, Value]]] = defaultdict(list)
        for process in filter(attrgetter("sealed"), window.processes):
            for (one, price), (other, same) in combinations(sorted(process.priced.items()), 2):
                if price == same:
                    met[one, other].append({"number": process.number, "amount": price})
        for pair, rows in met.items():
            yield Found(About.PAIR, pair, {"count": len(rows)}, tuple(rows), pair)


class Coalition(Rule):
    """C9."""

    code = "C9"
    severity = 2
    name = _("小圈子报价过于接近")
    formula = _(
        "任意 %(smallest)s 至 %(largest)s 家，共同报价至少 %(joint)s 次，其中至少 %(share)s 的次数里这几家的标准差 ÷ 平均数 < %(variation)s"
    )
    finding = _("%(size)s 家共同报价 %(joint)s 次，其中 %(close)s 次标准差 ÷ 平均数低于界线，最低 %(least)s")
    ground = grounds.COLLUSION
    check = _("把这几家的全部共同项目排在一起看谁中选；调取资金往来、人员社保和文件属性。")
    innocent = (grounds.FEW_FIRMS, grounds.KNOWN_COSTS)

    def find(self, window: Window, n: Numbers) -> Iterator[Found]:
        met = groups_met(
            filter(attrgetter("sealed"), window.processes), int(n["joint"]), int(n["smallest"]), int(n["largest"])
        )
        suspicious: list[set[str]] = []
        for group in larger_first(met):
            values = [(one, variation([one.priced[member] for member in group])) for one in met[group]]
            close = [(process, value) for process, value in values if value < n["variation"]]
            part = any(set(group) < larger for larger in suspicious)
            if len(close) >= n["share"] * len(values) and not part:
                suspicious.append(set(group))
                yield _coalition(group, close, len(values))


def _coalition(group: tuple[str, ...], close: list[tuple[Process, float]], joint: int) -> Found:
    rows: tuple[dict[str, Value], ...] = tuple(
        {"number": process.number, "winner": process.winner, "value": number(value)} for process, value in close
    )
    least = min(value for _process, value in close)
    numbers: dict[str, Value] = {"size": len(group), "joint": joint, "close": len(close), "least": number(least)}
    return Found(About.GROUP, group, numbers, rows, group)


def _comparable(window: Window, n: Numbers) -> list[Process]:
    return [one for one in window.processes if one.sealed and len(one.prices) >= n["prices"] and one.prices[0] > 0]


def _values(window: Window, n: Numbers, of: Measure) -> dict[str, float]:
    return {one.number: of([float(price) for price in one.prices]) for one in _comparable(window, n)}


def _line(values: list[float], n: Numbers, least: float) -> float:
    """The percentile of the peers if there are enough of them, else the fixed line."""
    return quantile(values, n["percentile"]) if len(values) >= n["peers"] else least


def _low(value: float, line: float, peers: int, n: Numbers) -> bool:
    return value < n["variation"] or (peers >= n["peers"] and value <= line)


def _about(process: Process, **numbers: Value) -> Found:
    rows: tuple[dict[str, Value], ...] = tuple(
        {"agency": who, "amount": price} for who, price in sorted(process.priced.items(), key=lambda one: one[1])
    )
    agencies = tuple(sorted(process.priced))
    return Found(About.REQUEST, (process.number,), {"prices": len(rows), **numbers}, rows, agencies)
