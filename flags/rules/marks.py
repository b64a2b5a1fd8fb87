"""R1–R4: rings, bursts, one-note raters and marks under pressure."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from flags.quartiles import high_fence
from flags.rows import Rated, Window
from flags.rules import grounds
from flags.rules.base import About, Found, Rule, Scope, Value, percent
from flags.rulesets import Numbers


class Ring(Rule):
    """R1."""

    code = "R1"
    scope = Scope.AGENCY
    severity = 2
    name = _("评价互捧")
    formula = _(
        "同一采购人的评价至少 %(ratings)s 份，限额前的权重占（%(prior)s + 总权重）的 %(share)s 以上，或双方互评均 ≥ %(mutual)s"
    )
    finding = _("同一采购人 %(ratings)s 份评价，权重占 %(share)s，平均 %(mean)s；双方互评均满分附近：%(mutual)s 份")
    ground = grounds.RATINGS
    check = _("核对合同是否真实履行、成果与付款凭证；查双方股权与人员关系。")
    innocent = (_("长期合作、每年续签的业务。"), _("当地只有这一个采购人需要该服务。"))

    def find(self, window: Window, n: Numbers) -> Iterator[Found]:
        groups: dict[str, list[Rated]] = defaultdict(list)
        for one in window.ratings:
            groups[one.buyer].append(one)
        whole = n["prior"] + sum(one.weight for one in window.ratings)
        for buyer, there in sorted(groups.items()):
            share = sum(one.weight for one in there) / whole
            praised = [one for one in there if one.back is not None and min(one.x, one.back) >= n["mutual"]]
            if len(there) >= n["ratings"] and (share > n["share"] or len(praised) >= n["ratings"]):
                numbers: dict[str, Value] = {
                    "ratings": len(there),
                    "share": percent(share),
                    "mean": f"{sum(one.x for one in there) / len(there):.2f}",
                    "mutual": len(praised),
                }
                yield Found(About.PAIR, (window.key[0], buyer), numbers, _rows(there), window.key[:1])


class Burst(Rule):
    """R2."""

    code = "R2"
    scope = Scope.AGENCY
    severity = 0
    name = _("评价突增")
    formula = _("某月评价数 > Q3 + %(reach)s·IQR，且不少于 %(least)s 份（至少有 %(months)s 个月有评价）")
    finding = _("%(month)s 有 %(count)s 份评价，界线 %(line)s")
    ground = grounds.RATINGS
    check = _("看这些评价是否来自关联采购人、金额是否很小、内容是否雷同。")
    innocent = (_("年底集中验收。"),)

    def find(self, window: Window, n: Numbers) -> Iterator[Found]:
        months = Counter(f"{one.at:%Y-%m}" for one in window.ratings)
        if len(months) < n["months"]:
            return
        line = high_fence([float(count) for count in months.values()], n["reach"])
        for month, count in months.items():
            if count > line and count >= n["least"]:
                there = [one for one in window.ratings if f"{one.at:%Y-%m}" == month]
                numbers: dict[str, Value] = {"month": month, "count": count, "line": f"{line:.1f}"}
                yield Found(About.AGENCY, (window.key[0], month), numbers, _rows(there), window.key[:1])


class OneNote(Rule):
    """R3. Its window holds what one buyer said of all agencies."""

    code = "R3"
    scope = Scope.BUYER
    severity = 0
    name = _("千篇一律的评价人")
    formula = _("同一采购人至少 %(ratings)s 份评价，给至少 %(agencies)s 家机构，分数完全相同")
    finding = _("给 %(agencies)s 家机构的 %(ratings)s 份评价都是 %(mark)s")
    ground = grounds.RATINGS
    check = _("提醒逐项评价；看是否由他人代评、是否与验收记录相符。")
    innocent = (_("确实都满意，或没有时间细评。"),)

    def find(self, window: Window, n: Numbers) -> Iterator[Found]:
        marks, agencies = {one.x for one in window.ratings}, {one.agency for one in window.ratings}
        if len(window.ratings) >= n["ratings"] and len(agencies) >= n["agencies"] and len(marks) == 1:
            numbers: dict[str, Value] = {
                "agencies": len(agencies),
                "ratings": len(window.ratings),
                "mark": f"{marks.pop():.2f}",
            }
            yield Found(About.BUYER, window.key, numbers, _rows(list(window.ratings)))


class Pressed(Rule):
    """R4; must be nothing on this platform, where a mark is sealed once and for good."""

    code = "R4"
    scope = Scope.AGENCY
    severity = 2
    name = _("受压改评")
    formula = _("机构提出意见后 %(days)s 日内，评价被改高（平台内评价一经作出不可更改，应为 0）")
    finding = _("%(count)s 份评价在机构提出意见后被改高")
    ground = grounds.RATINGS
    check = _("单独询问评价人改评的原因，核对双方往来。")
    innocent = (_("评价人核实后更正了自己的错误。"),)

    def find(self, window: Window, n: Numbers) -> Iterator[Found]:
        span = timedelta(days=n["days"])
        changed = [
            one
            for one in window.ratings
            if one.first is not None
            and one.pressed_at is not None
            and one.x > one.first
            and timedelta(0) <= one.at - one.pressed_at <= span
        ]
        if changed:
            yield Found(About.AGENCY, window.key, {"count": len(changed)}, _rows(changed), window.key[:1])


def _rows(ratings: list[Rated]) -> tuple[dict[str, Value], ...]:
    ordered = sorted(ratings, key=lambda one: one.at)
    return tuple(
        {"number": one.number, "buyer": one.buyer, "agency": one.agency, "mark": one.x, "back": one.back}
        for one in ordered
    )
