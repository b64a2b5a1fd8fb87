"""Invoice, paying, receiving (R9, P20.7). What moves in the ledger stands in `rules.ledger`."""

import re
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from core.clock import BEIJING
from core.errors import Refused
from core.money import shown

_INVOICE = re.compile(r"[0-9]{20}|[0-9]{8}")
_ACCOUNT = re.compile(r"[0-9]{8,32}")
_ONLINE_ACCOUNT = re.compile(r"acct_[0-9A-Za-z]{1,59}")


class InvoiceNumberWrong(Refused):
    """A fully digitised invoice has 20 digits, an older one 8."""

    code = "E_INVOICE_NUMBER"
    basis = ("R9",)
    field = "invoice_number"
    message = _("数电票号码为 20 位数字，税控发票为 8 位数字")


class InvoicedAlready(Refused):
    """One invoice for one acceptance."""

    code = "E_INVOICED"
    basis = ("R9",)
    message = _("该笔应付款已登记发票")


class NotThePayer(Refused):
    """The payer was fixed at publication: nobody else pays, least of all an applicant (P20.7)."""

    code = "E_NOT_THE_PAYER"
    basis = ("P20.7", "I2")
    message = _("本合同的付款单位是%(payer)s，其他单位或个人不能代付；该次尝试已记入案卷")
    fix = _("由%(payer)s付款")


class NotThePayee(Refused):
    """Only the payee says what arrived on its account."""

    code = "E_NOT_THE_PAYEE"
    basis = ("R9",)
    message = _("只有收款机构可以确认到账")


class NothingDue(Refused):
    """Only what was accepted and is not paid yet, or on its way, can be paid."""

    code = "E_NOTHING_DUE"
    basis = ("R9",)
    message = _("该笔应付款已付清，或已有付款在途")
    fix = _("查看付款记录；在途付款确认后再付余额")


class NotInvoicedYet(Refused):
    """Payment follows the invoice."""

    code = "E_NOT_INVOICED"
    basis = ("R9",)
    message = _("中介服务机构尚未开具发票")
    fix = _("请机构先登记发票")


class AmountNotPayable(Refused):
    """A payment is more than nothing."""

    code = "E_AMOUNT"
    field = "amount"
    basis = ("R9",)
    message = _("金额须大于零")


class MoreThanDue(Refused):
    """Online one pays at most what is due; too much could only go back again."""

    code = "E_MORE_THAN_DUE"
    field = "amount"
    basis = ("R9",)
    message = _("最多可付 %(due)s")


class PaymentStep(Refused):
    """The payment is past this step; perhaps somebody was faster."""

    code = "E_PAYMENT_STEP"
    basis = ("R9",)
    message = _("该笔付款目前为“%(status)s”，不能进行此操作")
    fix = _("刷新页面查看最新进展")


class PayeeAccountMissing(Refused):
    """The agency has not said where to pay."""

    code = "E_PAYEE_ACCOUNT"
    basis = ("R9",)
    message = _("中介服务机构尚未登记收款账户")
    fix = _("请机构在工作台登记对公账户")


class AccountNumberWrong(Refused):
    """An account number is digits, as long as banks make them."""

    code = "E_ACCOUNT_NUMBER"
    basis = ("R9",)
    field = "number"
    message = _("银行账号为 8 至 32 位数字")


class OnlineAccountWrong(Refused):
    """A connected account is named by its id."""

    code = "E_ONLINE_ACCOUNT"
    basis = ("R9",)
    field = "online"
    message = _("Stripe 收款账户形如 acct_…，只含字母和数字；不接受在线支付可留空")


class OnlineNotOffered(Refused):
    """No provider of online payment is set up here, or it does not answer."""

    code = "E_ONLINE_NOT_OFFERED"
    basis = ("R9",)
    message = _("当前未开通该在线支付方式")
    fix = _("请使用对公转账")


class ProviderUnavailable(Refused):
    """The provider of online payment does not answer; nothing was charged that the ledger does not know."""

    code = "E_PROVIDER_UNAVAILABLE"
    basis = ("R9",)
    message = _("支付服务暂时没有响应，款项状态会自动核对，不会重复扣款")
    fix = _("稍后刷新本页，或改用对公转账")


class NothingToReturn(Refused):
    """Only money that lies in suspense, or was paid online, can go back, and no more than there is."""

    code = "E_NOTHING_TO_RETURN"
    basis = ("R9",)
    field = "amount"
    message = _("最多可退 %(most)s")


class LineRuled(Refused):
    """A line of a bank statement is dealt with once."""

    code = "E_LINE_RULED"
    basis = ("R9",)
    message = _("该笔流水已处理")
    fix = _("刷新页面查看最新进展")


class PayerOnStatementDiffers(Refused):
    """Public money: what another than the department paid goes back to them (P20.7)."""

    code = "E_OTHER_PAYER"
    basis = ("P20.7", "I2")
    message = _("该笔款项由“%(name)s”支付，不是付款单位%(payer)s；部门委托的服务费用不得由他人承担")
    fix = _("退回付款方；该次尝试已记入案卷")


def judge_invoice(number: str, *, invoiced: bool) -> None:
    """Raise InvoicedAlready or InvoiceNumberWrong unless this invoice can be recorded."""
    if invoiced:
        raise InvoicedAlready()
    if not _INVOICE.fullmatch(number):
        raise InvoiceNumberWrong()


def payment_due(invoiced_at: datetime, days: int) -> datetime:
    """The end (Beijing) of the last of `days` calendar days after the invoice."""
    last: date = invoiced_at.astimezone(BEIJING).date() + timedelta(days=days)
    return datetime.combine(last, time(23, 59, 59), BEIJING)


def judge_paying(amount: int, *, due: int, invoiced: bool, most: int | None = None) -> None:
    """Raise NotInvoicedYet, NothingDue, AmountNotPayable or MoreThanDue unless `amount` may be paid now."""
    if not invoiced:
        raise NotInvoicedYet()
    if due <= 0:
        raise NothingDue()
    if amount <= 0:
        raise AmountNotPayable()
    if most is not None and amount > most:
        raise MoreThanDue(due=shown(most))


def judge_account(number: str, online: str = "") -> str:
    """The account number without blanks; raises AccountNumberWrong or OnlineAccountWrong."""
    plain = re.sub(r"[\s-]", "", number)
    if not _ACCOUNT.fullmatch(plain):
        raise AccountNumberWrong()
    if online and not _ONLINE_ACCOUNT.fullmatch(online):
        raise OnlineAccountWrong()
    return plain
