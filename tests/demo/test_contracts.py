"""The contracts of the invented year: lawful to the fen, in every state, and something to do for every role."""

from collections import Counter, defaultdict
from datetime import time
from typing import Any

from django.db import connection
from django.db.models import F, Q, Sum

import pytest

from accounts.models import Kind, Organisation
from contracts import annex, queries, wording
from contracts.clockwork import due
from contracts.models import (
    Account,
    BudgetLine,
    Contract,
    ContractStatus,
    Delivery,
    DeliveryFile,
    DeliveryStatus,
    Extension,
    MilestoneStatus,
    Movement,
    MovementKind,
    Payable,
    PayeeAccount,
    Payment,
    PaymentMethod,
    Posting,
    Version,
    VersionStatus,
)
from contracts.page import page_of
from contracts.rules.ledger import PRICE_BOOK
from contracts.rules.remittance import is_code
from core.clock import BEIJING, database_now
from core.money import parse
from core.queries import calendar
from demo import roles
from demo.models import PretendCheckout
from demo.payments import code
from journal.models import Entry
from journal.queries import entries_of
from marketplace.models import Request, RequestStatus

pytestmark = pytest.mark.slow

IN_FORCE = (ContractStatus.DRAFTED, ContractStatus.SIGNED)


def number_of(contract: Contract) -> str:
    return contract.award.request.number or ""


def test_there_are_as_many_as_were_asked_for(year: int) -> None:
    states = Counter(Contract.objects.values_list("status", flat=True))
    assert 700 < sum(states.values()) < 950
    assert states[ContractStatus.COMPLETED] > 500
    assert states[ContractStatus.SIGNED] > 80
    assert states[ContractStatus.DRAFTED] >= 5
    assert 2 <= states[ContractStatus.TERMINATED] <= 20
    assert not Request.objects.filter(status=RequestStatus.AWARDED, awards__contract__isnull=True).exists()


def test_most_goes_well_and_some_does_not(year: int) -> None:
    verdicts = Counter(Delivery.objects.values_list("status", flat=True))
    assert verdicts[DeliveryStatus.ACCEPTED] > 900
    assert 30 < verdicts[DeliveryStatus.RETURNED] < 200
    assert 10 < verdicts[DeliveryStatus.PARTLY] < 100
    assert verdicts[DeliveryStatus.WAITING] > 10
    late = Delivery.objects.filter(version=1, delivered_at__gt=F("milestone__due_at")).count()
    assert 20 < late < 250
    assert 5 < Delivery.objects.filter(decided_as="regulator").count() < 60
    assert {"granted", "refused"} <= set(Extension.objects.values_list("status", flat=True))
    assert 5 < Version.objects.filter(change=True, published=True).count() < 50
    assert DeliveryFile.objects.filter(confidential=True).exists()


def test_most_is_paid_in_time_and_some_is_late_too_much_or_online(year: int) -> None:
    settled = Payable.objects.filter(settled_at__isnull=False)
    in_time = settled.filter(settled_at__lte=F("due_at")).count()
    assert in_time > 0.85 * settled.count()
    assert settled.filter(settled_at__gt=F("due_at")).count() > 10
    assert Payable.objects.filter(settled_at=None, overdue_noted_at__isnull=False).exists()
    kinds = Counter(Movement.objects.values_list("kind", flat=True))
    assert 3 <= kinds[MovementKind.RETURNED] <= 50
    assert kinds[MovementKind.REFUNDED] >= 1
    assert kinds[MovementKind.FAILED] >= 5
    methods = Counter(Payment.objects.values_list("method", flat=True))
    assert methods[PaymentMethod.TRANSFER] > 4 * methods[PaymentMethod.PRETEND] > 100
    assert PretendCheckout.objects.count() == methods[PaymentMethod.PRETEND]


