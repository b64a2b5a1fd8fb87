"""The bots of chat groups: their formats, what their answers mean, nothing sent twice, never faster than they may speak."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from pytest_django import Settings

from accounts.channels import posting, wire
from accounts.channels.actions import BotSetup, NotTheOwner, remove_bot, set_bot, try_bot
from accounts.channels.addresses import BotAddressUnfit, BotHostUnknown, judge_address
from accounts.channels.pacing import MOST_TRIES
from accounts.channels.payloads import ROOM, SPACING, Fate, compose, post, read
from accounts.channels.posting import post_digest
from accounts.channels.vault import SecretLost, seal, unseal
from accounts.clockwork import AGAIN, gather, plan_notices
from accounts.models import Bot, BotKind, Delivery, Digest, Kind, Membership, Organisation, Role, User
from accounts.notices import News, tell, tell_all
from core.clock import database_now
from tests import cast
from tests.accounts.chat import HANG_UP, SILENCE, Chat, chatting
from tests.committed import at_once

WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a-key"
HOSTS = ("qyapi.weixin.qq.com", "oapi.dingtalk.com", "open.feishu.cn")
NOW = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
OUTBID = "%(title)s：您的报价已被超过"


@pytest.fixture
def chat(settings: Settings) -> Iterator[Chat]:
    with chatting() as running:
        settings.NOTIFY_SINK = running.url
        yield running


def owner_of(organisation: Organisation) -> Membership:
    return Membership.objects.get(organisation=organisation)


def bot_in(chat: Chat, organisation: Organisation, kind: BotKind = BotKind.WECOM, secret: str = "") -> Bot:
    return set_bot(owner_of(organisation), BotSetup(kind, f"{chat.url}{kind}/?key=abcd1234", secret))


def outbid(organisation: Organisation, title: str = "灌区改造") -> None:
    tell(organisation.pk, OUTBID, {"title": title}, "/live/GS-2026-000001/", event="auction.outbid")
    plan_notices()


@pytest.fixture
def digest(chat: Chat, waterworks: Organisation, waterworks_user: User) -> Digest:
    """A message that waits for its worker."""
    bot_in(chat, waterworks)
    outbid(waterworks)
    assert gather() == 1
    return Digest.objects.get()


def test_each_platform_gets_its_own_format() -> None:
    assert json.loads(post(BotKind.WECOM, WECOM, "", "你好", NOW).body) == {
        "msgtype": "text",
        "text": {"content": "你好"},
    }
    assert json.loads(post(BotKind.DINGTALK, "https://x", "", "你好", NOW).body) == {
        "msgtype": "text",
        "text": {"content": "你好"},
    }
    assert json.loads(post(BotKind.FEISHU, "https://x", "", "你好", NOW).body) == {
        "msg_type": "text",
        "content": {"text": "你好"},
    }


def test_dingtalk_signs_the_address_and_feishu_the_body() -> None:
    ding = post(BotKind.DINGTALK, "https://oapi.dingtalk.com/robot/send?access_token=t", "SECabc", "x", NOW)
    asked = parse_qs(urlsplit(ding.address).query)
    stamp = str(int(NOW.timestamp() * 1000))
    sign = hmac.new(b"SECabc", f"{stamp}\nSECabc".encode(), hashlib.sha256).digest()
    assert asked == {"access_token": ["t"], "timestamp": [stamp], "sign": [base64.b64encode(sign).decode()]}
    fly = json.loads(post(BotKind.FEISHU, "https://x", "abc", "x", NOW).body)
    stamp = str(int(NOW.timestamp()))
    sign = hmac.new(f"{stamp}\nabc".encode(), b"", hashlib.sha256).digest()
    assert (fly["timestamp"], fly["sign"]) == (stamp, base64.b64encode(sign).decode())


@pytest.mark.parametrize("kind", list(BotKind))
def test_what_has_no_room_is_counted(kind: BotKind) -> None:
    text = compose(kind, "某公司", ["灌区改造" * 40] * 200, "另有 %(n)s 条")
    assert len(text.encode()) <= ROOM[kind]
    left = 200 - (text.count("\n") - 1)
    assert text.endswith(f"另有 {left} 条")


def test_a_title_mentions_nobody() -> None:
    assert "<" not in compose(BotKind.FEISHU, "某公司", ['<at user_id="all">所有人</at>'], "")


@pytest.mark.parametrize(
    ("status", "body", "fate"),
    [
        (200, b'{"errcode":0,"errmsg":"ok"}', Fate.ARRIVED),
        (200, b'{"code":0,"msg":"success"}', Fate.ARRIVED),
        (200, b'{"StatusCode":0}', Fate.ARRIVED),
        (200, b'{"errcode":45009,"errmsg":"api freq out of limit"}', Fate.LATER),
        (200, b'{"errcode":130101,"errmsg":"send too fast"}', Fate.LATER),
        (200, b'{"code":11232,"msg":"frequency limited"}', Fate.LATER),
        (200, b'{"errcode":93000,"errmsg":"invalid webhook url"}', Fate.REFUSED),
        (200, b'{"code":19021,"msg":"sign match fail"}', Fate.REFUSED),
        (200, b"<html>", Fate.REFUSED),
        (200, b"[]", Fate.REFUSED),
        (302, b"", Fate.REFUSED),
        (404, b"", Fate.REFUSED),
        (429, b"", Fate.LATER),
        (500, b"", Fate.LATER),
    ],
)
def test_answers_are_understood(status: int, body: bytes, fate: Fate) -> None:
    assert read(status, body).fate is fate


@pytest.mark.parametrize(
    "address",
    [
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1",
        "https://qyapi.weixin.qq.com:8443/",
        "https://me@qyapi.weixin.qq.com/",
        "https://qyapi.weixin.qq.com\\@127.0.0.1/",
        "https://evil.example/?qyapi.weixin.qq.com",
        "https://127.0.0.1/",
        "https://[::1",
        "qyapi.weixin.qq.com",
        "https://qyapi.weixin.qq.com/\r\nHost: evil",
        "file:///etc/passwd",
        "",
    ],
)
def test_only_chat_platforms_that_are_allowed_are_called(address: str) -> None:
    with pytest.raises(BotAddressUnfit):
        judge_address(address, HOSTS)
    judge_address(WECOM, HOSTS)


def test_a_demo_calls_nothing_but_its_own_sink() -> None:
    sink = "http://127.0.0.1:8000/demo/hooks/"
    judge_address(f"{sink}wecom/?key=1", HOSTS, sink)
    with pytest.raises(BotHostUnknown):
        judge_address(WECOM, HOSTS, sink)


def test_an_address_lies_encrypted_and_is_never_shown_in_full(
    chat: Chat, waterworks: Organisation, waterworks_user: User
):
    bot = bot_in(chat, waterworks, secret="SECabc")
    bot.refresh_from_db()
    assert b"abcd1234" not in bytes(bot.address)
    assert b"SECabc" not in bytes(bot.secret or b"")
    assert bot.hint == "1234"
    assert unseal(bot.address).endswith("abcd1234")


def test_another_key_of_the_platform_opens_nothing(settings: Settings) -> None:
    sealed = seal("https://secret")
    settings.SECRET_KEY = "another"
    with pytest.raises(SecretLost):
        unseal(sealed)


def test_owners_alone_set_up_what_speaks_for_the_organisation(
    chat: Chat, waterworks: Organisation, waterworks_user: User
):
    bot = bot_in(chat, waterworks)
    Membership.objects.update(role=Role.MEMBER)
    member = owner_of(waterworks)
    for attempt in (
        lambda: set_bot(member, BotSetup(BotKind.WECOM, f"{chat.url}wecom/")),
        lambda: remove_bot(member, BotKind.WECOM),
        lambda: try_bot(member, bot),
    ):
        with pytest.raises(NotTheOwner):
            attempt()
    assert Bot.objects.count() == 1
    assert chat.heard == []


def test_a_notice_reaches_the_group_once(chat: Chat, digest: Digest) -> None:
    assert [post_digest.call(digest.pk) for _ in range(3)] == [True, False, False]
    [(path, body)] = chat.heard
    assert path == "/demo/hooks/wecom/?key=abcd1234"
    assert "灌区改造：您的报价已被超过" in body["text"]["content"]
    assert "/live/GS-2026-000001/" in body["text"]["content"]
    digest.refresh_from_db()
    assert digest.sent_at is not None


def test_what_is_for_one_member_is_not_said_in_the_group(chat: Chat, waterworks: Organisation, waterworks_user: User):
    bot_in(chat, waterworks)
    tell_all([News(waterworks.pk, OUTBID, {"title": "x"}, "/", event="result.won", user_id=waterworks_user.pk)])
    plan_notices()
    assert Delivery.objects.get().bot is None


def test_news_waits_while_a_group_has_heard_something_a_moment_ago(
    chat: Chat, waterworks: Organisation, digest: Digest
):
    for n in range(30):
        outbid(waterworks, f"项目{n}")
    assert gather() == 0
    later = digest.at + SPACING[BotKind.WECOM]
    assert gather(later - timedelta(milliseconds=1)) == 0
    assert gather(later) == 1
    assert Digest.objects.exclude(pk=digest.pk).get().deliveries.count() == 30
    minute = digest.at + timedelta(minutes=1)
    assert minute - digest.at >= 15 * SPACING[BotKind.WECOM]


def test_two_workers_send_one_message(transactional_db: None, settings: Settings) -> None:
    organisation = cast.organisation(Kind.AGENCY, "陇中勘测有限公司")
    cast.person("agency@survey.example", organisation)
    with chatting() as chat:
        settings.NOTIFY_SINK = chat.url
        bot_in(chat, organisation)
        outbid(organisation)
        assert sorted(at_once(*[gather] * 4)) == [0, 0, 0, 1]  # type: ignore[type-var]
        pk = Digest.objects.get().pk
        done = at_once(*[lambda: post_digest.call(pk)] * 4)
        assert sorted(done) == [False, False, False, True]  # type: ignore[type-var]
        assert len(chat.heard) == 1


def test_two_clocks_plan_a_notice_once(transactional_db: None) -> None:
    organisation = cast.organisation(Kind.AGENCY, "陇中勘测有限公司")
    cast.person("agency@survey.example", organisation)
    tell(organisation.pk, OUTBID, {"title": "x"}, "/", event="result.won")
    at_once(*[plan_notices] * 4)
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(
    "answer", [(200, {"errcode": 45009, "errmsg": "api freq out of limit"}), (429, {}), (500, {}), (503, b"busy")]
)
def test_what_surely_did_not_arrive_is_tried_again_after_a_pause(chat: Chat, digest: Digest, answer: object) -> None:
    chat.answers.append(answer)
    assert post_digest.call(digest.pk) is False
    digest.refresh_from_db()
    assert (digest.sending_at, digest.gave_up_at, digest.tries) == (None, None, 1)
    assert digest.trouble
    assert digest.next_try_at > database_now() + timedelta(seconds=5)
    assert post_digest.call(digest.pk) is True
    assert len(chat.heard) == 2


def test_nobody_there_is_tried_again(chat: Chat, digest: Digest, settings: Settings) -> None:
    settings.NOTIFY_SINK = "http://127.0.0.1:1/demo/hooks/"
    Bot.objects.update(address=seal("http://127.0.0.1:1/demo/hooks/wecom/"))
    assert post_digest.call(digest.pk) is False
    digest.refresh_from_db()
    assert (digest.sending_at, digest.trouble) == (None, "ConnectionRefusedError")


@pytest.mark.parametrize("answer", [(200, {"errcode": 93000, "errmsg": "invalid webhook url"}), (302, b""), (404, {})])
def test_a_refusal_is_not_tried_again_and_its_reason_stands(chat: Chat, digest: Digest, answer: object) -> None:
    chat.answers.append(answer)
    assert [post_digest.call(digest.pk), post_digest.call(digest.pk)] == [False, False]
    assert len(chat.heard) == 1
    digest.refresh_from_db()
    assert digest.gave_up_at is not None
    assert digest.trouble


def test_after_many_tries_it_is_given_up(chat: Chat, digest: Digest) -> None:
    Digest.objects.update(tries=MOST_TRIES - 1)
    chat.answers.append((500, {}))
    assert post_digest.call(digest.pk) is False
    digest.refresh_from_db()
    assert digest.gave_up_at is not None
    gather(database_now() + 10 * AGAIN)
    assert post_digest.call(digest.pk) is False
    assert len(chat.heard) == 1


def test_where_no_answer_comes_it_may_have_arrived_and_is_not_sent_again(chat: Chat, digest: Digest) -> None:
    chat.answers.append(HANG_UP)
    assert post_digest.call(digest.pk) is False
    assert post_digest.call(digest.pk) is False
    gather(database_now() + 10 * AGAIN)
    assert len(chat.heard) == 1
    digest.refresh_from_db()
    assert (digest.sent_at, digest.trouble) == (None, "no answer")
    assert digest.sending_at is not None


class Killed(BaseException):
    """A worker that dies runs none of its handlers' good intentions."""


