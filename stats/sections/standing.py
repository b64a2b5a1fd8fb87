"""What stands open or was decided, on the whole platform, on the day of the last sum."""

from collections import Counter
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bidding.models import ObjectionStatus
from core.money import shown
from ratings.models import ComplaintKind, ComplaintStatus
from stats.queries.report import Report
from stats.rules.figures import share
from stats.sections.names import Names
from stats.tables import Column, Row, Section, Unit

_COUNT = Column("count", gettext_lazy("数量"), bars=True)
_SHARE = Column("share", gettext_lazy("占比"), Unit.PERCENT)


def sections(found: Report, names: Names) -> list[Section]:
    """None of them before the first sum."""
    if found.day is None:
        return []
    stock = found.day.stock
    return [
        provinces(stock["agencies"], names),
        payments(stock["payments"]),
        complaints(stock["complaints"]),
        objections(stock["objections"]),
        policy(stock["policy"]),
        punctuality(stock["punctuality"]),
    ]


def from_outside(agencies: dict[str, int]) -> tuple[int, int]:
    """`(from other provinces, all)` of the agencies by where they come from."""
    home = sum(count for code, count in agencies.items() if code.startswith("62"))
    return sum(agencies.values()) - home, sum(agencies.values())


def by_province(agencies: dict[str, int]) -> Counter[str]:
    """Agencies by the two digits of their province."""
    found: Counter[str] = Counter()
    for code, count in agencies.items():
        found[code[:2]] += count
    return found


def provinces(agencies: dict[str, int], names: Names) -> Section:
    """Where agencies come from."""
    total = sum(agencies.values())
    rows = [
        Row(
            [names.region(code), count, share(count, total)],
            code=code,
            href=f"{reverse('agency_list')}?region={code}0000",
        )
        for code, count in sorted(by_province(agencies).items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    return Section(
        "provinces",
        _("机构来自哪里"),
        _("全部入驻机构按注册地所在省份统计；外省机构占比即注册地不在甘肃省的机构比例。"),
        _("占比 = 该省机构数 ÷ 全部入驻机构数。"),
        [Column("province", gettext_lazy("省份"), Unit.TEXT), _COUNT, _SHARE],
        rows,
        narrowed=False,
    )


def payments(stock: dict[str, int]) -> Section:
    """How buyers pay."""
    labels = {"in_time": _("按期付清"), "late": _("逾期付清"), "overdue": _("逾期未付清"), "open": _("未到期")}
    total = sum(stock[name] for name in labels)
    overdue = (
        _("逾期未付清的应付款，涉及应付金额 %(amount)s。") % {"amount": shown(stock["overdue_amount"])}
        if stock["overdue"]
        else ""
    )
    return Section(
        "payments",
        _("付款"),
        _("已开票的应付款是否在到期日前付清（R9：自发票之日起 30 天内）。"),
        _("占比 = 该状态的应付款笔数 ÷ 全部已开票应付款笔数。"),
        [Column("state", gettext_lazy("付款状态"), Unit.TEXT), _COUNT, _SHARE],
        [Row([label, stock[name], share(stock[name], total)], code=name) for name, label in labels.items()],
        narrowed=False,
        note=overdue,
    )


def complaints(stock: list[list[Any]]) -> Section:
    """What became of complaints."""
    counts = {(kind, status): count for kind, status, count in stock}
    columns = [
        Column("kind", gettext_lazy("投诉类别"), Unit.TEXT),
        *[Column(status.value, status.label) for status in ComplaintStatus],
        Column("total", gettext_lazy("合计"), bars=True),
    ]
    rows = []
    for kind in ComplaintKind:
        line = [counts.get((kind.value, status.value), 0) for status in ComplaintStatus]
        rows.append(Row([str(kind.label), *line, sum(line)], code=kind.value))
    return Section(
        "complaints",
        _("投诉处理"),
        _("全部投诉举报按类别和处理结果统计；投诉人身份不公开。"),
        _("各列为该结果的投诉件数。"),
        columns,
        rows,
        narrowed=False,
    )


def objections(stock: dict[str, int]) -> Section:
    """What became of objections to awards."""
    total = sum(stock.values())
    return Section(
        "objections",
        _("对中选结果的异议"),
        _("公示期内提出的异议，及其投诉处理结果（R5.9）。"),
        _("占比 = 该状态的异议件数 ÷ 全部异议件数。"),
        [Column("status", gettext_lazy("处理状态"), Unit.TEXT), _COUNT, _SHARE],
        [
            Row([str(one.label), stock.get(one.value, 0), share(stock.get(one.value, 0), total)], code=one.value)
            for one in ObjectionStatus
        ],
        narrowed=False,
    )


def policy(stock: dict[str, int]) -> Section:
    """What the policy check let through."""
    labels = {
        "passed": _("通过政策体检后发布的公告（近 12 个月）"),
        "restricted": _("其中设有限制条件并写明法律依据的"),
        "government": _("其中使用财政资金、必须竞争选取的"),
        "cancelled_items": _("已取消、不得再作为前置条件的事项"),
        "demands": _("收到的“仍在索要已取消事项”匿名举报"),
    }
    return Section(
        "policy",
        _("政策体检"),
        _("公告发布前逐条对照改革方案检查；不符合的不能发布，所以没有“带病发布”的数字。"),
        _("按公告数、事项数、举报件数直接计数。"),
        [Column("what", gettext_lazy("内容"), Unit.TEXT), _COUNT],
        [Row([label, stock[name]], code=name) for name, label in labels.items()],
        narrowed=False,
        more=(reverse("policy_page"), _("政策对照")),
    )


def punctuality(stock: dict[str, int]) -> Section:
    """Whether regulators keep their own dates."""
    labels = {"in_time": _("按期"), "late": _("逾期办结"), "overdue": _("逾期未办"), "open": _("办理中")}
    judged = stock["in_time"] + stock["late"] + stock["overdue"]
    return Section(
        "punctuality",
        _("监管部门办案时效"),
        _("退出程序、投诉、评价争议、抽查和信用修复中，监管部门负责的每一步是否按期。"),
        _("占比 = 该状态的环节数 ÷ (按期 + 逾期办结 + 逾期未办)；办理中的不计。"),
        [Column("state", gettext_lazy("状态"), Unit.TEXT), _COUNT, _SHARE],
        [
            Row([label, stock[name], None if name == "open" else share(stock[name], judged)], code=name)
            for name, label in labels.items()
        ],
        narrowed=False,
        more=(reverse("punctuality"), _("按环节查看")),
    )
