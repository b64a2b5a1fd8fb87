"""The policy check (政策体检): plain values in, findings out. It runs while typing, on submit and in the action alike."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from accounts.models import Kind
from core.money import shown
from marketplace.models import CommissionedBy, FeeMode, ItemStatus, Method
from marketplace.policy import methods, patterns
from marketplace.policy.findings import Finding, Severity
from marketplace.rulesets import RuleSet

_LAW = re.compile(r"《[^《》]{2,40}》\s*(?:第[一二三四五六七八九十百零〇0-9]+条)")
_STATUTE = re.compile(r"《[^《》]*(?:法|条例|法典|规定|办法)(?:（[^）]*）)?》")


@dataclass(frozen=True)
class Draft:
    """A request as the check reads it. Money in fen; None where nothing was filled in yet.

    `failed_tries` are the competitive selections before it that failed; the `direct_` fields what 直接选取 names.
    """

    buyer_kind: Kind
    texts: dict[str, str] = field(default_factory=dict)
    item_status: ItemStatus | None = None
    item_commissioned_by: CommissionedBy | None = None
    item_fee_mode: FeeMode | None = None
    method: Method = Method.LIVE
    ceiling: int | None = None
    public_funds: bool = False
    payer_is_buyer: bool = True
    budget_line: str = ""
    cited_law: str = ""
    failed_tries: int = 0
    direct_agency: bool = False
    direct_price: int | None = None
    direct_reason: str = ""
    # 综合比选: percent by `marketplace.policy.weights.FIELDS`.
    weights: Mapping[str, int] | None = None

    @property
    def government(self) -> bool:
        """GOV of the rules: a department, or anybody spending public money."""
        return self.buyer_kind == Kind.DEPARTMENT or self.public_funds


def check(draft: Draft, numbers: RuleSet) -> list[Finding]:
    """Everything there is to say about a draft, in the order of the form; publishable if nothing of it fails."""
    return [
        *_about_item(draft),
        *_about_texts(draft),
        *methods.about(draft.method, draft, numbers),
        *_about_money(draft, numbers),
    ]


def failures(findings: list[Finding]) -> list[Finding]:
    """The findings that keep a request from being published."""
    return [finding for finding in findings if finding.severity == Severity.FAIL]


def cites_a_law(text: str) -> bool:
    """Does it name a statute and its article, such as 《中华人民共和国测绘法》第二十七条?"""
    return bool(_LAW.search(text) and _STATUTE.search(text))


def _about_item(draft: Draft) -> Iterator[Finding]:
    if draft.item_status == ItemStatus.CANCELLED:
        yield Finding(
            "P_ITEM_CANCELLED",
            "P18.1",
            Severity.FAIL,
            _("该事项已取消，任何部门不得作为审批前置条件，也不得要求委托"),
            "item",
            fix=_("选择保留的事项，或举报仍在索要的部门"),
        )
    elif draft.item_status == ItemStatus.DRAFT:
        yield Finding(
            "P_ITEM_INCOMPLETE",
            "P18.3",
            Severity.FAIL,
            _("该事项的时限、流程、条件、收费尚未全部公开，暂不能发布需求"),
            "item",
            fix=_("等待事项指南公布，或选择其他事项"),
        )
    if draft.item_commissioned_by == CommissionedBy.DEPARTMENT and draft.buyer_kind == Kind.ENTERPRISE:
        yield Finding(
            "P_DEPARTMENT_PAYS",
            "P20.7",
            Severity.ADVICE,
            _("该事项依法由审批部门委托并付费，部门要求贵单位自行委托的，可以拒绝并举报"),
            "item",
        )


def _about_texts(draft: Draft) -> Iterator[Finding]:
    lawful = cites_a_law(draft.cited_law)
    for name, text in draft.texts.items():
        rules = [rule for rule in patterns.RULES if name in rule.fields]
        if draft.buyer_kind == Kind.DEPARTMENT:
            rules.append(patterns.FEE_PASSED_ON)
        found = sorted(((*match, rule) for rule in rules for match in patterns.matches(rule, text)), key=_position)
        covered = 0
        for start, words, rule in found:
            if start < covered:
                continue
            covered = start + len(words)
            yield _finding(rule, name, start, words, lawful=lawful)


def _position(found: tuple[int, str, patterns.Rule]) -> tuple[int, int]:
    start, words, _rule = found
    return start, -len(words)


def _finding(rule: patterns.Rule, name: str, start: int, words: str, *, lawful: bool) -> Finding:
    cited = rule.lawful and lawful
    return Finding(
        rule.code,
        rule.clause,
        Severity.CITED if cited else Severity.FAIL,
        _("该限制有法律依据，将随公告公开") if cited else rule.message,
        name,
        words,
        start,
        "" if cited else rule.fix,
        None if cited else rule.replacement,
    )


def _about_money(draft: Draft, numbers: RuleSet) -> Iterator[Finding]:
    if draft.ceiling is not None and draft.ceiling >= numbers.limits.tendering_yuan * 100:
        limit = shown(numbers.limits.tendering_yuan * 100)
        yield Finding(
            "P_TENDERING",
            "R3",
            Severity.FAIL,
            _("限价达到依法必须招标的标准（%(limit)s），应进入公共资源交易平台") % {"limit": limit},
            "ceiling",
            fix=_("到公共资源交易平台招标，或核对限价"),
        )
    if draft.buyer_kind != Kind.DEPARTMENT:
        return
    if not draft.payer_is_buyer:
        yield Finding(
            "P_PAYER",
            "P20.7",
            Severity.FAIL,
            _("部门委托的服务由本部门付款，不能由他人付款"),
            "payer",
            fix=_("付款单位改为本单位"),
        )
    if not draft.budget_line.strip():
        yield Finding(
            "P_BUDGET_LINE",
            "P20.7",
            Severity.FAIL,
            _("部门委托的服务须列明预算项目"),
            "budget_line",
            fix=_("填写预算项目名称或编码"),
        )
