"""B1–B4, B6, B8, B10: what a single request shows."""

from abc import abstractmethod
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from flags.rows import Process, Window
from flags.rules import grounds
from flags.rules.base import About, Found, Rule, Value, percent
from flags.rulesets import Numbers


class OfRequest(Rule):
    """A rule that judges each process by itself."""

    def find(self, window: Window, n: Numbers) -> Iterator[Found]:
        for process in window.processes:
            numbers = self.judge(process, n)
            if numbers is not None:
                agencies = (process.winner,) if process.winner else ()
                yield Found(About.REQUEST, (process.number,), numbers, _offers(process), agencies)

    @abstractmethod
    def judge(self, process: Process, n: Numbers) -> dict[str, Value] | None:
        """The numbers of what is found, or None."""


class SingleBidder(OfRequest):
    """B1, as R018."""

    code = "B1"
    name = _("竞争性采购只有一家报价")
    formula = _("公开或邀请竞争的采购，报价机构 = %(tenderers)s 家（Cardinal R018）")
    finding = _("只有 %(tenderers)s 家报价")
    ground = grounds.OPENNESS
    check = _("看公告要求是否过窄、时间是否过短，询问匹配而未参加的机构为何不来。")
    innocent = (grounds.SPECIAL, grounds.FEW_FIRMS)

    def judge(self, process: Process, n: Numbers) -> dict[str, Value] | None:
        alone = process.competitive and process.winner is not None and len(process.priced) == n["tenderers"]
        return {"tenderers": len(process.priced)} if alone else None


class ShortNotice(OfRequest):
    """B2, as R003."""

    code = "B2"
    name = _("公告期不足")
    formula = _("公告的工作日少于规则要求（Cardinal R003；平台内发布的需求由规则保证，应为 0）")
    finding = _("公告 %(given)s 个工作日，应有 %(least)s 个")
    ground = grounds.OPENNESS
    check = _("核对公告发布与截止时间，看是否因变更而未顺延。")
    innocent = (_("节假日调整使工作日数与预计不同。"),)

    def judge(self, process: Process, n: Numbers) -> dict[str, Value] | None:
        del n
        given, least = process.notice_wd, process.notice_least_wd
        short = given is not None and least is not None and given < least
        return {"given": given, "least": least} if short else None


class AllOthersExcluded(OfRequest):
    """B3, as R035."""

    code = "B3"
    severity = 2
    name = _("除中选者外全部被排除")
    formula = _("报价有效的只有中选机构一家，其余至少 %(excluded)s 家被排除（Cardinal R035）")
    finding = _("%(excluded)s 家被排除，只剩中选者")
    ground = grounds.UNFAIR
    check = _("逐一核对排除理由与证据，看同样的缺陷对中选者是否同样处理。")
    innocent = (_("多家机构确实缺少法定资质。"),)

    def judge(self, process: Process, n: Numbers) -> dict[str, Value] | None:
        excluded = {one.agency for one in process.offers if one.excluded} - {process.winner}
        alone = process.winner is not None and set(process.priced) == {process.winner}
        return {"excluded": len(excluded)} if alone and len(excluded) >= n["excluded"] else None


class LowestExcluded(OfRequest):
    """B4, as R036."""

    code = "B4"
    name = _("最低报价被排除")
    formula = _("已有中选结果，而最低的报价被排除（Cardinal R036）")
    finding = _("被排除的最低报价比最低有效报价低 %(below)s")
    ground = grounds.UNFAIR
    check = _("查看排除理由、价格说明和决定人，看是否给过说明机会。")
    innocent = (_("报价明显低于成本且未能说明理由。"), _("报价与承诺的密封值不符，依规则无效。"))

    def judge(self, process: Process, n: Numbers) -> dict[str, Value] | None:
        del n
        excluded = [one.amount for one in process.offers if one.excluded and one.amount is not None]
        if process.winner is None or not excluded or not process.prices or min(excluded) >= process.prices[0]:
            return None
        return {"below": percent(1 - min(excluded) / process.prices[0])}


class LateWinner(OfRequest):
    """B6, as R030; must be nothing by I6."""

    code = "B6"
    severity = 2
    name = _("逾期报价中选")
    formula = _("中选机构的报价在截止之后收到（Cardinal R030；平台内由不变量 I6 保证，应为 0）")
    finding = _("截止 %(until)s，收到 %(at)s")
    ground = grounds.OPENNESS
    check = _("核对公开记录中该笔报价的时间与哈希；如属平台故障，立即启动核查。")
    innocent = (_("数据由其他系统导入，时间口径不同。"),)

    def judge(self, process: Process, n: Numbers) -> dict[str, Value] | None:
        del n
        late = [
            one.at
            for one in process.offers
            if one.agency == process.winner and not one.excluded and one.at is not None and one.at > process.closes_at
        ]
        return {"until": process.closes_at.isoformat(), "at": min(late).isoformat()} if late else None


class Tailored(OfRequest):
    """B8."""

    code = "B8"
    name = _("资质要求量身定做")
    formula = _("公告要求的全部资质，只有不超过 %(holders)s 家机构具备")
    finding = _("全平台只有 %(holders)s 家机构具备所列全部资质")
    ground = grounds.UNFAIR
    check = _("核对每项资质的法律依据，看去掉非法定要求后有多少家可以参加。")
    innocent = (_("法律确实要求这些资质，而本省具备的机构很少。"),)

    def judge(self, process: Process, n: Numbers) -> dict[str, Value] | None:
        few = process.holders is not None and process.holders <= n["holders"]
        return {"holders": process.holders} if few else None


class HighCeiling(OfRequest):
    """B10."""

    code = "B10"
    severity = 0
    name = _("限价远高于成交价")
    formula = _("最高限价 ≥ 成交价 × %(ratio)s")
    finding = _("限价是成交价的 %(ratio)s 倍")
    ground = grounds.OPENNESS
    check = _("与同类市场中位价比较，看限价如何测算、是否意在预留空间。")
    innocent = (_("竞争充分，成交价降得多。"), _("限价按旧的收费标准测算。"))

    def judge(self, process: Process, n: Numbers) -> dict[str, Value] | None:
        high = process.final is not None and process.final > 0 and process.ceiling >= n["ratio"] * process.final
        return {"ratio": f"{process.ceiling / process.final:.2f}"} if high and process.final else None


def _offers(process: Process) -> tuple[dict[str, Value], ...]:
    whole: dict[str, Value] = {"number": process.number, "ceiling": process.ceiling, "amount": process.final}
    each: list[dict[str, Value]] = [
        {"agency": one.agency, "amount": one.amount, "outcome": "excluded" if one.excluded else None}
        for one in process.offers
    ]
    return (whole, *each)
