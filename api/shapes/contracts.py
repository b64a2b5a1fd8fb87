"""Contracts as their page shows them: in public, and more to those whose they are."""

from django.urls import reverse

from api.shapes.base import anything, day, flag, many, maybe, moment, money, number, one, shape, text, texts
from api.shapes.market import ORGANISATION
from contracts.models import Account

CONTRACT_ROW = shape(
    "ContractRow",
    number=text("award.request.number"),
    title=text("award.request.title"),
    buyer=one(ORGANISATION, "buyer"),
    agency=one(ORGANISATION, "agency"),
    status=text("status"),
    price=money("price"),
    drafted_at=moment("drafted_at"),
    sign_due_at=moment("sign_due_at"),
    signed_at=moment("signed_at"),
    completed_at=moment("completed_at"),
)
DELIVERED_FILE = shape(
    "DeliveredFile",
    id=number("pk"),
    name=maybe(lambda file: None if file.confidential else file.name),
    sha256=text("file.sha256"),
    confidential_because=maybe("confidential_because"),
)
DELIVERY = shape(
    "Delivery",
    version=number("version"),
    note=text("note"),
    status=text("status"),
    delivered_at=moment("delivered_at"),
    due_at=moment("due_at"),
    decided_at=moment("decided_at"),
    accepted=money("accepted"),
    return_reason=maybe("return_reason"),
    opinion=maybe("opinion"),
    files=many(DELIVERED_FILE, "files"),
)
EXTENSION = shape(
    "Extension",
    wd=number("wd"),
    reason=text("reason"),
    status=text("status"),
    asked_at=moment("asked_at"),
    answer_due_at=moment("answer_due_at"),
    answer=maybe("answer"),
)
MILESTONE = shape(
    "Milestone",
    n=number("milestone.n"),
    name=text("milestone.name"),
    deliverables=text("milestone.deliverables"),
    amount=money("milestone.amount"),
    accepted=money("accepted"),
    status=text("milestone.status"),
    due_wd=number("milestone.due_wd"),
    due_at=moment("milestone.due_at"),
    deliveries=many(DELIVERY, "deliveries"),
    extensions=many(EXTENSION, "extensions"),
    doors=texts("doors"),
)
PAYMENT = shape(
    "Payment",
    id=number("payment.pk"),
    method=text("payment.method"),
    amount=money("payment.amount"),
    started_at=moment("payment.started_at"),
    paid_on=day("payment.paid_on"),
    pending=money("pending"),
    arrived=money("arrived"),
    went_back=money("went_back"),
    refundable=money("refundable"),
    expected=day("expected"),
    doors=texts("doors"),
)
# `address` is the provider's page where the payer goes on; null where the provider took nothing, and the amount is due as before.
CHECKOUT = shape(
    "Checkout",
    id=number("pk"),
    method=text("method"),
    amount=money("amount"),
    address=maybe("address"),
    started_at=moment("started_at"),
    expires_at=moment("expires_at"),
)
PAYABLE = shape(
    "Payable",
    id=number("payable.pk"),
    code=text("payable.code"),
    milestone=number("payable.milestone.n"),
    amount=money("payable.amount"),
    due=money("balances.due"),
    pending=money("balances.pending"),
    paid=money("balances.paid"),
    invoice_number=maybe("payable.invoice_number"),
    invoiced_at=moment("payable.invoiced_at"),
    due_at=moment("payable.due_at"),
    settled_at=moment("payable.settled_at"),
    payments=many(PAYMENT, "payments"),
    doors=texts("doors"),
)
VERSION = shape(
    "ContractVersion",
    number=number("version.number"),
    change=flag("version.change"),
    status=text("version.status"),
    proposed_by=maybe("version.proposed_by"),
    proposed_at=moment("version.proposed_at"),
    sha256=text("version.sha256"),
    confirmed_by=texts(lambda row: [side for side, _at in row.confirmed]),
    text=maybe(lambda row: row.version.text if row.readable else None),
)
DEADLINE = shape("Deadline", what=text("what"), who=text("who"), at=moment("at"), because=text("because"))
CONTRACT = shape(
    "Contract",
    number=text("number"),
    side=maybe("side"),
    buyer=one(ORGANISATION, "contract.buyer"),
    agency=one(ORGANISATION, "contract.agency"),
    payer=one(ORGANISATION, "contract.payer"),
    budget_line=maybe("contract.budget_line"),
    status=text("contract.status"),
    price=money("contract.price"),
    sign_due_at=moment("contract.sign_due_at"),
    signed_at=moment("contract.signed_at"),
    completed_at=moment("contract.completed_at"),
    ruleset=text("contract.ruleset"),
    proposal=maybe("proposal.sha256"),
    versions=many(VERSION, "versions"),
    milestones=many(MILESTONE, "milestones"),
    payables=many(PAYABLE, "payables"),
    suspense=money(lambda page: page.suspense.total),
    deadlines=many(DEADLINE, "deadlines"),
    doors=texts("doors"),
    annex=anything(
        lambda page: page.version.annex if page.private and page.version else None,
        "contacts and account of the text, for the parties and regulators",
    ),
    pdf=text(lambda page: reverse("contract_pdf", args=[page.number])),
)
BANK_LINE = shape(
    "BankLine",
    id=number("pk"),
    booked_on=day("booked_on"),
    amount=money("amount"),
    payer_name=text("payer_name"),
    remark=text("remark"),
    verdict=text("verdict"),
)
PREVIEW = shape(
    "BankPreview",
    lines=many(
        shape("BankMatch", row=number("line.row"), amount=money("line.amount"), verdict=text("verdict.value")),
        lambda found: found,
    ),
)
ACCOUNT = shape("PayeeAccount", bank=text("bank"), number=text("number"), online=maybe("online"))
BUDGET = shape("BudgetLine", name=text("name"), total=money("total"))
PARTY_MONEY = shape(
    "PartyMoney",
    due=money("due"),
    pending=money("pending"),
    paid=money("paid"),
    suspense=money(lambda held: held[Account.SUSPENSE]),
)
