"""C10 and C11: marks that two agencies share, and prices that speak."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations, pairwise

from django.utils.translation import gettext_lazy as _

from flags.rows import Bid, Process, Window
from flags.rules import grounds
from flags.rules.base import About, Found, Rule, Value
from flags.rulesets import Numbers

_YUAN = 100
_ROUND = 10 * _YUAN
_ENDING = 100 * _YUAN


class SameHand(Rule):
    """C10."""

    code = "C10"
    severity = 2
    version = 2
    name = _("同一只手")
    formula = _(
        "两家机构的电话、收款账户、网络段、浏览器、方案文件或其作者相同，或密封报价相隔不到 %(seconds)s 秒，合计 ≥ %(times)s 次"
    )
    finding = _("%(times)s 处相同，涉及 %(processes)s 个项目")
    ground = grounds.DEEMED
    check = _("凭机构登记材料核对联系人与账户户名，调取文件属性与网络日志，询问经办人。")
    innocent = (
        _("委托同一家代理记账或代办机构填写资料。"),
        _("在同一园区或同一办公楼上网。"),
        _("都赶在截止前最后几秒提交。"),
    )

    def find(self, window: Window, n: Numbers) -> Iterator[Found]:
        shared: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
        left: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for trace in window.traces:
            left[trace.kind, trace.key, trace.number].add(trace.agency)
        for (kind, _key, number), agencies in left.items():
            for pair in combinations(sorted(agencies), 2):
                shared[pair].add((number, kind))
        for process in window.processes:
            for pair in _within(process, timedelta(seconds=n["seconds"])):
                shared[pair].add((process.number, "seconds"))
        for pair, marks in shared.items():
            if len(marks) >= n["times"]:
                rows: tuple[dict[str, Value], ...] = tuple(
                    {"number": number, "kind": kind} for number, kind in sorted(marks)
                )
                numbers: dict[str, Value] = {"times": len(rows), "processes": len({number for number, _kind in marks})}
                yield Found(About.PAIR, pair, numbers, rows, pair)


class Signals(Rule):
    """C11, the first half."""

    code = "C11"
    name = _("用尾数打信号")
    formula = _("竞价中一家机构至少 %(endings)s 次报出相同的零碎尾数，而这些价格不是按步长降出来的")
    finding = _("一家机构 %(count)s 次报出尾数 %(ending)s 元")
    ground = grounds.COLLUSION
    check = _("把尾数与项目编号、机构编号对照，看其他机构此后是否停止报价。")
    innocent = (_("习惯用吉利数字。"),)

    def find(self, window: Window, n: Numbers) -> Iterator[Found]:
        for process in window.processes:
            odd: dict[tuple[str, int], list[Bid]] = defaultdict(list)
            for before, bid in pairwise(process.bids):
                stepped = process.step and (before.amount - bid.amount) % process.step == 0
                if bid.amount % _ROUND and not stepped:
                    odd[bid.agency, bid.amount % _ENDING].append(bid)
            for (agency, ending), bids in odd.items():
                if len(bids) >= n["endings"]:
                    numbers: dict[str, Value] = {"count": len(bids), "ending": f"{ending / _YUAN:g}"}
                    yield Found(About.AUCTION, (process.number,), numbers, _rows(bids), (agency,))


class OnlyEachOther(Rule):
    """C11, the second half."""

    code = "C11b"
    name = _("两家只回应对方")
    formula = _(
        "至少三家出价的竞价中，两家各出价至少 %(answers)s 次，每次都紧跟对方，而其他机构同时出价至少 %(others)s 次"
    )
    finding = _("两家各出价 %(first)s 与 %(second)s 次，除第一次外每次都紧跟对方；其他机构出价 %(others)s 次")
    ground = grounds.COLLUSION
    check = _("回放竞价，核对两家的网络地址与经办人；看其他机构出价后两家是否都不理会。")
    innocent = (_("两家都设了保底价，由系统自动交替报价。"),)

    def find(self, window: Window, n: Numbers) -> Iterator[Found]:
        for process in window.processes:
            counts = Counter(bid.agency for bid in process.bids)
            for one, other in combinations(sorted(counts), 2):
                others = len(process.bids) - counts[one] - counts[other]
                if min(counts[one], counts[other]) < n["answers"] or others < n["others"]:
                    continue
                if _answers_only(process.bids, one, other):
                    said: dict[str, Value] = {"first": counts[one], "second": counts[other], "others": others}
                    bids = [bid for bid in process.bids if bid.agency in (one, other)]
                    yield Found(About.AUCTION, (process.number,), said, _rows(bids), (one, other))


def _answers_only(bids: tuple[Bid, ...], one: str, other: str) -> bool:
    """Does each bid of the two, but the first that either makes, follow at once on the other's?"""
    first = next(place for place, bid in enumerate(bids) if bid.agency in (one, other))
    return all(
        {before.agency, bid.agency} == {one, other}
        for place, (before, bid) in enumerate(pairwise(bids), 1)
        if bid.agency in (one, other) and place != first
    )


def _within(process: Process, least: timedelta) -> Iterator[tuple[str, str]]:
    """Pairs whose sealed prices came so close together."""
    timed = sorted((one.at, one.agency) for one in process.offers if one.at is not None)
    for (at, one), (then, other) in combinations(timed, 2):
        if one != other and then - at < least:
            yield (one, other) if one < other else (other, one)


def _rows(bids: list[Bid]) -> tuple[dict[str, Value], ...]:
    return tuple({"agency": bid.agency, "amount": bid.amount, "at": bid.at.isoformat()} for bid in bids)
