"""The words of the documents of an exit case (文书), filled in from its facts: Chinese is what counts, English is for reading.

One wording for both: Chinese sentences are the message ids. What people wrote themselves stays as they wrote it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Organisation
from core.clock import BEIJING
from core.errors import Text
from ratings.models import AppealOutcome, DocumentKind, ExitCase, Measure, Trigger

Body = dict[str, Any]
Section = dict[str, Any]


def written(
    kind: DocumentKind, number: str, party: Organisation, sections: Callable[[], Sequence[Section]]
) -> tuple[Body, Body]:
    """A document's body in Chinese and in English; `number` is what it is filed under."""
    return _in("zh-hans", kind, number, party, sections), _in("en", kind, number, party, sections)


def section(heading: str, *paragraphs: Text) -> Section:
    """A heading and what stands under it."""
    return {"heading": heading, "paragraphs": [str(paragraph) for paragraph in paragraphs if paragraph]}


def notice(case: ExitCase, reasons: str, *, defence_wd: int, hearing_wd: int, deemed_wd: int) -> list[Section]:
    """告知书: facts, evidence, rule, proposed measure, rights (R8)."""
    rights = [
        _("收到本告知书之日起 %(days)s 个工作日内，可以提交陈述申辩意见和证据，可以申请延长一次。")
        % {"days": defence_wd},
        _("可以查阅本案全部材料。"),
        _("自本告知书发出之日起满 %(days)s 个工作日未查收的，视为送达。") % {"days": deemed_wd},
    ]
    if case.proposed in (Measure.SUSPEND, Measure.REMOVE):
        rights.insert(1, _("送达之日起 %(days)s 个工作日内，可以申请听证。") % {"days": hearing_wd})
    return [
        section(_("事实"), *(fact["text"] for fact in case.facts)),
        section(_("依据"), _basis(case)),
        section(_("理由"), reasons),
        section(_("拟作出的处理"), str(Measure(case.proposed).label)),
        section(_("您的权利"), *rights),
    ]


def defence_receipt(arguments: Sequence[str], files: int, at: datetime) -> list[Section]:
    """陈述申辩回执: what came in, and when."""
    counted = _("共 %(arguments)s 条意见，%(files)s 份材料，收到时间 %(at)s。决定书将逐条回应。")
    return [section(_("已收到"), counted % {"arguments": len(arguments), "files": files, "at": moment(at)})]


def defence(arguments: Sequence[str]) -> list[Section]:
    """陈述申辩书: each argument by itself."""
    return [section(_("第 %(n)s 条意见") % {"n": n}, text) for n, text in enumerate(arguments, 1)]


def hearing_notice(case: ExitCase) -> list[Section]:
    """听证通知书."""
    assert case.hearing_at is not None
    return [
        section(_("时间和地点"), f"{moment(case.hearing_at)}  {case.hearing_place}"),
        section(_("事项"), _("听证公开举行，笔录公开。当事人可以委托代理人参加，可以提出证据、质证和辩论。")),
    ]


def minutes(case: ExitCase, text: str) -> list[Section]:
    """听证笔录, public."""
    assert case.hearing_at is not None
    return [section(_("时间和地点"), f"{moment(case.hearing_at)}  {case.hearing_place}"), section(_("笔录"), text)]


def decision(case: ExitCase, arguments: Sequence[str], answers: Sequence[str]) -> list[Section]:
    """决定书: facts, each argument with its answer, reasons, measure, when it takes effect, where to appeal (R8)."""
    replies = [
        paragraph
        for n, (argument, answer) in enumerate(zip(arguments, answers, strict=True), 1)
        for paragraph in (
            _("意见 %(n)s：%(text)s") % {"n": n, "text": argument},
            _("回应：%(text)s") % {"text": answer},
        )
    ]
    return [
        section(_("事实"), *(fact["text"] for fact in case.facts)),
        section(_("依据"), _basis(case)),
        section(_("陈述申辩及回应"), *(replies or [_("当事人未提出意见。")])),
        section(_("理由"), case.reasons, case.harsher_because),
        section(_("决定"), measure_in_words(case)),
        *remedies(case),
    ]


def measure_in_words(case: ExitCase) -> str:
    """`暂停 3 个月（事项：GS-01）`, in the reader's language."""
    label = str(Measure(case.measure or case.proposed).label)
    if case.months:
        label = _("%(measure)s %(months)s 个月") % {"measure": label, "months": case.months}
    if case.items:
        label = _("%(measure)s（限事项：%(items)s）") % {"measure": label, "items": "、".join(case.items)}
    if case.contracts_stop:
        label = _("%(measure)s；在履合同停止履行") % {"measure": label}
    return label


