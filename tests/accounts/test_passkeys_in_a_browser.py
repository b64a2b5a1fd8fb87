"""Passkeys with Chromium's virtual authenticator: signing in, as a second factor, and what an officer must keep."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.cast import next_uscc
from tests.plumbing import identity
from tests.plumbing.identity import PASSWORD, Place

pytestmark = [pytest.mark.slow, pytest.mark.clause("P13.1")]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory):
    with identity.place(tmp_path_factory.mktemp("passkeys"), {}) as made:
        made.account("officer@regulator.example", made.organisation("regulator", "甘肃省市场监督管理局", next_uscc()))
        made.account("buyer@works.example", made.organisation("enterprise", "陇中供水有限公司", next_uscc()))
        yield made


@pytest.fixture
def site(place: Place) -> str:
    """A name, not a number: credentials belong to names."""
    return place.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def context(new_context) -> BrowserContext:
    return new_context()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """With a key in the device that knows its owner's finger."""
    page = context.new_page()
    client = context.new_cdp_session(page)
    client.send("WebAuthn.enable")
    client.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return page


def sign_in(page: Page, site: str, email: str) -> None:
    page.goto(f"{site}/accounts/login/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_test_id("login").get_by_role("button").click()


def add_passkey(page: Page, site: str, *, passwordless: bool) -> None:
    """From the page of second factors; shows oneself once more by password."""
    page.goto(f"{site}/accounts/2fa/webauthn/add/")
    if page.locator("[name=password]").count():
        page.locator("[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="确认").click()
    if passwordless:
        page.locator("[name=passwordless]").check()
    page.get_by_role("button", name="添加").click()


def test_a_passkey_signs_in_without_a_password(page, place, site):
    sign_in(page, site, "buyer@works.example")
    add_passkey(page, site, passwordless=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("恢复码")
    page.get_by_role("button", name="退出").click()
    page.goto(f"{site}/accounts/login/")
    page.get_by_test_id("passkey").get_by_role("button").click()
    expect(page).to_have_url(f"{site}/desk/")


def test_an_officer_passes_with_a_passkey_as_second_factor_and_keeps_the_last_one(context, page, place, site, watch):
    watch.expect("409")
    sign_in(page, site, "officer@regulator.example")
    page.goto(f"{site}/regulator/")
    expect(page.locator("main")).to_contain_text("办理监管事项须先启用两步验证")
    add_passkey(page, site, passwordless=False)
    expect(page.locator("main code")).to_have_count(10)
    codes = page.locator("main code").all_inner_texts()
    page.goto(f"{site}/regulator/")
    expect(page).to_have_url(f"{site}/regulator/")

    page.goto(f"{site}/accounts/2fa/webauthn/")
    page.get_by_role("link", name="移除").click()
    page.get_by_role("button", name="移除").click()
    expect(page.locator("main")).to_contain_text("E_LAST_FACTOR")
    assert (
        place.database.value("SELECT count(*) FROM mfa_authenticator WHERE type = 'webauthn' AND data ? 'credential'")
        > 0
    )

    context.clear_cookies()
    sign_in(page, site, "officer@regulator.example")
    expect(page.get_by_role("heading", level=1)).to_have_text("两步验证")
    page.get_by_role("button", name="改用通行密钥").click()
    expect(page).to_have_url(f"{site}/desk/")

    context.clear_cookies()
    sign_in(page, site, "officer@regulator.example")
    page.locator("[name=code]").fill(codes[0])
    page.get_by_role("button", name="登录").click()
    expect(page).to_have_url(f"{site}/desk/")


def test_a_device_without_the_key_says_what_else_one_can_do(context, page, place, site):
    page.goto(f"{site}/accounts/login/")
    page.get_by_test_id("passkey").get_by_role("button").click()
    expect(page.locator("[data-passkey-error]")).to_be_visible()
    expect(page.get_by_test_id("login")).to_be_visible()
