"""D1 and D2: whether a department steers enterprises to an agency, or passes one more readily than others."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from flags.rows import Served, Window
from flags.rules import grounds
from flags.rules.base import About, Found, Rule, Scope, Value, number, percent
from flags.rulesets import Numbers
from flags.statistics import fisher


class Steering(Rule):
    """D1. An enterprise counts once, by the agency that it used last."""

    code = "D1"
    scope = Scope.MARKET
    severity = 2
    name = _("变相指定中介机构")
    formula = _(
        "某部门某事项服务的企业 ≥ %(enterprises)s 家，其中使用某一机构的比例比该机构在其他部门的比例高 %(points)s 以上，且 Fisher 检验 p < %(p)s"
    )
    finding = _("%(of)s 家企业中 %(hits)s 家（%(share)s）使用同一机构，其他部门为 %(elsewhere)s；p = %(p)s")
    ground = grounds.STEERING
    check = _("回访企业：谁推荐了这家机构、换一家是否被退件；抽查办理记录与退件理由；核对该部门与机构的人员往来。")
    innocent = (grounds.GOOD_WORK, _("该机构就在当地，其他部门辖区内没有它的人员。"))

    def find(self, window: Window, n: Numbers) -> Iterator[Found]:
        by_department: dict[str, dict[str, Served]] = defaultdict(dict)
        for one in window.served:
            by_department[one.department][one.enterprise] = one
        for department, served in sorted(by_department.items()):
            # Enterprises anywhere that another department serves, or none that is known.
            others = {
                (one.department, one.enterprise): one.agency for one in window.elsewhere if one.department != department
            }
            if not department or len(served) < n["enterprises"] or not others:
                continue
            used, there = Counter(one.agency for one in served.values()), Counter(others.values())
            for agency, hits in used.items():
                share, elsewhere = hits / len(served), there[agency] / len(others)
                p = fisher(hits, len(served), there[agency], len(others))
                if round(share - elsewhere, 9) > n["points"] and p < n["p"]:
                    numbers: dict[str, Value] = {
                        "of": len(served),
                        "hits": hits,
                        "share": percent(share),
                        "elsewhere": percent(elsewhere),
                        "p": f"{p:.2g}",
                    }
                    rows: tuple[dict[str, Value], ...] = tuple(
                        _row(one) for one in served.values() if one.agency == agency
                    )
                    yield Found(About.DEPARTMENT, (department, agency), numbers, rows, (agency,))


class PassesOne(Rule):
    """D2."""

    code = "D2"
    severity = 2
    name = _("对一家机构网开一面")
    formula = _("某部门对一家机构成果的一次通过率比对其他机构高 %(points)s 以上（双方各至少 %(served)s 件）")
    finding = _("该机构 %(of)s 件一次通过 %(rate)s，其他机构 %(others)s 件一次通过 %(elsewhere)s；相差 %(points)s")
    ground = grounds.STEERING
    check = _("抽取双方成果盲评，核对退件理由是否相同缺陷不同处理。")
    innocent = (grounds.GOOD_WORK,)

    def find(self, window: Window, n: Numbers) -> Iterator[Found]:
        told: dict[str, list[Served]] = defaultdict(list)
        for one in window.served:
            if one.passed is not None and one.department:
                told[one.department].append(one)
        for department, there in sorted(told.items()):
            for agency in sorted({one.agency for one in there}):
                own = [bool(one.passed) for one in there if one.agency == agency]
                rest = [bool(one.passed) for one in there if one.agency != agency]
                if min(len(own), len(rest)) < n["served"]:
                    continue
                ahead = round(sum(own) / len(own) - sum(rest) / len(rest), 9)
                if ahead > n["points"]:
                    numbers: dict[str, Value] = {
                        "of": len(own),
                        "rate": percent(sum(own) / len(own)),
                        "others": len(rest),
                        "elsewhere": percent(sum(rest) / len(rest)),
                        "points": number(ahead),
                    }
                    rows: tuple[dict[str, Value], ...] = tuple(_row(one) for one in there if one.agency == agency)
                    yield Found(About.DEPARTMENT, (department, agency), numbers, rows, (agency,))


def _row(one: Served) -> dict[str, Value]:
    outcome = {True: "passed", False: "returned", None: None}[one.passed]
    return {"number": one.number, "enterprise": one.enterprise, "agency": one.agency, "outcome": outcome}
