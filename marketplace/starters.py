"""Three texts to start from, for who writes a first request."""

from typing import Any

_STARTERS: dict[str, dict[str, Any]] = {
    "water": {
        "item": "WAT-01",
        "title": "节水改造项目水土保持方案编制",
        "scope": "按现行技术规范编制水土保持方案报告书，配合完成审查并按审查意见修改。现场踏勘不少于一次。",
        "deliverables": "水土保持方案报告书纸质版六份、电子版一份。",
        "term_workdays": 20,
    },
    "environment": {
        "item": "ENV-01",
        "title": "生产线技术改造环境影响报告表编制",
        "scope": "完成现场踏勘、环境质量现状调查、影响分析和措施论证，编制环境影响报告表，配合技术评估并修改完善。",
        "deliverables": "环境影响报告表（报批稿）纸质版五份、电子版一份。",
        "term_workdays": 30,
    },
    "audit": {
        "item": "FIN-01",
        "title": "基本建设项目竣工财务决算审核",
        "scope": "审核竣工财务决算报告、工程价款结算和待摊费用，现场核查资产交付情况，出具审核报告。",
        "deliverables": "竣工财务决算审核报告及附表，纸质版四份。",
        "term_workdays": 20,
    },
}


def all_of_them() -> list[tuple[str, str]]:
    """`(name, title)` of each."""
    return [(name, starter["title"]) for name, starter in _STARTERS.items()]


def named(name: str | None) -> dict[str, Any]:
    """The values of one; nothing for an unknown name."""
    return dict(_STARTERS.get(name or "", {}))
