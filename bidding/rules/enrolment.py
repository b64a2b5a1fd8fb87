"""Who may enrol, and every reason why not, all at once (DESIGN §5, "为什么我不能报价")."""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from django.utils.translation import gettext_lazy as _

from agencies.models import Standing
from agencies.rules import Holding
from bidding.rules.barring import Entrant, over_limit
from bidding.rulesets import standing_rules
from core.errors import Refused
from core.money import shown
from marketplace.models import RequestStatus


class Blocker(Refused):
    """A reason why an agency cannot take part; all of them are shown together."""


class StandingForbids(Blocker):
    """A decision of the exit mechanism is in force."""

    code = "E_STANDING"
    message = _("贵机构目前处于“%(standing)s”状态，不能报名和报价")
    basis = ("P20.9", "R8")
    fix = _("可在机构页面查看决定书，并申请申诉或信用修复")


class ItemLocked(Blocker):
    """The agency may not be selected for this item, by a decision or because a licence ran out."""

    code = "E_ITEM_LOCKED"
    message = _("贵机构目前不能参与“%(item)s”事项的选取，依据：%(case)s")
    basis = ("P20.9", "R8")
    fix = _("可在机构页面查看决定书和期限；其他事项不受影响")


class ProbationLimit(Blocker):
    """On probation an agency has few awards at the same time, and small ones."""

    code = "E_PROBATION_LIMIT"
    message = _(
        "观察期内最多同时持有 %(most)s 项未完成的中选或合同，每项最高限价不超过 %(ceiling_most)s；"
        "贵机构现有 %(awards)s 项，本需求限价 %(ceiling)s"
    )
    basis = ("R8",)
    fix = _("完成在手合同，或参与限价较低的需求；观察期结束后不再受限")


class BarredHere(Blocker):
    """The agency's bids in this selection were struck; that stays, even if the standing behind it is lifted."""

    code = "E_BARRED"
    message = _("贵机构在本次选取期间被停止参与，已有报价作废，本次不能再报价")
    basis = ("R8",)
    fix = _("对处理决定有异议的，可在机构页面申请申诉；其他需求不受影响")


class NotOffered(Blocker):
    """The agency has not said that it offers the item."""

    code = "E_NOT_OFFERED"
    message = _("贵机构尚未登记提供“%(item)s”服务")
    basis = ("P19.2",)
    fix = _("在“服务事项”中勾选该事项，立即生效，无需审批")


class QualificationMissing(Blocker):
    """A law demands a qualification for this item, and none is on file."""

    code = "E_QUALIFICATION_MISSING"
    message = _("依法需要“%(qualification)s”（%(law)s），贵机构尚未登记")
    basis = ("P13.2", "R2")
    fix = _("登记该资质证书后即可报名，无需等待核验")


class QualificationExpired(Blocker):
    """The qualification that the law demands has expired."""

    code = "E_QUALIFICATION_EXPIRED"
    message = _("“%(qualification)s”已于 %(expired_on)s 到期（%(law)s）")
    basis = ("P13.2", "R2")
    fix = _("更新证书有效期后即可报名")


class QualificationNotYetValid(Blocker):
    """The qualification that the law demands is on file and begins later."""

    code = "E_QUALIFICATION_NOT_YET"
    message = _("“%(qualification)s”自 %(valid_from)s 起生效（%(law)s）")
    basis = ("P13.2", "R2")
    fix = _("证书生效后即可报名；日期填写有误的请更正")


class QualificationRejected(Blocker):
    """The qualification on file did not stand up to a check."""

    code = "E_QUALIFICATION_REJECTED"
    message = _("“%(qualification)s”未通过核验（%(law)s）")
    basis = ("P13.2", "R2")
    fix = _("更正证书信息后重新登记")


class QualificationRevoked(Blocker):
    """The issuer took the qualification back, as the register of certificates says. Nobody is removed for it."""

    code = "E_QUALIFICATION_REVOKED"
    message = _("登记系统显示“%(qualification)s”已于 %(revoked_on)s 被吊销（%(law)s）")
    basis = ("P13.2", "R2")
    fix = _(
        "不影响不需要该资质的事项。登记信息有误的，请发证机关更正后在“资质”中重新核对；对吊销决定不服的，可向发证机关申请复议；也可登记新证书"
    )


class TiedToBuyer(Blocker):
    """The agency is tied to the buying department (P20.1, I10)."""

    code = "E_TIED"
    message = _("贵机构与采购部门“%(department)s”存在关联：%(nature)s")
    basis = ("P20.1", "I10")
    fix = _("脱钩完成后在“关联关系”中终止该项声明")


class EnrolmentOver(Blocker):
    """The deadline has passed by the database's clock, or the request no longer takes enrolments."""

    code = "E_ENROLMENT_OVER"
    message = _("报名已于 %(enrol_until)s 截止")
    basis = ("R3",)