def remedies(case: ExitCase) -> list[Section]:
    """When it takes effect, and where to turn: our own appeal, the statutory review, the court."""
    if case.effect_at is None or case.appeal_until is None:
        return []
    return [
        section(
            _("生效与救济"),
            _("本决定自 %(at)s 起生效；提出申诉的，申诉期间暂不生效。") % {"at": moment(case.effect_at)},
            _("可于 %(until)s 前向平台监管部门申诉，由未参与本案的第三人审理。") % {"until": moment(case.appeal_until)},
            _("也可依法自知道本决定之日起六十日内申请行政复议，或者六个月内提起行政诉讼。"),
        )
    ]


def interim(case: ExitCase, reason: str, until: datetime, review_at: datetime) -> list[Section]:
    """暂时停止通知书."""
    times = _(
        "自即日起暂时停止参与报名和报价，至 %(until)s 止；由另一名工作人员于 %(review)s 前复核，逾期未复核自动解除。"
    )
    return [
        section(_("事实"), reason),
        section(_("暂时停止"), times % {"until": moment(until), "review": moment(review_at)}),
    ]


def appeal_decision(case: ExitCase, outcome: AppealOutcome, reasons: Text) -> list[Section]:
    """申诉决定书."""
    heading = _("变更后的处理") if outcome == AppealOutcome.CHANGED else _("维持的处理")
    rest = [] if outcome == AppealOutcome.ANNULLED else [section(heading, measure_in_words(case))]
    return [section(_("理由"), reasons), section(_("决定"), str(outcome.label)), *rest]


def correction(case: ExitCase, reasons: Text) -> list[Section]:
    """更正公告: as prominent as the notice it takes back."""
    return [
        section(
            _("更正"),
            _("此前公布的处理决定（%(measure)s）已经申诉撤销，自始不计入信用记录，机构状态即日恢复。")
            % {"measure": measure_in_words(case)},
        ),
        section(_("理由"), reasons),
    ]


def reentry(opinion: Text, probation_until: datetime | None) -> list[Section]:
    """重新入驻决定书."""
    if probation_until is None:
        return [section(_("决定"), _("暂不同意重新入驻。"), opinion)]
    limits = _("同意重新入驻。观察期至 %(until)s：同时在履项目不超过 2 个，单个不超过 20 万元，成果逐项核验。")
    return [section(_("决定"), limits % {"until": moment(probation_until)}, opinion)]


def repair(subject: str, correction: str, opinion: str, *, granted: bool) -> list[Section]:
    """信用修复决定书: what it is about, what was corrected, the decision and what follows from it."""
    follows = (
        _("同意信用修复。该记录自即日起不再公示，不计入信用评分，并从页面、接口和文件中移除。")
        if granted
        else _("暂不同意信用修复。该记录继续公示；整改后可以再次申请。")
    )
    return [
        section(_("申请修复的记录"), subject),
        section(_("整改情况"), correction),
        section(_("决定"), follows, opinion),
    ]


def lapse(overdue: str) -> list[Section]:
    """案件终结通知书: the regulators were late."""
    text = _("本案在“%(step)s”环节逾期满 20 个工作日，依据 R8 自动终结，不予处理，不计入信用记录。")
    return [section(_("终结"), text % {"step": overdue})]


def statement(heading: str, *paragraphs: str) -> list[Section]:
    """A document of one section."""
    return [section(heading, *paragraphs)]


def as_text(body: Body) -> str:
    """The exact text that the hash stands for: UTF-8, LF, one paragraph a line, an empty line before each heading."""
    lines = [body["title"], body["number"], body["party"]]
    for part in body["sections"]:
        lines += ["", part["heading"], *part["paragraphs"]]
    return "\n".join(lines) + "\n"


def moment(at: datetime) -> str:
    """`2026-11-23 18:00`, Beijing time."""
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}"


def _in(
    language: str, kind: DocumentKind, number: str, party: Organisation, sections: Callable[[], Sequence[Section]]
) -> Body:
    with translation.override(language):
        return {
            "title": str(kind.label),
            "number": number,
            "party": f"{party.name}（{party.uscc}）",
            "sections": list(sections()),
        }


def _basis(case: ExitCase) -> str:
    facts = {"trigger": str(Trigger(case.trigger).label), "ruleset": case.ruleset}
    return _("触发情形：%(trigger)s。依据 P20.9、R8 及信用规则 %(ruleset)s。") % facts
