"""What the sides of an evaluation are told. Parts of larger verbs."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_noop

from accounts.models import Kind, Organisation
from accounts.notices import tell
from contracts.models import Contract
from ratings.models import Dispute, Mark, Rectification
from ratings.papers import moment


def opened(contract: Contract, departments: Iterable[Organisation], until: datetime) -> None:
    for one in (contract.buyer_id, contract.agency_id):
        _tell(
            contract,
            one,
            "evaluation.due",
            gettext_noop("%(title)s：合同已完成，请在 %(until)s 前评价对方"),
            until=moment(until),
        )
    for department in departments:
        subject = gettext_noop("%(title)s：合同已完成，请在 %(until)s 前登记成果审查结果")
        _tell(contract, department.pk, "evaluation.due", subject, until=moment(until))


def reminded(contract: Contract, who: Iterable[int], until: datetime) -> None:
    for one in who:
        _tell(
            contract,
            one,
            "evaluation.due",
            gettext_noop("%(title)s：评价将于 %(until)s 截止，您还没有评价"),
            until=moment(until),
        )


def reminded_departments(contract: Contract, departments: Iterable[Organisation], until: datetime) -> None:
    for department in departments:
        subject = gettext_noop("%(title)s：成果审查结果登记将于 %(until)s 截止，贵部门还没有登记")
        _tell(contract, department.pk, "evaluation.due", subject, until=moment(until))


def given(contract: Contract, other: int) -> None:
    _tell(contract, other, "evaluation.due", gettext_noop("%(title)s：对方已提交评价，双方都评价后或期满时一并公开"))


def revealed(contract: Contract, until: datetime) -> None:
    for one in (contract.buyer_id, contract.agency_id):
        subject = gettext_noop("%(title)s：双方评价已公开，可在 %(until)s 前回应或提出争议")
        _tell(contract, one, "evaluation.due", subject, until=moment(until))


def replied(contract: Contract, mark: Mark) -> None:
    if mark.organisation_id:
        _tell(contract, mark.organisation_id, "evaluation.due", gettext_noop("%(title)s：被评价方已公开回应您的评价"))


def disputed(contract: Contract, dispute: Dispute) -> None:
    if dispute.mark.organisation_id:
        subject = gettext_noop("%(title)s：对方对您的评价提出争议，裁定前不计入信用")
        _tell(contract, dispute.mark.organisation_id, "evaluation.due", subject)
    for officer in Organisation.objects.filter(kind=Kind.REGULATOR).values_list("pk", flat=True):
        _tell(contract, officer, "reply.due", gettext_noop("%(title)s：评价争议待裁定"))


def decided(contract: Contract, dispute: Dispute) -> None:
    told = {dispute.by_id, dispute.mark.organisation_id}
    for one in told - {None}:
        assert one is not None
        _tell(contract, one, "evaluation.due", gettext_noop("%(title)s：评价争议已裁定"))


def to_rectify(contract: Contract, task: Rectification) -> None:
    subject = gettext_noop("%(title)s：评价要求整改，请在 %(until)s 前报告整改情况")
    _tell(contract, contract.agency_id, "evaluation.bad", subject, until=moment(task.due_at))


def reported(contract: Contract, mark: Mark) -> None:
    if mark.organisation_id:
        _tell(contract, mark.organisation_id, "evaluation.due", gettext_noop("%(title)s：机构已报告整改情况，请确认"))


def judged(contract: Contract) -> None:
    _tell(contract, contract.agency_id, "evaluation.due", gettext_noop("%(title)s：评价方已确认整改结果"))


def overdue(contract: Contract, mark: Mark) -> None:
    for one in {contract.agency_id, mark.organisation_id} - {None}:
        assert one is not None
        _tell(contract, one, "evaluation.bad", gettext_noop("%(title)s：整改逾期未报告"))


def _tell(contract: Contract, organisation_id: int, event: str, subject: str, **facts: str) -> None:
    request = contract.award.request
    path = f"/r/{request.number}/evaluation/"
    tell(organisation_id, subject, {"title": request.title, **facts}, path, event=event)