def test_every_ledger_adds_up(year: int) -> None:
    sums: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    rows = Posting.objects.values_list("movement__contract", "account").annotate(sum=Sum("amount")).order_by()
    for contract, account, amount in rows:
        sums[contract][account] = amount
    for contract in Contract.objects.exclude(status=ContractStatus.DRAFTED):
        own = sums[contract.pk]
        assert sum(own[account] for account in PRICE_BOOK) == 0
        assert own[Account.PAID] == own[Account.PAYEE]
        assert own[Account.PAYER] == -(own[Account.PAYEE] + own[Account.SUSPENSE])
        assert own[Account.AGREED] == -contract.price
        assert all(own[one] >= 0 for one in (*PRICE_BOOK[1:], Account.PAYEE, Account.SUSPENSE))
        if contract.status == ContractStatus.COMPLETED:
            assert own[Account.PAID] == contract.price
            assert not any(own[one] for one in (Account.UNDUE, Account.DUE, Account.PENDING, Account.SUSPENSE))
    assert not set(sums) & set(Contract.objects.filter(status=ContractStatus.DRAFTED).values_list("pk", flat=True))


def test_the_database_itself_finds_nothing_wrong(year: int) -> None:
    connection.check_constraints()


def test_rows_are_what_the_case_files_tell(year: int) -> None:
    for contract in Contract.objects.select_related("award__request")[::5]:
        told = [(entry.kind, entry.data) for entry in entries_of(number_of(contract))]
        _money_agrees(contract, told)
        decided = [data for kind, data in told if kind == "acceptance.decided"]
        accepted = Delivery.objects.filter(milestone__contract=contract).aggregate(sum=Sum("accepted"))["sum"] or 0
        assert sum(parse(data["accepted"]) for data in decided) == accepted
        kinds = Counter(kind for kind, _data in told)
        assert kinds["delivery.made"] == Delivery.objects.filter(milestone__contract=contract).count()
        assert bool(contract.sign_overdue_noted_at) == bool(kinds["contract.sign_overdue"])
        assert kinds["contract.completed"] - kinds["contract.reopened"] == (contract.status == ContractStatus.COMPLETED)
        assert kinds["contract.proposed"] == contract.versions.count()
        shown = [data for kind, data in told if kind in ("contract.signed", "contract.changed")]
        if shown:
            standing = contract.milestones.exclude(status=MilestoneStatus.DROPPED)
            assert [one["n"] for one in shown[-1]["milestones"]] == list(standing.values_list("n", flat=True))
            assert parse(shown[-1]["price"]) == contract.price


def _money_agrees(contract: Contract, told: list[tuple[str, dict[str, Any]]]) -> None:
    def said(kind: str) -> int:
        return sum(parse(data["amount"]) for one, data in told if one == kind)

    own = queries.balances_by_contract([contract]).get(contract.pk)
    if own is not None:
        assert said("payment.paid") - said("payment.refunded") == own[Account.PAID]
        assert said("payment.suspense") - said("payment.returned") == own[Account.SUSPENSE]
    assert said("payment.payable") == sum(contract.payables.values_list("amount", flat=True))


def test_status_and_request_go_together(year: int) -> None:
    goes_with = {
        ContractStatus.DRAFTED: RequestStatus.AWARDED,
        ContractStatus.SIGNED: RequestStatus.CONTRACTED,
        ContractStatus.COMPLETED: RequestStatus.COMPLETED,
        ContractStatus.TERMINATED: RequestStatus.FAILED,
    }
    for status, of_request in Contract.objects.values_list("status", "award__request__status"):
        assert goes_with[ContractStatus(status)] == of_request


def test_every_text_is_worded_anew_to_the_same_hash(year: int) -> None:
    for version in Version.objects.select_related("contract")[::25]:
        assert version.sha256 == wording.sha256(wording.as_text(version.body)) == wording.sha256(version.text)
        assert annex.commitment(bytes(version.contract.salt), version.annex) in version.text
        if not version.change:
            assert version.price == version.contract.award.amount
    signed = Version.objects.filter(status=VersionStatus.SIGNED)
    assert all(version.confirmations.count() == 2 for version in signed[::25])


