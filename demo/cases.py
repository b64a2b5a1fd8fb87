"""Exit cases of the invented year, told by the platform's own verbs at the times they happened."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Organisation, User
from agencies.models import Agency
from core.workdays import Calendar
from demo.past_clock import PastClock
from journal.actions import lock_case
from ratings.actions import exits
from ratings.actions.credit import note_act
from ratings.models import AppealOutcome, ExitCase, Measure, Trigger
from ratings.rules.exits import Ruling

_GROUNDS = {
    Measure.WARN: ("complaint_upheld", "投诉成立：多次未按约定时间到场踏勘，延误委托方申报。"),
    Measure.SUSPEND: ("subcontracted", "未经委托方同意，将现场监测工作转交其他单位完成。"),
    Measure.REMOVE: ("forged", "经主管机关认定，出具的监测报告数据系伪造。"),
}
_ARGUMENTS = (
    ("踏勘延误系天气原因，已提前告知委托方。", "事后已免费补充踏勘并退还部分费用。"),
    ("转交部分仅为样品运输，不涉及核心工作。",),
    ("数据异常系仪器故障所致，并非主观故意。", "已主动召回报告并重新监测。"),
)
_ANSWERS = (
    ("经查气象记录，当日无异常天气，不予采纳。", "补救情况属实，处理时已予考虑。"),
    ("合同明确现场监测不得转交，不予采纳。",),
    ("仪器检定记录完整，无故障记载，不予采纳。", "召回系案发之后，情节已予考虑。"),
)


@dataclass(frozen=True)
class Script:
    """How one case goes: what it ends in, how long ago it began, and what the agency did."""

    measure: Measure
    days_ago: int
    decided: Measure | None = None
    months: int | None = None
    defends: bool = True
    hearing: bool = False
    appeal: AppealOutcome | None = None
    appeals: bool = False
    # Told only up to this step, for an officer to go on with.
    stop: str = ""


SCRIPTS: tuple[Script, ...] = (
    Script(Measure.REMOVE, 300, months=24, hearing=True, appeals=True, appeal=AppealOutcome.UPHELD),
    Script(Measure.REMOVE, 180, months=36, hearing=True),
    Script(Measure.REMOVE, 160, months=12, appeals=True, appeal=AppealOutcome.UPHELD),
    Script(Measure.REMOVE, 120, months=18),
    Script(Measure.SUSPEND, 110, months=6, appeals=True, appeal=AppealOutcome.UPHELD),
    Script(Measure.SUSPEND, 250, months=3),
    Script(Measure.SUSPEND, 200, months=2, appeals=True, appeal=AppealOutcome.ANNULLED),
    Script(Measure.WARN, 210, defends=False),
    Script(Measure.WARN, 140, appeals=True, appeal=AppealOutcome.ANNULLED),
    Script(Measure.WARN, 90, appeals=True, appeal=AppealOutcome.UPHELD),
    Script(Measure.SUSPEND, 60, decided=Measure.NONE),
    Script(Measure.REMOVE, 52, months=12, stop="proposed"),
    Script(Measure.SUSPEND, 40, stop="deciding"),
    Script(Measure.WARN, 6, stop="noticed"),
    Script(Measure.SUSPEND, 3, stop="opened"),
)


@dataclass
class CaseTeller:
    """Tells cases in turn; the officers take the parts that four eyes allow."""

    clock: PastClock
    calendar: Calendar
    now: datetime
    body: Organisation
    officers: Sequence[User]
    told: list[ExitCase] = field(default_factory=list)

    def tell(self, agency: Agency, person: User, script: Script) -> ExitCase:
        """One case from the act it is about to where its script ends; its act is noted as established."""
        at = self.now - timedelta(days=script.days_ago)
        self._go(at)
        code, words = _GROUNDS[script.measure]
        case = self._open(agency, code, words, script)
        self.told.append(case)
        if script.stop == "opened":
            return case
        return self._to_the_decision(case, agency, person, script, at)

    def _open(self, agency: Agency, code: str, words: str, script: Script) -> ExitCase:
        trigger = Trigger.ESTABLISHED if script.measure == Measure.REMOVE else Trigger.CONDUCT
        path = f"/a/{agency.uscc}/credit/"
        with transaction.atomic():
            held = lock_case(f"A-{agency.uscc}")
            source = f"demo:{agency.uscc[-6:]}:{script.days_ago}"
            note_act(held, agency, code, source=source, evidence=words, path=path, decided=True)
            fact = [{"text": words, "path": path}]
            case = exits.open_case(held, agency, trigger, source, fact, script.measure)
        assert case is not None
        return case

    def _to_the_decision(self, case: ExitCase, agency: Agency, person: User, script: Script, at: datetime) -> ExitCase:
        party, number = agency.organisation, case.number
        at = self._go(self._later(at, 2))
        exits.serve_notice(self.officers[0], self.body, number, "经调查核实，事实清楚，证据充分。")
        if script.stop == "noticed":
            return case
        at = self._go(self._later(at, 1))
        exits.receive_notice(party, number)
        if script.hearing:
            exits.ask_for_hearing(party, number)
        place = list(_GROUNDS).index(script.measure)
        if script.defends:
            at = self._go(self._later(at, 4))
            exits.defend(person, party, number, _ARGUMENTS[place])
        if script.hearing:
            exits.set_hearing(self.officers[3], self.body, number, at + timedelta(days=9), "省政务服务中心 3 楼听证室")
            at = self._go(at + timedelta(days=9, hours=2))
            exits.hold_hearing(
                self.officers[3], self.body, number, "承办人宣读事实和证据；当事人陈述、质证；双方辩论。"
            )
        at = self._go(self._later(at, 12))
        exits.advance(number)
        if script.stop == "deciding":
            return case
        return self._decide(case, script, at, person, party, place)

    def _decide(
        self, case: ExitCase, script: Script, at: datetime, person: User, party: Organisation, place: int
    ) -> ExitCase:
        number = case.number
        at = self._go(self._later(at, 3))
        answers = _ANSWERS[place] if script.defends else ()
        measure = script.decided or script.measure
        reasons = "证据不足以证明违法事实。" if measure == Measure.NONE else "违法事实成立，处理与情节相当。"
        ruling = Ruling(measure, reasons, months=script.months, answers=answers)
        exits.decide(self.officers[1], self.body, number, ruling)
        if measure == Measure.NONE or script.stop == "proposed":
            return case
        if measure == Measure.REMOVE:
            at = self._go(self._later(at, 1))
            exits.second(self.officers[2], self.body, number, agrees=True)
        if script.appeals:
            at = self._appeal(number, script, at, person, party)
        at = self._go(self._later(at, 6))
        exits.advance(number)
        return case

    def _appeal(self, number: str, script: Script, at: datetime, person: User, party: Organisation) -> datetime:
        at = self._go(self._later(at, 3))
        exits.appeal(person, party, number, "认定事实有误，处理过重，请求撤销。")
        at = self._go(self._later(at, 10))
        assert script.appeal is not None
        annulled = script.appeal == AppealOutcome.ANNULLED
        reasons = "原决定依据的证据之间存在矛盾，应予撤销。" if annulled else "事实清楚，程序合法，处理适当，予以维持。"
        exits.decide_appeal(self.officers[4], self.body, number, exits.Outcome(script.appeal, reasons))
        return at

    def _later(self, at: datetime, wd: int) -> datetime:
        return self.calendar.add(at, wd) - timedelta(hours=1)

    def _go(self, at: datetime) -> datetime:
        at = min(at, self.now)
        self.clock.set(at)
        return at
