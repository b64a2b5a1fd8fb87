"""The pages about notices: bell, inbox, grid, bots, one click out, what is followed; signed in, signed out, in both languages."""

import re
from collections.abc import Iterator

from django.core import mail
from django.test import Client
from django.urls import reverse

import pytest
from pytest_django import Settings

from accounts.channels.actions import BotSetup, FollowsTooMany, QuietHalf, choose, set_bot
from accounts.channels.actions import follow as follow_case
from accounts.clockwork import gather, plan_notices
from accounts.events import EVENTS
from accounts.jobs import mail_digest
from accounts.models import Bot, BotKind, Delivery, Digest, Follow, Kind, Membership, Notice, Organisation, Role, User
from accounts.notices import News, tell, tell_all
from agencies.models import Agency
from marketplace.models import Request
from tests import cast
from tests.accounts.chat import Chat, chatting

pytestmark = [pytest.mark.django_db, pytest.mark.page]

SUBJECT = "%(title)s：双方已确认，合同文本生效并备案"


@pytest.fixture
def chat(settings: Settings) -> Iterator[Chat]:
    with chatting() as running:
        settings.NOTIFY_SINK = running.url
        yield running


def told(organisation: Organisation, event: str = "general", title: str = "灌区改造") -> None:
    tell(organisation.pk, SUBJECT, {"title": title}, "/r/GS-2026-000001/contract/", event=event)


def member(user: User) -> Membership:
    return Membership.objects.get(user=user)


def sent(organisation: Organisation, event: str) -> str:
    """The address in the mail that ends mails of its kind, its site left out."""
    told(organisation, event)
    plan_notices()
    Delivery.objects.update(due_at=Notice.objects.latest("pk").at)
    gather()
    mail_digest.call(Digest.objects.latest("pk").pk)
    header = mail.outbox[-1].extra_headers["List-Unsubscribe"]
    assert mail.outbox[-1].extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = re.search(r"/unsubscribe/.*(?=>)", header)
    assert found
    assert found[0] in mail.outbox[-1].body
    return found[0]


def test_the_bell_counts_what_is_new_and_says_when_nothing_changed(
    client: Client, waterworks: Organisation, waterworks_user: User
) -> None:
    client.force_login(waterworks_user)
    first = client.get(reverse("bell"))
    assert first.json() == {"unread": 0}
    assert client.get(reverse("bell"), HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    told(waterworks)
    second = client.get(reverse("bell"), HTTP_IF_NONE_MATCH=first["ETag"])
    assert (second.status_code, second.json()) == (200, {"unread": 1})
    client.get(reverse("inbox"))
    assert client.get(reverse("bell")).json() == {"unread": 0}


def test_nobody_signed_out_has_a_bell(client: Client, db: None) -> None:
    assert client.get(reverse("bell")).status_code == 404
    assert "data-bell" not in client.get(reverse("home")).content.decode()


def test_the_bell_takes_few_queries(
    client: Client, waterworks: Organisation, waterworks_user: User, django_assert_max_num_queries: object
) -> None:
    for n in range(150):
        told(waterworks, title=str(n))
    client.force_login(waterworks_user)
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        assert client.get(reverse("bell")).json() == {"unread": 100}


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "消息"), ("en", "Inbox")])
def test_every_page_shows_the_count_without_a_script(
    client: Client, waterworks: Organisation, waterworks_user: User, language: str, word: str
) -> None:
    told(waterworks)
    client.force_login(waterworks_user)
    client.cookies["django_language"] = language
    page = " ".join(client.get(reverse("home")).content.decode().split())
    shown = re.search(r'data-testid="bell">\s*(.*?)\s*<span class="badge badge-live bell-count">.*?count>(\d+)<', page)
    assert shown is not None
    assert shown.groups() == (word, "1")


def test_what_the_member_does_not_want_to_hear_rings_no_bell(
    client: Client, waterworks: Organisation, waterworks_user: User
) -> None:
    choose(member(waterworks_user), {"general": ["mail"]}, None, None)
    told(waterworks)
    client.force_login(waterworks_user)
    assert client.get(reverse("bell")).json() == {"unread": 0}
    assert "灌区改造" in client.get(reverse("inbox")).content.decode()


