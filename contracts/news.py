"""What the parties are told (UX §2.20): in their inbox, and by mail at most once a day. Parts of larger verbs."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.notices import tell
from contracts.models import Contract, DeliveryStatus, Milestone, Payable, Payment, Side
from core.clock import BEIJING
from core.money import shown


def contract_to_sign(contract: Contract) -> None:
    _both(
        contract,
        "contract.sign",
        gettext_noop("%(title)s：合同已起草，请在 %(until)s 前确认"),
        until=_day(contract.sign_due_at),
    )


def text_to_confirm(contract: Contract, by: Side) -> None:
    other = contract.agency_id if by == Side.BUYER else contract.buyer_id
    _tell(contract, other, "contract.sign", gettext_noop("%(title)s：对方已确认合同文本，请阅读并确认"))


def contract_signed(contract: Contract) -> None:
    _both(contract, "contract.progress", gettext_noop("%(title)s：双方已确认，合同文本生效并备案"))


def contract_completed(contract: Contract) -> None:
    _both(contract, "contract.progress", gettext_noop("%(title)s：合同已履行完毕，款项付清"))


def sign_overdue(contract: Contract) -> None:
    _both(contract, "contract.sign", gettext_noop("%(title)s：签订期限已过，合同尚未签订"))


def delivery_to_accept(contract: Contract, milestone: Milestone, due_at: datetime) -> None:
    subject = gettext_noop("%(title)s 第 %(n)s 期：成果已交付，请在 %(until)s 前验收")
    _tell(contract, contract.buyer_id, "delivery.due", subject, n=milestone.n, until=_day(due_at))


def acceptance_reminder(contract: Contract, milestone: Milestone, next_at: datetime) -> None:
    subject = gettext_noop("%(title)s 第 %(n)s 期：验收期限已过，%(until)s 后由监管部门决定")
    _both(contract, "delivery.due", subject, n=milestone.n, until=_day(next_at))


def delivery_decided(contract: Contract, milestone: Milestone, verdict: DeliveryStatus) -> None:
    subjects = {
        DeliveryStatus.ACCEPTED: gettext_noop("%(title)s 第 %(n)s 期：验收通过，请登记发票"),
        DeliveryStatus.PARTLY: gettext_noop("%(title)s 第 %(n)s 期：部分验收，请登记发票并补充交付"),
        DeliveryStatus.RETURNED: gettext_noop("%(title)s 第 %(n)s 期：成果被退回，请按意见修改"),
    }
    _tell(contract, contract.agency_id, "delivery.due", subjects[verdict], n=milestone.n)


def delivery_due(contract: Contract, milestone: Milestone) -> None:
    subject = gettext_noop("%(title)s 第 %(n)s 期：须在 %(until)s 前交付")
    _tell(contract, contract.agency_id, "delivery.due", subject, n=milestone.n, until=_day(milestone.due_at))


def extension_to_answer(contract: Contract, milestone: Milestone, due_at: datetime) -> None:
    subject = gettext_noop("%(title)s 第 %(n)s 期：机构申请延期，请在 %(until)s 前答复")
    _tell(contract, contract.buyer_id, "delivery.due", subject, n=milestone.n, until=_day(due_at))


def extension_answered(contract: Contract, milestone: Milestone) -> None:
    subject = gettext_noop("%(title)s 第 %(n)s 期：延期申请已答复，交付期限为 %(until)s")
    _tell(contract, contract.agency_id, "delivery.due", subject, n=milestone.n, until=_day(milestone.due_at))


def payment_due(contract: Contract, payable: Payable) -> None:
    assert payable.due_at is not None
    subject = gettext_noop("%(title)s：应付 %(amount)s，请在 %(until)s 前付款，附言 %(code)s")
    facts = {"amount": shown(payable.amount), "until": _day(payable.due_at), "code": payable.code}
    _tell(contract, contract.payer_id, "payment.due", subject, **facts)


def payment_overdue(contract: Contract, payable: Payable, amount: int) -> None:
    _both(contract, "payment.due", gettext_noop("%(title)s：%(amount)s 已逾期未付"), amount=shown(amount))


def receipt_to_confirm(contract: Contract, payment: Payment) -> None:
    subject = gettext_noop("%(title)s：付款单位称已转账 %(amount)s，请核对到账")
    _tell(contract, contract.agency_id, "payment.received", subject, amount=shown(payment.amount))


def payment_received(contract: Contract, payable: Payable, amount: int) -> None:
    _both(contract, "payment.received", gettext_noop("%(title)s：%(amount)s 已到账"), amount=shown(amount))


def payment_failed(contract: Contract, payment: Payment) -> None:
    subject = gettext_noop("%(title)s：%(amount)s 的付款没有完成，仍为应付")
    _tell(contract, contract.payer_id, "payment.due", subject, amount=shown(payment.amount))


def money_went_back(contract: Contract, payment: Payment, amount: int) -> None:
    _both(contract, "payment.received", gettext_noop("%(title)s：%(amount)s 已退回付款单位"), amount=shown(amount))


def refund_failed(contract: Contract, payment: Payment, amount: int) -> None:
    _both(
        contract,
        "payment.received",
        gettext_noop("%(title)s：%(amount)s 的退款没有成功，款项已回到收款机构"),
        amount=shown(amount),
    )


def account_changed(organisation_id: int) -> None:
    tell(
        organisation_id,
        gettext_noop("收款账户已更换；如非本单位办理，请立即改回并修改密码"),
        {},
        reverse("payee_account"),
        event="account.security",
    )


def pay_elsewhere(contract: Contract) -> None:
    subject = gettext_noop("%(title)s：收款机构更换了收款账户，与合同附件不同，付款前请向机构核实")
    _tell(contract, contract.payer_id, "account.security", subject)


def _both(contract: Contract, event: str, subject: str, **facts: object) -> None:
    _tell(contract, contract.buyer_id, event, subject, **facts)
    _tell(contract, contract.agency_id, event, subject, **facts)


def _tell(contract: Contract, organisation_id: int, event: str, subject: str, **facts: object) -> None:
    request = contract.award.request
    path = f"/r/{request.number}/contract/"
    tell(organisation_id, subject, {"title": request.title, **facts}, path, event=event)


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(BEIJING):%Y-%m-%d}"
