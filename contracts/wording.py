"""The text of a contract from its facts: Chinese is what is confirmed, English is for reading.

One wording for both: Chinese sentences are the message ids, the English ones stand in the catalogue. A version keeps the
text that was made, so a later wording changes nothing that anybody confirmed.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from contracts.rules.plan import Stage
from core.money import in_words, shown

Body = dict[str, Any]


@dataclass(frozen=True)
class Facts:
    """What the text is made of. `annex` is the commitment to contacts and account, hex; money in fen."""

    number: str
    title: str
    item: str
    region: str
    buyer: tuple[str, str]
    agency: tuple[str, str]
    payer: str
    budget_line: str
    government: bool
    scope: str
    deliverables: str
    price: int
    award_price: int
    stages: Sequence[Stage]
    terms: str
    annex: str
    acceptance_wd: int
    reminder_wd: int
    payment_days: int
    change: int = 0
    reason: str = ""


def chinese(facts: Facts) -> Body:
    """The body that is confirmed: `{"title", "sections": [{"heading", "paragraphs"}]}`."""
    with translation.override("zh-hans"):
        return _body(facts)


def english(facts: Facts) -> Body:
    """The same for reading; what the parties wrote themselves stays as they wrote it."""
    with translation.override("en"):
        return _body(facts)


def as_text(body: Body) -> str:
    """The exact text: UTF-8, LF, one paragraph a line, an empty line before each heading."""
    lines = [body["title"]]
    for section in body["sections"]:
        lines += ["", section["heading"], *section["paragraphs"]]
    return "\n".join(lines) + "\n"


def sha256(text: str) -> str:
    """What both sides confirm."""
    return hashlib.sha256(text.encode()).hexdigest()


def _body(facts: Facts) -> Body:
    articles: list[Callable[[Facts], tuple[str, list[str]]]] = [
        _parties,
        _subject,
        _milestones,
        _price,
        _payment,
        _acceptance,
        _changes,
        _secrecy,
        _breach,
    ]
    if facts.change:
        articles.insert(1, _change)
    if facts.terms:
        articles.append(_terms)
    articles.append(_text)
    sections = []
    for place, article in enumerate(articles, 1):
        heading, paragraphs = article(facts)
        numbered = _("第%(n)s条 %(heading)s") % {"n": _numeral(place), "heading": heading}
        sections.append({"heading": numbered, "paragraphs": paragraphs})
    return {"title": _title(facts), "sections": sections}


def _title(facts: Facts) -> str:
    if not facts.change:
        return _("中介服务合同")
    return _("中介服务合同补充协议（第 %(n)s 次变更）") % {"n": facts.change}


def _parties(facts: Facts) -> tuple[str, list[str]]:
    return _("当事人"), [
        _("甲方（采购人）：%(name)s，统一社会信用代码 %(uscc)s。") % {"name": facts.buyer[0], "uscc": facts.buyer[1]},
        _("乙方（中介服务机构）：%(name)s，统一社会信用代码 %(uscc)s。")
        % {"name": facts.agency[0], "uscc": facts.agency[1]},
        _(
            "本合同依据《中华人民共和国民法典》和案卷 %(number)s 的采购公告、中选公告订立；公告内容与本合同不一致的，以公告为准，双方依法变更的除外。"
        )
        % {"number": facts.number},
    ]


def _change(facts: Facts) -> tuple[str, list[str]]:
    return _("变更理由"), [
        facts.reason,
        _("本协议签订后，此前各稿与本协议不一致的内容以本协议为准；已验收部分不受影响。"),
    ]


def _subject(facts: Facts) -> tuple[str, list[str]]:
    return _("服务内容"), [
        _("项目名称：%(title)s。服务事项：%(item)s。项目所在地：%(region)s。")
        % {"title": facts.title, "item": facts.item, "region": facts.region},
        *_lines(_("服务要求："), facts.scope),
        *_lines(_("交付成果："), facts.deliverables),
    ]


def _milestones(facts: Facts) -> tuple[str, list[str]]:
    said = [
        _("第 %(n)s 期 %(name)s：%(deliverables)s金额 %(amount)s，自签订次日起 %(wd)s 个工作日内交付。")
        % {
            "n": stage.n,
            "name": stage.name,
            "deliverables": f"{stage.deliverables.rstrip('。；;. ')}；" if stage.deliverables else "",
            "amount": shown(stage.amount),
            "wd": stage.due_wd,
        }
        for stage in facts.stages
    ]
    return _("分期与期限"), [*said, _("工作日按国家法定节假日安排计算，截止时间为当日 18:00（北京时间）。")]


def _price(facts: Facts) -> tuple[str, list[str]]:
    same = facts.price == facts.award_price
    return _("合同价款"), [
        _("合同价款为人民币 %(price)s（大写：%(words)s），含税，为各期金额之和。")
        % {"price": shown(facts.price), "words": in_words(facts.price)},
        _("合同价款等于中选价。") if same else _("中选价为 %(price)s。") % {"price": shown(facts.award_price)},
        _("除上述价款外，乙方不得以任何名义另行收费。"),
    ]


def _payment(facts: Facts) -> tuple[str, list[str]]:
    payer = {"payer": facts.payer, "line": facts.budget_line, "days": facts.payment_days}
    said = [_("付款单位：%(payer)s。") % payer]
    if facts.budget_line:
        said.append(_("预算项目：%(line)s。付款单位和预算项目自公告发布起不得变更。") % payer)
    if facts.government:
        said.append(_("服务费用由付款单位承担，不得以任何形式转嫁给行政审批申请人或其他单位、个人。"))
    said.append(
        _(
            "每期验收后乙方开具发票，甲方自发票登记之日起 %(days)s 日内付清，不得以内部付款流程、等待竣工决算或其他理由拖延。"
        )
        % payer
    )
    said.append(_("对公转账须付至附件所列乙方账户，并在附言中填写平台给出的附言码。"))
    return _("付款"), said


def _acceptance(facts: Facts) -> tuple[str, list[str]]:
    days = {"wd": facts.acceptance_wd, "more": facts.reminder_wd}
    return _("交付与验收"), [
        _(
            "乙方通过平台交付成果文件，平台记录每个文件的 SHA-256。甲方应在 %(wd)s 个工作日内验收通过、部分通过或者退回，退回和部分通过须写明理由。"
        )
        % days,
        _(
            "甲方逾期未验收的，平台提醒；提醒后 %(more)s 个工作日仍未验收的，由监管部门依据交付材料作出验收决定。逾期不视为验收通过。"
        )
        % days,
        _("非因乙方原因不能按期交付的，乙方可以说明原因申请延期；甲方逾期不答复的，由监管部门决定。"),
    ]


def _changes(facts: Facts) -> tuple[str, list[str]]:
    return _("变更与解除"), [
        _("变更须双方确认同一文本。价款或者期限变更超过 10%，或者第三次及以后的变更，连同理由向社会公开。"),
        _("双方可以约定取消尚未交付的各期；已验收部分照常付款。"),
    ]


def _secrecy(facts: Facts) -> tuple[str, list[str]]:
    return _("公开与保密"), [
        _("本合同正文、履约和付款情况向社会公开。附件中的联系方式和收款账户不公开。"),
        _("成果文件涉及国家秘密、商业秘密或者个人信息的，标明理由后不公开，仅公布其 SHA-256。"),
    ]


def _breach(facts: Facts) -> tuple[str, list[str]]:
    return _("违约与争议"), [
        _(
            "任何一方违约的，依照《中华人民共和国民法典》承担责任；逾期付款的，依照《保障中小企业款项支付条例》支付逾期利息。"
        ),
        _("发生争议的，双方协商解决；协商不成的，向合同履行地人民法院起诉。"),
    ]


def _terms(facts: Facts) -> tuple[str, list[str]]:
    return _("补充约定"), _lines("", facts.terms)


def _text(facts: Facts) -> tuple[str, list[str]]:
    return _("文本与效力"), [
        _("附件为双方联系方式和乙方收款账户，其内容的加盐哈希为 %(annex)s，与正文具有同等效力。")
        % {"annex": facts.annex},
        _("双方在平台上确认本文本的 SHA-256 后合同成立并自动备案，时间以案卷记录为准。"),
        _("本合同以中文文本为准，其他语言文本仅供阅读。"),
    ]


def _lines(label: str, text: str) -> list[str]:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return [label + lines[0], *lines[1:]] if lines else []


def _numeral(number: int) -> str:
    """一 to 十九 in Chinese, figures elsewhere."""
    if not (translation.get_language() or "").startswith("zh"):
        return str(number)
    digits = "零一二三四五六七八九"
    return digits[number] if number < 10 else "十" + (digits[number - 10] if number > 10 else "")