def test_what_is_for_one_member_no_colleague_sees(
    client: Client, waterworks: Organisation, waterworks_user: User
) -> None:
    colleague = cast.person("colleague@waterworks.example", waterworks)
    tell_all([News(waterworks.pk, SUBJECT, {"title": "密"}, "/", user_id=waterworks_user.pk)])
    client.force_login(colleague)
    assert client.get(reverse("bell")).json() == {"unread": 0}
    assert "密：" not in client.get(reverse("inbox")).content.decode()
    client.force_login(waterworks_user)
    assert "密：" in client.get(reverse("inbox")).content.decode()


def test_the_inbox_shows_one_event_and_all_of_it_is_read_at_once(
    client: Client, waterworks: Organisation, waterworks_user: User
) -> None:
    told(waterworks, "payment.due", "甲")
    told(waterworks, "contract.sign", "乙")
    client.force_login(waterworks_user)
    page = client.get(reverse("inbox"), {"event": "payment.due"}).content.decode()
    assert "甲：" in page
    assert "乙：" not in page
    client.post(reverse("inbox_read"))
    assert not Notice.objects.filter(read_at__isnull=True).exists()


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "应付款项"), ("en", "Payments due")])
def test_the_grid_is_kept_as_it_was_ticked(
    client: Client, waterworks: Organisation, waterworks_user: User, language: str, word: str
) -> None:
    client.force_login(waterworks_user)
    client.cookies["django_language"] = language
    page = client.get(reverse("preferences")).content.decode()
    assert word in page
    ticked = set(re.findall(r'value="([a-z_.]+ [a-z]+)"\s+checked', page))
    assert {"payment.due bell", "payment.due mail"} <= ticked
    assert "auction.outbid" not in page
    kept = sorted(ticked - {"payment.due mail"})
    client.post(reverse("preferences"), {"on": kept, "quiet_from": "22:00", "quiet_until": "07:00"})
    again = client.get(reverse("preferences")).content.decode()
    assert set(re.findall(r'value="([a-z_.]+ [a-z]+)"\s+checked', again)) == set(kept)
    assert 'value="22:00"' in again


@pytest.mark.parametrize("hours", [("22:00", ""), ("", "07:00"), ("08:00", "08:00")])
def test_quiet_hours_have_both_ends(
    client: Client, waterworks: Organisation, waterworks_user: User, hours: tuple[str, str]
) -> None:
    client.force_login(waterworks_user)
    answer = client.post(reverse("preferences"), {"on": [], "quiet_from": hours[0], "quiet_until": hours[1]})
    assert str(QuietHalf.message) in answer.content.decode()


def test_a_forged_box_is_passed_over(client: Client, waterworks: Organisation, waterworks_user: User) -> None:
    client.force_login(waterworks_user)
    client.post(reverse("preferences"), {"on": ["auction.outbid mail", "payment.due fax", "x", "payment.due mail"]})
    chosen = member(waterworks_user).preferences.chosen
    assert "auction.outbid" not in chosen
    assert chosen["payment.due"] == ["mail"]


def test_an_owner_sets_up_a_bot_tries_it_and_removes_it(
    client: Client, chat: Chat, waterworks: Organisation, waterworks_user: User
) -> None:
    client.force_login(waterworks_user)
    client.post(reverse("bot", args=["feishu"]), {"address": f"{chat.url}feishu/?key=secret99", "secret": "s"})
    page = client.get(reverse("preferences")).content.decode()
    assert "et99" in page
    assert "secret99" not in page
    assert "secret99" not in client.get(reverse("bot", args=["feishu"])).content.decode()
    assert "已送达飞书" in client.post(reverse("bot_try", args=["feishu"]), follow=True).content.decode()
    chat.answers.append((200, {"code": 19021, "msg": "sign match fail"}))
    assert "19021" in client.post(reverse("bot_try", args=["feishu"]), follow=True).content.decode()
    client.post(reverse("bot_quiet", args=["feishu"]), {"quiet_from": "22:00", "quiet_until": "07:00"})
    assert Bot.objects.get().quiet_from is not None
    client.post(reverse("bot_remove", args=["feishu"]))
    assert not Bot.objects.exists()


def test_an_address_elsewhere_is_refused_and_kept_in_the_form(
    client: Client, chat: Chat, waterworks: Organisation, waterworks_user: User
) -> None:
    client.force_login(waterworks_user)
    answer = client.post(reverse("bot", args=["wecom"]), {"address": "https://evil.example/x"}).content.decode()
    assert "不能向 evil.example 发送消息" in answer
    assert not Bot.objects.exists()


