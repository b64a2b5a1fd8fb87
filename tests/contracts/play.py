"""Play a contract up to where a test begins, through the real actions."""

import uuid
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from accounts.models import Organisation, User
from agencies.models import Agency
from bidding.actions import Press, advance, place_bids
from bidding.models import Auction, Award, AwardStatus, Enrolment
from contracts import actions
from contracts.actions.ledger import balances_of, balances_of_payable
from contracts.models import Account, Contract, DeliveryStatus, Payable, PayeeAccount, Payment, VersionStatus
from contracts.rules.plan import Stage
from core.clock import database_now
from journal.actions import lock_case
from journal.models import Entry
from journal.queries import entries_of
from marketplace.models import Request, RequestStatus, ServiceItem
from tests import cast

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def user_of(organisation: Organisation) -> User:
    return organisation.memberships.order_by("pk")[0].user


def award(auction: Auction, winner: Agency, amount: str = "90000.00") -> str:
    """Let `winner` win at `amount` and the standstill pass; the number of the request."""
    number = auction.request.number or ""
    press = Press(uuid.uuid4(), winner.pk, user_of(winner.organisation).pk, cast.yuan(amount), confirmed=True)
    place_bids(number, [press])
    cast.set_close(auction, -1)
    advance(number)
    Award.objects.filter(request=auction.request).update(standstill_until=database_now())
    advance(number)
    return number


def contract(number: str) -> Contract:
    """The newest contract in that case, read anew."""
    related = ("award__request", "buyer", "agency", "payer")
    return Contract.objects.select_related(*related).filter(award__request__number=number).latest("pk")


def sign(number: str) -> Contract:
    """Both confirm the text that lies there."""
    actions.draft_contract(number)
    for side in ("buyer", "agency"):
        one = contract(number)
        party: Organisation = getattr(one, side)
        version = one.versions.filter(status=VersionStatus.OPEN).first()
        if version and not version.confirmations.filter(side=side).exists():
            actions.confirm(user_of(party), party, number, version.sha256)
    return contract(number)


def stages(*parts: tuple[str, str, int]) -> list[Stage]:
    """`("初稿", "30000.00", 10)`, … as a plan."""
    return [Stage(n, name, "", cast.yuan(amount), wd) for n, (name, amount, wd) in enumerate(parts, 1)]


def signed_in(number: str, *parts: tuple[str, str, int]) -> Contract:
    """The buyer proposes these milestones, and the agency confirms them."""
    actions.draft_contract(number)
    one = contract(number)
    actions.propose(user_of(one.buyer), one.buyer, number, stages(*parts))
    return sign(number)


def upload(name: str = "报告书.pdf", content: bytes | None = None, **fields: Any) -> actions.Upload:
    return actions.Upload(SimpleUploadedFile(name, content or PDF + name.encode()), **fields)


def deliver(number: str, n: int = 1, **fields: Any) -> None:
    agency = contract(number).agency
    actions.deliver(user_of(agency), agency, number, n, [upload(f"第{n}期-{uuid.uuid4().hex[:6]}.pdf")], **fields)


def accept(number: str, n: int = 1, **fields: Any) -> None:
    buyer = contract(number).buyer
    actions.decide(user_of(buyer), buyer, number, n, fields.pop("verdict", DeliveryStatus.ACCEPTED), **fields)


def due(number: str, n: int = 1) -> Payable:
    """Milestone `n` delivered, accepted and invoiced."""
    deliver(number, n)
    accept(number, n)
    return invoiced(number, n)


def invoiced(number: str, n: int = 1) -> Payable:
    one = contract(number)
    payable = one.payables.filter(milestone__n=n, invoiced_at=None).latest("pk")
    return actions.invoice(one.agency, payable.pk, f"{payable.pk:020d}")


def account(agency: Organisation, **fields: Any) -> PayeeAccount:
    """Where it is paid, as it once was written down; no rule is asked."""
    known = {
        "bank": "建设银行",
        "number": "62001234567890",
        "changed_by": user_of(agency),
        "changed_at": database_now(),
    }
    return PayeeAccount.objects.create(organisation=agency, **(known | fields))


def transfer(payable: Payable, amount: str, **fields: Any) -> Payment:
    payer = contract(number_of(payable)).payer
    key = fields.pop("key", None) or uuid.uuid4()
    return actions.announce_transfer(user_of(payer), payer, payable.pk, key, cast.yuan(amount), date(2026, 11, 23))


def number_of(payable: Payable) -> str:
    return payable.contract.award.request.number or ""


def sums(number: str) -> dict[str, int]:
    """What the accounts hold, without those that hold nothing."""
    return {account.value: amount for account, amount in balances_of(contract(number)).of.items() if amount}


def owed(payable: Payable) -> int:
    return balances_of_payable(payable)[Account.DUE]


def said(number: str, kind: str) -> list[dict[str, Any]]:
    """What the case file says of that kind, oldest first."""
    return [entry.data for entry in entries_of(number).filter(kind=kind)]


def kinds(number: str) -> list[str]:
    return list(Entry.objects.filter(case__name=number).order_by("seq").values_list("kind", flat=True))


def quick_award(buyer: Organisation, by: User, item: ServiceItem, winner: Agency, amount: int) -> str:
    """A final award without the auction before it; the number of the request."""
    request = cast.published(buyer, item, by)
    now = database_now()
    enrolment = Enrolment.objects.create(request=request, agency=winner, label="晨星", salt=bytes(32), enrolled_at=now)
    with transaction.atomic():
        lock_case(request.number or "").append("award.final", {})
    Request.objects.filter(pk=request.pk).update(status=RequestStatus.AWARDED)
    Award.objects.create(
        request=request,
        winner=enrolment,
        amount=amount,
        status=AwardStatus.FINAL,
        published_at=now,
        standstill_until=now,
    )
    return request.number or ""