class OwnRequest(Blocker):
    """A buyer cannot enrol in its own request."""

    code = "E_OWN_REQUEST"
    message = _("不能报名本单位发布的需求")
    basis = ("P20.5",)


class AlreadyEnrolled(Refused):
    """The agency is enrolled already; nothing changes."""

    code = "E_ALREADY_ENROLLED"
    message = _("贵机构已报名，竞价人代号为“%(label)s”")
    basis = ("R3",)


class NotEnrolled(Refused):
    """Only those who enrolled may bid or leave."""

    code = "E_NOT_ENROLLED"
    message = _("贵机构没有报名该需求，不能报价")
    basis = ("R3",)
    fix = _("报名截止前可在需求页面一键报名")


class SignedOut(Refused):
    """The session ended, or the user no longer acts for the agency; the open socket does not help."""

    code = "E_SIGNED_OUT"
    message = _("登录已失效或您已不再代表该机构")
    basis = ("P20.5",)
    fix = _("请重新登录后出价")


@dataclass(frozen=True)
class Held:
    """How an agency holds one qualification that the law demands; `day` is when it ends, or begins if that is to come."""

    name: str
    law: str
    holding: Holding
    day: str = ""


@dataclass(frozen=True)
class Applicant:
    """An agency as enrolment sees it, for one request."""

    standing: Standing
    offers_item: bool
    qualifications: tuple[Held, ...]
    ties: tuple[str, ...]
    is_buyer: bool
    # The case or reason that locks the item for the agency, if one does.
    item_lock: str = ""
    # What it has been awarded elsewhere and not completed; counted on probation only.
    awards: int = 0
    barred: bool = False


@dataclass(frozen=True)
class Opening:
    """A request as enrolment sees it. Times in UTC."""

    status: RequestStatus
    enrol_until: datetime
    enrol_until_shown: str
    item: str
    buyer: str
    ceiling: int


def blockers(applicant: Applicant, opening: Opening, now: datetime) -> list[Blocker]:
    """Every reason why the agency cannot enrol at `now`; empty when it can. Only what the law demands counts (P19.1)."""
    found: list[Blocker] = []
    if opening.status != RequestStatus.PUBLISHED or now >= opening.enrol_until:
        found.append(EnrolmentOver(enrol_until=opening.enrol_until_shown))
    return found + personal_blockers(applicant, opening)


def personal_blockers(applicant: Applicant, opening: Opening) -> list[Blocker]:
    """The reasons that lie in the agency, whatever the hour: these hold for bidding too."""
    found = against_standing(
        applicant.standing,
        item=opening.item,
        ceiling=opening.ceiling,
        item_lock=applicant.item_lock,
        awards=applicant.awards,
        barred=applicant.barred,
    )
    if applicant.is_buyer:
        found.append(OwnRequest())
    if not applicant.offers_item:
        found.append(NotOffered(item=opening.item))
    found += [TiedToBuyer(department=opening.buyer, nature=nature) for nature in applicant.ties]
    for held in applicant.qualifications:
        found += _qualification(held)
    return found


def against_standing(
    standing: Standing, *, item: str, ceiling: int, item_lock: str, awards: int, barred: bool
) -> list[Blocker]:
    """What the exit mechanism keeps an agency from, at enrolment and at every bid (R8).

    `ceiling` is the request's, in fen; `item_lock` the case or reason that locks the item, if any; `awards` what it has
    under way elsewhere, wanted on probation only; `barred` whether it was barred from this very selection.
    """
    found: list[Blocker] = []
    if not standing.may_bid:
        found.append(StandingForbids(standing=str(standing.label)))
    if item_lock:
        found.append(ItemLocked(item=item, case=item_lock))
    numbers = standing_rules().probation
    if over_limit(Entrant(standing, awards=awards, ceiling=ceiling), numbers):
        most = shown(numbers.ceiling_most)
        found.append(ProbationLimit(most=numbers.awards_most, ceiling_most=most, awards=awards, ceiling=shown(ceiling)))
    if barred and not found:
        found.append(BarredHere())
    return found


def _qualification(held: Held) -> list[Blocker]:
    facts = {"qualification": held.name, "law": held.law}
    match held.holding:
        case Holding.MISSING:
            return [QualificationMissing(**facts)]
        case Holding.NOT_YET:
            return [QualificationNotYetValid(valid_from=held.day, **facts)]
        case Holding.EXPIRED:
            return [QualificationExpired(expired_on=held.day, **facts)]
        case Holding.REVOKED:
            return [QualificationRevoked(revoked_on=held.day, **facts)]
        case Holding.REJECTED:
            return [QualificationRejected(**facts)]
        case Holding.HELD:
            return []
        case _:
            assert_never(held.holding)