def test_members_who_are_no_owners_set_up_no_bot(
    client: Client, chat: Chat, waterworks: Organisation, waterworks_user: User
) -> None:
    set_bot(member(waterworks_user), BotSetup(BotKind.WECOM, f"{chat.url}wecom/?key=1234"))
    Membership.objects.update(role=Role.MEMBER)
    client.force_login(waterworks_user)
    assert "由单位管理员设置" in client.get(reverse("bot", args=["wecom"])).content.decode()
    for name in ("bot_try", "bot_remove"):
        assert client.post(reverse(name, args=["wecom"])).status_code == 409
    client.post(reverse("preferences"), {"on": []})
    assert Bot.objects.get().chosen == {}


def test_a_bot_of_an_unknown_kind_is_not_there(client: Client, waterworks: Organisation, waterworks_user: User) -> None:
    client.force_login(waterworks_user)
    assert client.get(reverse("bot", args=["fax"])).status_code == 404
    assert client.post(reverse("bot_try", args=["wecom"])).status_code == 404


def test_one_click_ends_mails_of_that_event_signed_out(waterworks: Organisation, waterworks_user: User) -> None:
    link = sent(waterworks, "award.published")
    visitor = Client(enforce_csrf_checks=True)
    page = visitor.get(link).content.decode()
    assert "中选公告发布" in page
    assert not hasattr(member(waterworks_user), "preferences"), "looking changes nothing"
    done = visitor.post(link, {"List-Unsubscribe": "One-Click"})
    assert 'data-testid="unsubscribed"' in done.content.decode()
    before = len(mail.outbox)
    told(waterworks, "award.published")
    plan_notices()
    assert not Delivery.objects.filter(digest__isnull=True).exists()
    assert Notice.objects.filter(event="award.published").count() == 2
    sent(waterworks, "concern.answered")
    assert len(mail.outbox) == before + 1


def test_a_link_that_was_changed_ends_nothing(client: Client, waterworks: Organisation, waterworks_user: User) -> None:
    link = sent(waterworks, "award.published")
    assert client.post(link.replace("/unsubscribe/", "/unsubscribe/x")).status_code == 404
    Membership.objects.all().delete()
    assert client.post(link).status_code == 404


def test_a_request_and_an_agency_are_followed_from_their_pages(
    client: Client, published_request: Request, swift_agency: Agency, waterworks_user: User
) -> None:
    client.force_login(waterworks_user)
    for page, name in (
        (f"/r/{published_request.number}/", published_request.number),
        (f"/a/{swift_agency.uscc}/", f"A-{swift_agency.uscc}"),
    ):
        assert 'data-testid="follow"' in client.get(page).content.decode()
        assert client.post(reverse("follow", args=[name]))["Location"] == page
        assert 'data-testid="unfollow"' in client.get(page).content.decode()
        client.post(reverse("follow", args=[name]))
    assert Follow.objects.count() == 2
    shown = client.get(reverse("following")).content.decode()
    assert str(published_request.number) in shown
    client.post(reverse("follow", args=[f"A-{swift_agency.uscc}"]), {"stop": "1"})
    assert Follow.objects.count() == 1


def test_nobody_signed_out_follows(client: Client, published_request: Request) -> None:
    assert 'data-testid="follow"' not in client.get(f"/r/{published_request.number}/").content.decode()
    assert "login" in client.post(reverse("follow", args=[published_request.number]))["Location"]


def test_what_is_no_request_or_agency_is_not_followed(client: Client, waterworks: Organisation, waterworks_user: User):
    client.force_login(waterworks_user)
    for name in ("P", "GS-2026-999999", "X-1"):
        assert client.post(reverse("follow", args=[name])).status_code == 404


def test_a_member_follows_only_so_much(
    published_request: Request, waterworks_user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.channels.actions.MOST_FOLLOWED", 0)
    assert published_request.case is not None
    with pytest.raises(FollowsTooMany):
        follow_case(member(waterworks_user), published_request.case)


def test_the_demo_keeps_what_bots_would_be_sent(client: Client, db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post(
        reverse("demo_take_hook", args=["wecom"]) + "?key=demo", {"text": {"content": "你好"}}, "application/json"
    )
    assert answer.json()["errcode"] == 0
    page = client.get(reverse("demo_hooks")).content.decode()
    assert "wecom" in page
    assert "key=demo" in page


def test_every_event_has_a_row_for_somebody(client: Client) -> None:
    assert {kind for event in EVENTS.values() for kind in event.who} == set(Kind)