@pytest.mark.parametrize(
    ("step", "heard", "again"),
    [("text_of", 0, True), ("database_now", 0, True), ("say", 0, False), ("_note", 1, False)],
)
def test_a_worker_killed_at_any_step_makes_no_second_message(
    chat: Chat, digest: Digest, monkeypatch: pytest.MonkeyPatch, step: str, heard: int, again: bool
) -> None:
    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as at_first:
        at_first.setattr(posting, step, die)
        with pytest.raises(Killed):
            post_digest.call(digest.pk)
    assert len(chat.heard) == heard
    assert post_digest.call(digest.pk) is again
    assert len(chat.heard) == max(heard, int(again))


def test_an_answer_that_takes_too_long_is_no_answer(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "ANSWER_SECONDS", 0.2)
    chat.answers.append(SILENCE)
    with pytest.raises(wire.NoAnswer):
        wire.send(post(BotKind.WECOM, f"{chat.url}wecom/", "", "x", NOW))
    chat.over.set()


def test_a_test_message_says_what_came_of_it(chat: Chat, waterworks: Organisation, waterworks_user: User) -> None:
    bot = bot_in(chat, waterworks)
    chat.answers += [(200, {"errcode": 0}), (200, {"errcode": 310000, "errmsg": "sign not match"}), HANG_UP]
    member = owner_of(waterworks)
    assert try_bot(member, bot).fate is Fate.ARRIVED
    refused = try_bot(member, bot)
    assert (refused.fate, refused.said) == (Fate.REFUSED, "310000 sign not match")
    assert try_bot(member, bot).fate is Fate.LATER


def test_logs_hold_no_address(chat: Chat, digest: Digest, caplog: pytest.LogCaptureFixture) -> None:
    chat.answers.append((500, {}))
    post_digest.call(digest.pk)
    assert "did not arrive" in caplog.text
    assert "abcd1234" not in caplog.text
    assert chat.url not in caplog.text