def test_people_work_in_office_hours_of_working_days(year: int) -> None:
    days = calendar()
    moments = Delivery.objects.filter(decided_at__isnull=False).values_list("delivered_at", "decided_at")
    for at in [moment for pair in moments[:300] for moment in pair]:
        local = at.astimezone(BEIJING)
        assert days.works(local.date())
        assert time(8, 40) <= local.time() <= time(17, 41)


def test_nothing_happens_tomorrow_and_the_clock_finds_nothing_left_undone(year: int) -> None:
    now = database_now()
    assert not Movement.objects.filter(at__gt=now).exists()
    assert not Version.objects.filter(proposed_at__gt=now).exists()
    assert due(now) == []


def test_no_account_number_stands_in_any_entry_or_text(year: int) -> None:
    accounts = list(PayeeAccount.objects.values_list("number", "bank"))
    assert len(accounts) == Organisation.objects.filter(kind=Kind.AGENCY).count()
    assert all(number.isdigit() and "演示" in bank for number, bank in accounts)
    texts = "\n".join(Version.objects.values_list("text", flat=True))
    bodies = b"\n".join(bytes(body) for body in Entry.objects.values_list("body", flat=True))
    assert not any(number in texts or number.encode() in bodies for number, _bank in accounts)


def test_budget_lines_hold_more_than_was_asked_of_them(year: int) -> None:
    lines = BudgetLine.objects.all()
    assert lines.count() > 18
    for line in lines:
        asked = Request.objects.filter(buyer=line.organisation_id, budget_line=line.name, status__gt="")
        assert line.total > (asked.exclude(published_at=None).aggregate(sum=Sum("ceiling"))["sum"] or 0)
    paid_from = set(Contract.objects.filter(government=True).values_list("buyer", "budget_line"))
    assert paid_from <= set(lines.values_list("organisation", "name"))
    assert len(lines) == Entry.objects.filter(kind="budget.line_set").count()


def test_codes_are_right_and_no_two_are_alike(year: int) -> None:
    codes = list(Payable.objects.values_list("code", flat=True))
    assert all(is_code(one) for one in codes)
    assert len({code(number) for number in range(1, 5000)}) == 4999


def _steps(role: str) -> dict[str, int]:
    """What that role can do next, and in how many contracts."""
    own = Organisation.objects.get(memberships__user__email=roles.email(role))
    mine = Contract.objects.filter(Q(buyer=own) | Q(agency=own) if role != "regulator" else Q(), status__in=IN_FORCE)
    found: Counter[str] = Counter()
    for contract in mine.select_related("award__request"):
        page = page_of(number_of(contract), own)
        doors = {*page.doors, *(door for row in page.milestones for door in row.doors)}
        doors |= {door for row in page.payables for door in row.doors}
        doors |= {door for row in page.payables for one in row.payments for door in one.doors}
        found.update(doors)
    return found


@pytest.mark.parametrize(
    ("role", "promised"),
    [
        ("enterprise", {"confirm", "decide", "transfer"}),
        ("department", {"decide", "transfer"}),
        ("agency", {"confirm", "deliver", "invoice", "received"}),
        ("regulator", {"decide"}),
    ],
)
def test_every_role_has_something_to_do_next(year: int, role: str, promised: set[str]) -> None:
    assert promised <= set(_steps(role))


def test_the_roles_meet_each_other_in_contracts_under_way(year: int) -> None:
    ours = Organisation.objects.get(memberships__user__email=roles.email("agency"))
    for role in ("enterprise", "department"):
        theirs = Organisation.objects.get(memberships__user__email=roles.email(role))
        assert Contract.objects.filter(buyer=theirs, agency=ours, status__in=IN_FORCE).count() >= 3


def test_delivered_files_can_be_read(year: int) -> None:
    for one in DeliveryFile.objects.select_related("file").distinct("file"):
        content = one.file.path.read_bytes()
        assert content.startswith(b"%PDF-")
        assert len(content) == one.file.size
        assert queries.shows_file(one.file) is not one.confidential
