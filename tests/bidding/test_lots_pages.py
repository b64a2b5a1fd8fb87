"""What each reader finds on the pages of a selection by draw, by credit or a direct one, and on the desk."""

import json
import re
import secrets

from django.test import Client
from django.urls import reverse

import pytest

from accounts.models import Kind, User
from agencies.models import Agency, Grade, Standing
from bidding.actions import advance, confirm, pick
from draws.models import Draw
from marketplace import actions
from marketplace.models import Method, ServiceItem
from tests import cast
from tests.bidding.lots import Play, agencies, scored, staged
from tests.draws.ceremony import offer
from tests.marketplace.drafts import draft

pytestmark = pytest.mark.django_db


def reader(user: User | None = None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def page(play: Play, user: User | None = None, name: str = "request_page") -> str:
    answer = reader(user).get(reverse(name, args=[play.number]))
    assert answer.status_code == 200
    return answer.content.decode()


def desk(user: User) -> str:
    return reader(user).get(reverse("desk")).content.decode()


@pytest.fixture
def three(db: None) -> list[Agency]:
    return [scored(one, "85.0", Grade.B) for one in agencies(3)]


@pytest.fixture
def play(item: ServiceItem, three: list[Agency]) -> Play:
    return staged(Method.CREDIT_DRAW, item, three)


@pytest.fixture
def picking(play: Play) -> Play:
    play.contribute()
    play.end_enrolment()
    play.draw_it()
    return play


def identities(html: str) -> list[str]:
    """As whom the page asks its reader to contribute."""
    found = re.search(r'id="draws-to-give"[^>]*>(.*?)</script>', html)
    return [one["identity"] for one in json.loads(found[1])] if found else []


def test_each_party_finds_a_door_to_contribute_as_itself_and_strangers_none(
    play: Play, waterworks_user: User, steady_agency: Agency
) -> None:
    entrant = play.agencies[0]
    assert identities(page(play, play.user)) == ["buyer"]
    assert identities(page(play, play.officer)) == ["regulator"]
    assert identities(page(play, entrant.user)) == [play.label(entrant)]
    for stranger in (None, waterworks_user, steady_agency.user):
        assert identities(page(play, stranger)) == []
    assert "自愿" in page(play, entrant.user)
    assert "须提交" in page(play, play.user)


def test_everybody_sees_whom_a_draw_waits_for(play: Play) -> None:
    play.contribute("regulator")
    play.end_enrolment()
    for user in (None, play.user, play.officer, play.agencies[0].user):
        html = page(play, user)
        assert 'data-testid="waits-for"' in html
        assert "还缺采购人的随机数" in html
    assert "为随机抽取提交随机数" in desk(play.user)
    assert "为随机抽取提交随机数" not in desk(play.officer)


def test_once_sealed_who_contributed_is_asked_to_open_it_and_nobody_else(play: Play) -> None:
    play.contribute()
    play.end_enrolment()
    colleague = cast.person("colleague@buyer.example", play.buyer)
    other = cast.person("officer@elsewhere.example", cast.organisation(Kind.REGULATOR, "甘肃省审计厅"))
    assert 'data-testid="draw-open"' in page(play, play.user)
    assert 'data-testid="draw-open"' in page(play, colleague)
    assert 'data-testid="draw-open"' in page(play, play.officer)
    assert 'data-testid="draw-open"' not in page(play, other)
    assert "公开随机抽取的随机数" in desk(play.user)
    assert "公开随机抽取的随机数" not in desk(other)


def test_before_the_short_list_no_page_tells_who_has_enrolled(play: Play) -> None:
    play.contribute()
    play.end_enrolment()
    for user in (None, play.user, play.officer, play.agencies[0].user):
        html = page(play, user)
        for one in play.agencies[1:]:
            assert one.uscc not in html
            assert one.organisation.name not in html


@pytest.mark.clause("P20.5")
def test_the_buyer_finds_the_short_list_with_a_form_and_others_without(picking: Play) -> None:
    assert "从入围机构中择定" in desk(picking.user)
    assert 'data-testid="pick-form"' in page(picking, picking.user)
    for user in (None, picking.officer, picking.agencies[0].user):
        html = page(picking, user)
        assert 'data-testid="pick-form"' not in html
        assert all(one.organisation.name in html for one in picking.agencies)
    assert "（本机构）" in page(picking, picking.agencies[0].user)


def test_a_refused_choice_says_why_and_a_good_one_leads_to_the_award(picking: Play) -> None:
    label = picking.draw.result["order"][1]
    door = reverse("pick", args=[picking.number])
    refused = reader(picking.user).post(door, {"label": label, "reason": ""}, follow=True)
    assert "请写明择定理由" in refused.content.decode()
    forged = reader(picking.officer).post(door, {"label": label, "reason": "上级推荐"}, follow=True)
    assert "只有采购人自己可以择定" in forged.content.decode()
    done = reader(picking.user).post(door, {"label": label, "reason": "进场最早"})
    assert done.headers["Location"] == reverse("award_page", args=[picking.number])
    html = page(picking, None, "award_page")
    assert "进场最早" in html
    assert picking.agency(label).organisation.name in html
    assert f"{picking.number}-D.json" in html
    assert picking.draw.result["seed"] in html
    assert picking.number in page(picking, None, "award_replay")
    assert "从入围机构中择定" not in desk(picking.user)


def test_the_award_page_tells_who_missed_the_long_list_and_who_was_barred(item: ServiceItem) -> None:
    rows = (("92.0", Grade.A), ("88.0", Grade.A), ("84.0", Grade.B), ("70.0", Grade.C))
    play = staged(Method.CREDIT_DRAW, item, [scored(one, *row) for one, row in zip(agencies(4), rows, strict=True)])
    play.contribute()
    play.end_enrolment()
    play.draw_it()
    pick(play.buyer, play.number, play.draw.result["order"][0], "进场最早")
    html = page(play, None, "award_page")
    assert "信用评分 70.0，未达到长名单最低的 84.0" in html
    assert html.count("award-row-winner") == 1


def named(item: ServiceItem, agency: Agency) -> Play:
    fields = {"direct_agency": agency, "direct_price": cast.yuan("86000.00"), "direct_reason": "熟悉场地"}
    play = staged(Method.DIRECT, item, [agency], **fields)
    advance(play.number)
    return play


def test_the_agency_named_finds_the_request_on_its_desk_and_confirms_in_one_press(
    item: ServiceItem, swift_agency: Agency, steady_agency: Agency
) -> None:
    play = named(item, swift_agency)
    assert "确认直接委托" in desk(swift_agency.user)
    assert "确认直接委托" not in desk(steady_agency.user)
    assert 'data-testid="confirm"' in page(play, swift_agency.user)
    for user in (None, play.user, play.officer, steady_agency.user):
        html = page(play, user)
        assert 'data-testid="confirm"' not in html
        assert "一键报名" not in html
        assert "熟悉场地" in html
    other = reader(steady_agency.user).post(reverse("confirm_direct", args=[play.number]), follow=True)
    assert "只有公告选定的机构" in other.content.decode()
    buyer = reader(play.user).post(reverse("decline_direct", args=[play.number]), {"reason": "算了"})
    assert buyer.status_code == 302
    assert play.status() == "selecting"
    done = reader(swift_agency.user).post(reverse("confirm_direct", args=[play.number]))
    assert done.headers["Location"] == reverse("award_page", args=[play.number])
    assert "¥86,000.00" in page(play, None, "award_page")


def test_what_keeps_it_from_confirming_is_shown_with_its_remedy(item: ServiceItem, swift_agency: Agency) -> None:
    play = named(item, swift_agency)
    Agency.objects.filter(pk=swift_agency.pk).update(standing=Standing.SUSPENDED)
    html = page(play, swift_agency.user)
    assert 'data-code="E_STANDING"' in html
    assert re.search(r'data-testid="confirm"\s+disabled', html)
    refused = reader(swift_agency.user).post(reverse("confirm_direct", args=[play.number]), follow=True)
    assert "不能报名和报价" in refused.content.decode()


def test_a_declined_request_says_why_in_public(item: ServiceItem, swift_agency: Agency) -> None:
    play = named(item, swift_agency)
    door = reverse("decline_direct", args=[play.number])
    reader(swift_agency.user).post(door, {"reason": "人员已排满"})
    assert "人员已排满" in page(play, None, "award_page")
    assert "人员已排满" in page(play)


def test_one_press_of_a_regulator_serves_every_draw_that_waits(play: Play, item: ServiceItem) -> None:
    more = [
        actions.publish(
            play.user, play.buyer, draft(play.user, play.buyer, item, method=Method.DRAW, title=f"第{n}项方案编制").pk
        )
        for n in range(2)
    ]
    html = reader(play.officer).get(reverse("draws_waiting")).content.decode()
    terms = json.loads(re.search(r'id="draws-to-give"[^>]*>(.*?)</script>', html)[1])  # type: ignore[index]
    assert {one["name"] for one in terms} == {f"{one.number}-D" for one in [play.request, *more]}
    offers = {
        one["name"]: offer(Draw.objects.get(name=one["name"]), "regulator", secrets.token_bytes(32)) for one in terms
    }
    # A colleague was faster with one of them, while the browser was making its bytes.
    play.contribute("regulator")
    done = reader(play.officer).post(reverse("draw_contribute"), {"offers": json.dumps(offers)}, follow=True)
    assert "已为 2 次抽取提交随机数" in done.content.decode()
    assert not identities(done.content.decode())


def test_the_timeline_tells_every_step_in_words(picking: Play) -> None:
    pick(picking.buyer, picking.number, picking.draw.result["order"][0], "进场最早")
    html = page(picking)
    for words in (
        "开始征集随机数",
        "记录参与机构信用评分",
        "抽出入围机构并公布名称",
        "采购人择定",
        "选取结束，公开参与者身份",
    ):
        assert words in html


def test_a_confirmed_direct_request_has_no_competitors_on_its_award(item: ServiceItem, swift_agency: Agency) -> None:
    play = named(item, swift_agency)
    confirm(swift_agency.user, swift_agency, play.number)
    html = page(play, None, "award_page")
    assert "参与竞价的机构" not in html
    assert "竞价大厅" not in html
