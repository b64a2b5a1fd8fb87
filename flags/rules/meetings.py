"""C6–C8: who meets whom, who takes turns, who never wins."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from flags.quartiles import low_fence, quantile
from flags.rows import Process, Window
from flags.rules import grounds
from flags.rules.base import About, Found, Rule, Value, number, percent
from flags.rules.groups import groups_met, larger_first, pairs_met
from flags.rulesets import Numbers
from flags.statistics import too_many_runs


class Companions(Rule):
    """C6."""

    code = "C6"
    severity = 2
    name = _("结伴参加，其中一家从不中选")
    formula = _("P(甲,乙) ÷（P(甲)·P(乙)）≥ %(lift)s，共同报价 ≥ %(joint)s 次，且其中一家在共同项目中从未中选")
    finding = _("共同报价 %(joint)s 次，是各自独立参加时预期的 %(lift)s 倍；其中一家一次未中")
    ground = grounds.COLLUSION
    check = _("核对从不中选的一家单独参加时的报价与中选情况，调取两家的合同、付款和人员往来。")
    innocent = (grounds.FEW_FIRMS, _("从不中选的一家刚进入市场，还在摸索报价。"))

    def find(self, window: Window, n: Numbers) -> Iterator[Found]:
        total = sum(1 for one in window.processes if one.priced)
        alone = Counter(agency for one in window.processes for agency in one.priced)
        for pair, joint in pairs_met(window.processes, int(n["joint"])).items():
            lift = len(joint) * total / (alone[pair[0]] * alone[pair[1]])
            wins = [sum(one.winner == agency for one in joint) for agency in pair]
            if lift >= n["lift"] and min(wins) == 0:
                numbers: dict[str, Value] = {"joint": len(joint), "lift": f"{lift:.1f}"}
                yield Found(About.PAIR, pair, numbers, _won(joint), pair)


class Rotation(Rule):
    """C7."""

    code = "C7"
    severity = 2
    name = _("轮流中选")
    formula = _(
        "同一组机构（2 至 %(largest)s 家）共同报价并由其中一家中选 ≥ %(joint)s 次，中选次序过于整齐（游程检验 p < %(p)s），"
        "各家份额相差不超过 %(shares)s"
    )
    finding = _("%(size)s 家轮流中选 %(joint)s 次，游程检验 p = %(p)s，份额最多相差 %(shares)s")
    ground = grounds.COLLUSION
    check = _("按时间排列中选次序，核对轮空的项目由谁让出；询问未中选各家报价如何得出。")
    innocent = (grounds.FEW_FIRMS, _("各家轮流有空档：在手项目多的一家自然报高价。"))

    def find(self, window: Window, n: Numbers) -> Iterator[Found]:
        met = groups_met(window.processes, int(n["joint"]), 2, int(n["largest"]))
        found: list[set[str]] = []
        for group in larger_first(met):
            won = sorted((one for one in met[group] if one.winner in group), key=lambda one: one.ended_at)
            turns = [one.winner or "" for one in won]
            wins = [turns.count(agency) / max(len(turns), 1) for agency in group]
            uneven, p = max(wins) - min(wins), too_many_runs(turns)
            part = any(set(group) < larger for larger in found)
            if len(won) >= n["joint"] and p < n["p"] and uneven <= n["shares"] and not part:
                found.append(set(group))
                numbers: dict[str, Value] = {
                    "size": len(group),
                    "joint": len(won),
                    "p": number(p),
                    "shares": percent(uneven),
                }
                yield Found(About.GROUP, group, numbers, _won(won), group)


class RarelyWins(Rule):
    """C8, as R025."""

    code = "C8"
    severity = 0
    name = _("参加很多，几乎不中")
    formula = _("报价次数不低于 Q3 的机构，中选率不高于 Q1 − 1.5·IQR（同类至少 %(peers)s 家；Cardinal R025）")
    finding = _("报价 %(bids)s 次，中选 %(wins)s 次（%(share)s）；同类界线 %(line)s")
    ground = grounds.COLLUSION
    check = _("看其总与谁一同参加、报价是否总高出一截，是否由中选机构代为参加。")
    innocent = (_("成本高、报价没有竞争力。"), _("刚进入市场，先熟悉规则。"))

    def find(self, window: Window, n: Numbers) -> Iterator[Found]:
        took, won = defaultdict[str, list[Process]](list), Counter[str]()
        for process in window.processes:
            if process.winner is not None:
                won[process.winner] += 1
                for agency in process.priced:
                    took[agency].append(process)
        if len(took) < n["peers"]:
            return
        shares = {one: won[one] / len(there) for one, there in took.items()}
        many = quantile([len(there) for there in took.values()], 0.75)
        line, first = low_fence(list(shares.values())), quantile(list(shares.values()), 0.25)
        for one, there in took.items():
            # Where all win alike, the line is what they all win; that is nothing to be told of them.
            if line > 0 and len(there) >= many and shares[one] <= line and shares[one] < first:
                numbers: dict[str, Value] = {
                    "bids": len(there),
                    "wins": won[one],
                    "share": percent(shares[one]),
                    "line": percent(line),
                }
                yield Found(About.AGENCY, (one,), numbers, _won(there), (one,))


class NeverPriced(Rule):
    """C8, the second half."""

    code = "C8b"
    severity = 0
    name = _("多次报名，从不报价")
    formula = _("12 个月内报名后未报价 ≥ %(unpriced)s 次")
    finding = _("报名后未报价 %(count)s 次")
    ground = grounds.COLLUSION
    check = _("看其报名是否为凑足家数，是否总与同一家一同报名。")
    innocent = (_("报名后发现档期冲突。"), _("对限价估计有误，放弃报价。"))

    def find(self, window: Window, n: Numbers) -> Iterator[Found]:
        silent: dict[str, list[dict[str, Value]]] = defaultdict(list)
        for process in window.processes:
            if process.priced:
                for offer in process.offers:
                    if offer.amount is None:
                        silent[offer.agency].append({"number": process.number, "winner": process.winner})
        for agency, rows in silent.items():
            if len(rows) >= n["unpriced"]:
                yield Found(About.AGENCY, (agency,), {"count": len(rows)}, tuple(rows), (agency,))


def _won(processes: list[Process]) -> tuple[dict[str, Value], ...]:
    ordered = sorted(processes, key=lambda one: one.ended_at)
    return tuple({"number": one.number, "winner": one.winner, "amount": one.final} for one in ordered)
