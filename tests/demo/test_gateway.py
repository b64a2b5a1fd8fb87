"""The pretend provider: every state that a real one knows, and never a fen more or less than the ledger says."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.urls import reverse

import pytest

from accounts.models import Organisation, User
from agencies.models import Agency
from contracts import actions
from contracts.clockwork import check_due_payments, handle_events
from contracts.models import ContractStatus, Payable, Payment, ProviderEvent
from contracts.providers import Forged, Order, Rejected, Stage, offer, offered, withdraw
from contracts.rules.payment import NothingToReturn
from core.clock import database_now
from demo import gateway
from demo.gateway import PretendProvider
from demo.models import Outcome, PretendCheckout
from marketplace.models import ServiceItem
from tests.contracts import play

PRICE = 9_000_000
DUE = {"agreed": -PRICE, "due": PRICE}
PENDING = {"agreed": -PRICE, "pending": PRICE}
PAID = {"agreed": -PRICE, "paid": PRICE, "payer": -PRICE, "payee": PRICE}


@pytest.fixture(autouse=True)
def pretend() -> Iterator[None]:
    """Offered, whatever the environment of the run says."""
    before = offered().get("pretend")
    offer(PretendProvider())
    yield
    if before is None:
        withdraw("pretend")


@pytest.fixture
def payable(waterworks: Organisation, waterworks_user: User, item: ServiceItem, swift_agency: Agency) -> Payable:
    number = play.quick_award(waterworks, waterworks_user, item, swift_agency, PRICE)
    play.sign(number)
    return play.due(number)


@pytest.fixture
def number(payable: Payable) -> str:
    return play.number_of(payable)


@pytest.fixture
def payment(payable: Payable) -> Payment:
    """The payer stands before the pretend page."""
    payer = play.contract(play.number_of(payable)).payer
    return actions.pay_online(play.user_of(payer), payer, payable.pk, uuid.uuid4(), "pretend", PRICE)


@pytest.fixture
def payers_browser(waterworks_user: User, payment: Payment) -> Client:
    browser = Client()
    browser.force_login(waterworks_user)
    return browser


def press(browser: Client, payment: Payment, choice: str) -> str:
    """Press a button of the pretend page; where it leads."""
    answer = browser.post(payment.address, {"choice": choice})
    assert answer.status_code == 302
    return str(answer["Location"])


def look(payment: Payment) -> dict[str, int]:
    Payment.objects.filter(pk=payment.pk).update(check_at=database_now())
    check_due_payments()
    return play.sums(play.number_of(payment.payable))


def test_the_page_says_clearly_that_no_money_moves(payment: Payment) -> None:
    page = Client().get(payment.address).content.decode()
    assert "演示支付 · 不会扣款" in page
    assert "¥90,000.00" in page
    buttons = ("支付成功", "支付失败", "需要验证（3-D Secure）", "稍后到账（支付宝、微信）", "订单过期", "返回平台")
    assert all(button in page for button in buttons)


def test_an_order_that_nobody_opened_is_not_found(db: None) -> None:
    assert Client().get(reverse("demo_pay", args=["pretend_of_nobody"])).status_code == 404
    with pytest.raises(Rejected):
        PretendProvider().read("pretend_of_nobody")


def test_success_leads_back_and_completes_the_contract(payers_browser: Client, payment: Payment, number: str) -> None:
    assert play.sums(number) == PENDING
    back = press(payers_browser, payment, "paid")
    assert back == reverse("payment_back", args=[payment.pk])
    payers_browser.get(back)
    assert play.sums(number) == PAID
    assert play.contract(number).status == ContractStatus.COMPLETED


def test_who_closes_the_page_after_paying_has_paid_all_the_same(payment: Payment, number: str) -> None:
    press(Client(), payment, "paid")
    assert play.sums(number) == PENDING
    assert handle_events() == 1
    assert play.sums(number) == PAID


@pytest.mark.parametrize(("choice", "said"), [("declined", "declined"), ("expired", "expired")])
def test_what_comes_to_nothing_is_due_again(payment: Payment, number: str, choice: str, said: str) -> None:
    press(Client(), payment, choice)
    assert look(payment) == DUE
    assert play.said(number, "payment.failed")[0]["reason"] == said


def test_3d_secure_is_a_step_between(payers_browser: Client, payment: Payment, number: str) -> None:
    dialog = press(payers_browser, payment, "verify")
    assert look(payment) == PENDING
    assert "通过验证并支付" in payers_browser.get(dialog).content.decode()
    press(payers_browser, payment, "paid")
    assert look(payment) == PAID


def test_what_confirms_later_is_there_after_twenty_seconds(payment: Payment, number: str) -> None:
    press(Client(), payment, "later")
    assert PretendProvider().read(payment.reference).stage is Stage.PROCESSING
    assert "约 20 秒后到账" in Client().get(payment.address).content.decode()
    assert look(payment) == PENDING
    assert gateway.send_events() == 0
    PretendCheckout.objects.update(paid_at=database_now() - timedelta(milliseconds=1))
    assert gateway.send_events() == 1
    assert gateway.send_events() == 0
    assert handle_events() == 1
    assert play.sums(number) == PAID
    wait = PretendCheckout.objects.get()
    assert gateway.stage_of(wait, database_now()) is Stage.PAID


def test_the_second_press_finds_the_order_as_the_first_left_it(payment: Payment, number: str) -> None:
    press(Client(), payment, "paid")
    press(Client(), payment, "declined")
    press(Client(), payment, "nonsense")
    assert PretendCheckout.objects.get().outcome == Outcome.PAID
    assert ProviderEvent.objects.count() == 1
    assert look(payment) == PAID


def test_an_order_runs_out_by_the_databases_clock(payment: Payment, number: str) -> None:
    PretendCheckout.objects.update(expires_at=database_now())
    assert PretendProvider().read(payment.reference).stage is Stage.EXPIRED
    press(Client(), payment, "paid")
    assert look(payment) == DUE


def test_the_payer_gives_up_and_nobody_can_pay_any_more(payment: Payment, number: str) -> None:
    actions.cancel_online(play.contract(number).payer, payment.pk)
    assert play.sums(number) == DUE
    press(Client(), payment, "paid")
    assert look(payment) == DUE


def test_a_refund_opens_the_contract_again_once_per_key(payment: Payment, number: str) -> None:
    press(Client(), payment, "paid")
    look(payment)
    agency, key = play.contract(number).agency, uuid.uuid4()
    for _again in range(2):
        actions.refund_online(agency, payment.pk, 1_000_000, key)
    assert play.sums(number)["due"] == 1_000_000
    assert play.contract(number).status == ContractStatus.SIGNED
    with pytest.raises(NothingToReturn):
        actions.refund_online(agency, payment.pk, PRICE, uuid.uuid4())
    with pytest.raises(Rejected):
        PretendProvider().refund(f"intent_{payment.reference}", PRICE, "another")


def test_nothing_is_refunded_of_what_was_not_paid(payment: Payment) -> None:
    with pytest.raises(Rejected):
        PretendProvider().refund(f"intent_{payment.reference}", 1, "key")
    with pytest.raises(Rejected):
        PretendProvider().refund("intent_unknown", 1, "key")


def test_the_same_key_is_the_same_order_and_is_found_by_it(payment: Payment) -> None:
    provider, checkout = PretendProvider(), PretendCheckout.objects.get()
    order = Order(checkout.key, PRICE, "", "", "", "", database_now(), checkout.expires_at)
    assert provider.open(order).reference == payment.reference
    found = provider.find(order)
    assert found is not None
    assert found.reference == payment.reference
    assert provider.find(Order("other", PRICE, "", "", "", "", database_now(), checkout.expires_at)) is None
    with pytest.raises(Rejected):
        provider.open(Order(checkout.key, PRICE + 1, "", "", "", "", database_now(), checkout.expires_at))


def test_webhooks_of_a_provider_without_any_are_forged() -> None:
    with pytest.raises(Forged):
        PretendProvider().event(RequestFactory().post("/"))


def test_it_is_offered_only_where_no_real_provider_is(monkeypatch: pytest.MonkeyPatch) -> None:
    withdraw("pretend")
    monkeypatch.setattr(settings, "ENV", replace(settings.ENV, stripe_api_key="sk_test_x"))
    apps.get_app_config("demo").ready()
    assert "pretend" not in offered()
    monkeypatch.setattr(settings, "ENV", replace(settings.ENV, stripe_api_key=None))
    apps.get_app_config("demo").ready()
    assert "pretend" in offered()


def test_migrations_say_what_the_models_say(db: None) -> None:
    call_command("makemigrations", "demo", "--check", "--dry-run", verbosity=0)
