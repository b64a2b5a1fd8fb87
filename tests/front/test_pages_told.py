"""What other sites show of a page: a sentence of its own in the language asked for, and before the award nothing of who takes part."""

import re
from html import unescape

from django.test import Client
from django.urls import reverse

import pytest

from agencies.models import Agency
from bidding.actions import advance, confirm, enrol
from marketplace.models import Method, Request, ServiceItem
from tests import cast
from tests.bidding.lots import staged

pytestmark = [pytest.mark.django_db, pytest.mark.page]
_TOLD = re.compile(r'<meta (?:property="og:description"|name="description") content="([^"]*)" />')
_COMMON = "公开竞价 · 全程留痕 · 人人可验"


def told(address: str) -> str:
    """What the page says of itself; both places say the same."""
    answer = Client().get(address)
    assert answer.status_code == 200, address
    one, other = _TOLD.findall(answer.content.decode())
    assert one == other
    return unescape(one)


def test_a_request_says_what_is_asked_for_and_not_who_comes(published_request: Request, swift_agency: Agency) -> None:
    enrol(swift_agency.user, swift_agency, published_request.number or "")  # type: ignore[attr-defined]
    said = told(reverse("request_page", args=[published_request.number]))
    assert said.startswith(f"{published_request.item.name}，{published_request.region.name}，网上竞价，最高限价 ¥")
    assert said.endswith("；报名中。")
    assert swift_agency.organisation.name not in said


def test_whom_a_buyer_names_is_told_of_the_award_and_not_of_the_request(
    item: ServiceItem, swift_agency: Agency
) -> None:
    named = {"direct_agency": swift_agency, "direct_price": cast.yuan("86000.00"), "direct_reason": "熟悉场地"}
    play = staged(Method.DIRECT, item, [swift_agency], **named)
    advance(play.number)
    before = told(reverse("request_page", args=[play.number]))
    assert swift_agency.organisation.name not in before
    assert "86,000" not in before
    confirm(swift_agency.user, swift_agency, play.number)  # type: ignore[attr-defined]
    after = told(reverse("award_page", args=[play.number]))
    assert after.startswith(f"中选机构 {swift_agency.organisation.name}，中选价 ¥86,000.00，公示中")


def test_an_item_says_its_time_limit_or_that_it_is_cancelled(item: ServiceItem) -> None:
    assert f"办理时限 {item.time_limit_workdays} 个工作日" in told(reverse("item_page", args=[item.code]))
    ServiceItem.objects.update(status="cancelled", cancelled_by_zh="甘办字〔2018〕78号")
    assert "任何部门不得作为审批前置条件" in told(reverse("item_page", args=[item.code]))


def test_an_agency_says_its_standing_and_grade(swift_agency: Agency) -> None:
    said = told(reverse("agency_page", args=[swift_agency.uscc]))
    assert str(swift_agency.get_grade_display()) in said
    assert said != told(reverse("credit_page", args=[swift_agency.uscc])) != _COMMON


@pytest.mark.parametrize(
    "door", ["stats", "concentration", "live_list", "award_list", "request_list", "agency_list", "data"]
)
def test_a_list_and_figures_have_a_sentence_of_their_own_in_both_languages(
    door: str, published_request: Request
) -> None:
    chinese, english = told(reverse(door)), told(f"{reverse(door)}?lang=en")
    assert chinese not in ("", _COMMON)
    assert english != chinese
    assert not re.search(r"[一-鿿]", english)


def test_what_people_wrote_cannot_break_out_of_the_sentence(swift_agency: Agency) -> None:
    body = swift_agency.organisation
    body.name = 'A" /><script>alert(1)</script>'
    body.save()
    page = Client().get(reverse("agency_page", args=[swift_agency.uscc])).content.decode()
    assert "<script>alert" not in page


def test_other_pages_say_what_the_platform_is() -> None:
    assert told(reverse("help")) == _COMMON
