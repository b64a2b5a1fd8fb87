"""Sign-in by an OpenID provider: a real one in a process of its own, in a real browser (P13.1)."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.cast import next_uscc
from tests.plumbing import identity
from tests.plumbing.identity import PASSWORD, Place

pytestmark = [pytest.mark.slow, pytest.mark.clause("P13.1")]

EMPLOYER, OFFICE = next_uscc(), next_uscc()
PEOPLE = {
    "wang": {"password": PASSWORD, "name": "王建国", "email": "wang@works.example"},
    "li": {"password": PASSWORD, "name": "李秀英", "email": "li@works.example", "uscc": EMPLOYER},
    "zhao": {"password": PASSWORD, "name": "赵敏", "email": "zhao@office.example", "uscc": OFFICE},
    "qian": {
        "password": PASSWORD,
        "name": "钱进",
        "email": "q@works.example",
        "email_verified": False,
        "uscc": EMPLOYER,
    },
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory):
    with identity.place(tmp_path_factory.mktemp("identity"), PEOPLE) as made:
        works = made.organisation("enterprise", "陇中供水有限公司", EMPLOYER)
        made.account("wang@works.example", works)
        office = made.organisation("department", "岷县水务局", OFFICE)
        made.account("head@office.example", office)
        yield made


@pytest.fixture
def page(new_context) -> Page:
    return new_context().new_page()


def come_as(page: Page, place: Place, who: str, *, action: str = "grant") -> None:
    """From the sign-in page to the provider, in as that person, and back with what they answer there."""
    page.goto(f"{place.url}/accounts/login/")
    page.get_by_test_id("identity").get_by_role("button").click()
    page.wait_for_url(f"{place.issuer}/**")
    page.locator("[name=login]").fill(who)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form button[type=submit]").first.click()
    page.locator(f"button[name=action][value={action}]").click()
    page.wait_for_url(f"{place.url}/**")


def sign_in(page: Page, email: str) -> None:
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_test_id("login").get_by_role("button").click()


def accounts_of(place: Place, name: str) -> list[str]:
    """The addresses of the accounts that the identity signs in."""
    rows = place.database.rows(
        "SELECT u.email FROM socialaccount_socialaccount s JOIN accounts_user u ON u.id = s.user_id"
        " WHERE s.extra_data->>'name' = %s",
        name,
    )
    return [email for (email,) in rows]


def test_an_unknown_identity_with_an_accounts_own_address_takes_nothing_over_until_its_owner_has_signed_in(page, place):
    come_as(page, place, "wang")
    expect(page.get_by_test_id("identity-name")).to_contain_text("王建国")
    assert accounts_of(place, "王建国") == []
    page.goto(f"{place.url}/desk/")
    assert "/accounts/login/" in page.url
    page.goto(f"{place.url}/accounts/identity/unknown/")
    page.get_by_role("link", name="登录并关联").click()
    sign_in(page, "wang@works.example")
    page.get_by_test_id("link").get_by_role("button").click()
    expect(page.locator("main")).to_contain_text("已关联陇原通：王建国")
    assert accounts_of(place, "王建国") == ["wang@works.example"]


def test_a_linked_identity_signs_in_and_is_told_how_to_sign_out_there_too(new_context, page, place):
    place.database.rows("DELETE FROM socialaccount_socialaccount")
    come_as(page, place, "wang")
    page.get_by_role("link", name="登录并关联").click()
    sign_in(page, "wang@works.example")
    page.get_by_test_id("link").get_by_role("button").click()

    again = new_context().new_page()
    come_as(again, place, "wang")
    expect(again).to_have_url(f"{place.url}/desk/")
    again.get_by_role("button", name="退出").click()
    expect(again.get_by_role("heading", level=1)).to_have_text("已退出本平台")
    there = again.get_by_role("link", name="同时退出陇原通").get_attribute("href") or ""
    assert there.startswith(place.issuer)


def test_a_member_joins_by_the_code_that_the_signed_token_holds(page, place):
    come_as(page, place, "li")
    expect(page.locator("main")).to_contain_text("认证证明您属于 陇中供水有限公司")
    page.get_by_test_id("join").get_by_role("button").click()
    expect(page).to_have_url(f"{place.url}/desk/")
    [(role, uscc)] = place.database.rows(
        "SELECT m.role, o.uscc FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id"
        " JOIN accounts_organisation o ON o.id = m.organisation_id WHERE u.email = 'li@works.example'"
    )
    assert (role, uscc) == ("member", EMPLOYER)
    assert place.database.value("SELECT facts->>'name' FROM accounts_notice WHERE subject LIKE '%%实名%%'") == "李秀英"


def test_nobody_joins_a_department_by_its_code(page, place):
    come_as(page, place, "zhao")
    expect(page.get_by_test_id("identity-name")).to_contain_text("赵敏")
    assert page.get_by_test_id("join").count() == 0


def test_an_address_that_the_provider_did_not_check_makes_no_account(page, place, watch):
    watch.expect("409")
    come_as(page, place, "qian")
    page.get_by_test_id("join").get_by_role("button").click()
    expect(page.locator("main")).to_contain_text("E_IDENTITY_WITHOUT_EMAIL")
    assert place.database.value("SELECT count(*) FROM accounts_user WHERE email = 'q@works.example'") == 0


def test_who_says_no_at_the_provider_is_not_signed_in_and_told_what_next(page, place):
    come_as(page, place, "wang", action="cancel")
    expect(page.get_by_role("heading", level=1)).to_have_text("您取消了实名认证")
    page.get_by_role("link", name="回到登录页").click()
    expect(page.get_by_test_id("login")).to_be_visible()


def test_an_answer_to_a_question_that_this_browser_never_asked_signs_nobody_in(page, place, watch):
    watch.expect("403")
    page.goto(f"{place.url}/accounts/oidc/province/login/callback/?code=stolen&state=made-up")
    expect(page.get_by_role("heading", level=1)).to_have_text("实名认证没有完成")


def test_a_token_with_another_nonce_signs_nobody_in(page, place, watch):
    watch.expect("403")
    known = accounts_of(place, "王建国")

    def exchange(route):
        route.continue_(url=re.sub(r"nonce=[^&]+", "nonce=somebody-elses", route.request.url))

    page.route(re.compile(r"/identity/o/authorize\?"), exchange)
    page.goto(f"{place.url}/accounts/login/")
    page.get_by_test_id("identity").get_by_role("button").click()
    page.wait_for_url(f"{place.issuer}/**")
    page.locator("[name=login]").fill("wang")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form button[type=submit]").first.click()
    page.locator("button[name=action][value=grant]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("实名认证没有完成")
    assert accounts_of(place, "王建国") == known


def test_a_disabled_member_is_shown_the_door(new_context, place):
    place.database.rows("DELETE FROM socialaccount_socialaccount")
    first = new_context().new_page()
    come_as(first, place, "wang")
    first.get_by_role("link", name="登录并关联").click()
    sign_in(first, "wang@works.example")
    first.get_by_test_id("link").get_by_role("button").click()
    place.database.rows("UPDATE accounts_user SET is_active = false WHERE email = 'wang@works.example'")
    try:
        context: BrowserContext = new_context()
        page = context.new_page()
        come_as(page, place, "wang")
        expect(page.get_by_role("heading", level=1)).to_have_text("账户已停用")
        page.goto(f"{place.url}/desk/")
        assert "/accounts/login/" in page.url
    finally:
        place.database.rows("UPDATE accounts_user SET is_active = true WHERE email = 'wang@works.example'")
