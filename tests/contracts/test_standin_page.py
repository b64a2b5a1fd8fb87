"""The stand-in's pay page in a browser, as a payer meets it."""

import contextlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.contracts.test_standin import opened
from tests.plumbing.standin import Standin

# A process of its own stands beside each.
pytestmark = pytest.mark.slow

_HOME = "http://127.0.0.1"


@pytest.fixture
def session(stripe_standin: Standin, page: Page) -> Iterator[str]:
    """A session on whose page the payer stands. The shop itself is only two addresses here."""
    page.route(f"{_HOME}/**", lambda route: route.fulfill(body="<title>shop</title>", content_type="text/html"))
    fresh = opened(stripe_standin.client(), fen=1_234_567)
    page.goto(str(fresh.url))
    yield fresh.id
    with contextlib.suppress(Exception):
        page.unroute_all(behavior="ignoreErrors")


def comes_back(page: Page, button: str, session: str) -> None:
    """The button leads to the shop. A redirect is not routed to our two addresses, so no page need come of it."""
    with page.expect_request(f"{_HOME}/paid?session={session}"):
        page.get_by_test_id(button).click()


def _standing(standin: Standin, session: str) -> tuple[str | None, str]:
    found = standin.client().v1.checkout.sessions.retrieve(session)
    return found.status, found.payment_status


def test_it_says_what_it_is_and_what_is_due(page: Page, session: str) -> None:
    expect(page.get_by_test_id("stand-in")).to_contain_text("No money moves here")
    expect(page.get_by_test_id("amount")).to_have_text("CNY 12,345.67")
    expect(page.get_by_role("heading")).to_have_text("合同款")


@pytest.mark.parametrize("method", ["card", "alipay", "wechat_pay"])
def test_approving_leads_back_to_the_shop(page: Page, session: str, stripe_standin: Standin, method: str) -> None:
    page.get_by_test_id(f"method-{method}").check()
    comes_back(page, "approve", session)
    assert _standing(stripe_standin, session) == ("complete", "paid")


def test_a_declined_payer_stays_and_may_go_back(page: Page, session: str, stripe_standin: Standin) -> None:
    page.get_by_test_id("decline").click()
    expect(page.get_by_test_id("notice")).to_have_text("The payment was declined.")
    page.get_by_test_id("back").click()
    expect(page).to_have_url(f"{_HOME}/back")
    assert _standing(stripe_standin, session) == ("open", "unpaid")


def test_3d_secure_asks_once_more(page: Page, session: str, stripe_standin: Standin) -> None:
    page.get_by_test_id("challenge").click()
    page.get_by_test_id("fail").click()
    expect(page.get_by_test_id("notice")).to_have_text("The payment was declined.")
    assert _standing(stripe_standin, session) == ("open", "unpaid")

    page.get_by_test_id("challenge").click()
    comes_back(page, "complete", session)
    assert _standing(stripe_standin, session) == ("complete", "paid")


@pytest.mark.parametrize(("button", "payment"), [("later-succeed", "paid"), ("later-fail", "unpaid")])
def test_a_wallet_answers_after_the_payer_has_gone(
    page: Page, session: str, stripe_standin: Standin, button: str, payment: str
) -> None:
    stripe_standin.control(async_after=0)
    page.get_by_test_id("method-alipay").check()
    comes_back(page, button, session)
    last = {"paid": "checkout.session.async_payment_succeeded", "unpaid": "checkout.session.async_payment_failed"}
    for _ in range(50):
        newest = stripe_standin.client().v1.events.list({"limit": 1}).data[0]
        if newest.type == last[payment]:
            break
        page.wait_for_timeout(50)
    assert (newest.type, newest.data.object.payment_status) == (last[payment], payment)


def test_cards_do_not_answer_later(page: Page, session: str, stripe_standin: Standin) -> None:
    page.get_by_test_id("later-succeed").click()
    expect(page.get_by_test_id("notice")).to_have_text("Cards answer at once.")
    assert _standing(stripe_standin, session) == ("open", "unpaid")


def test_an_expired_session_offers_nothing_but_the_way_back(page: Page, session: str, stripe_standin: Standin) -> None:
    page.get_by_test_id("expire").click()
    expect(page.get_by_test_id("closed")).to_have_text("This session has expired.")
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.get_by_test_id("back")).to_be_visible()
    assert _standing(stripe_standin, session) == ("expired", "unpaid")


def test_a_second_tab_cannot_pay_again(page: Page, session: str, stripe_standin: Standin) -> None:
    stripe_standin.act(session, "pay")
    page.get_by_test_id("approve").click()
    expect(page.get_by_test_id("closed")).to_have_text("This session has been paid.")
    assert stripe_standin.told()["objects"]["charges"] == 1
