"""Outgoing webhooks: each public entry once to each address that asked for it, signed, tried again, and on record."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from django.test import Client

import pytest
from pytest_django.fixtures import Settings

from accounts.models import Notice, Organisation, User
from agencies.models import Agency
from api import clockwork
from api.actions import hooks
from api.models import HookDelivery, HookDeliveryStatus, Scope, Webhook
from bidding.actions import enrol
from core.clock import database_now
from core.outgoing import AddressRefused, Unreachable, judge_url, public_address
from journal.clockwork import seal_due
from journal.models import Entry
from marketplace.models import Request, ServiceItem
from tests import cast
from tests.api.receiver import Receiver, receiving
from tests.ratings.court import Court

pytestmark = [pytest.mark.django_db, pytest.mark.page, pytest.mark.clause("P12.1", "P22.2")]


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    with receiving() as found:
        settings.SITE_URL = found.origin
        yield found


def follow() -> int:
    seal_due()
    return clockwork.follow_the_log()


def hook(user: User, receiver: Receiver, scope: Scope = Scope.OWN, *kinds: str) -> hooks.Made:
    follow()
    body = user.memberships.get().organisation
    return hooks.add_webhook(user, body, receiver.url, scope, kinds)


def due_now() -> None:
    HookDelivery.objects.filter(status=HookDeliveryStatus.WAITING).update(next_try_at=database_now())


def test_an_own_entry_is_told_once_and_signed(
    receiver: Receiver, waterworks: Organisation, waterworks_user: User, item: ServiceItem, river_bureau: Organisation
) -> None:
    made = hook(waterworks_user, receiver)
    mine = cast.published(waterworks, item, waterworks_user)
    cast.published(river_bureau, item, waterworks_user)
    assert follow() == 2
    assert follow() == 0
    assert clockwork.send_due() == 1
    assert clockwork.send_due() == 0
    [heard] = receiver.heard
    assert heard.is_signed_by(made.secret)
    assert not heard.is_signed_by("whsec_" + "A" * 32)
    entry = Entry.objects.get(case__name=mine.number)
    assert heard.json["type"] == "request.published"
    assert heard.json["data"]["hash"] == bytes(entry.hash).hex()
    assert heard.json["data"]["data"]["number"] == mine.number
    assert abs(int(heard.headers["Webhook-Timestamp"]) - time.time()) < 60
    told = HookDelivery.objects.get()
    assert (told.status, told.response_code, told.attempts) == ("delivered", 200, 1)
    assert heard.headers["Webhook-Id"] == f"msg_{told.uid.hex}"


def test_kinds_and_scope_choose_and_an_entrant_hears_of_its_own_selections(
    receiver: Receiver, swift_agency: Agency, steady_agency: Agency, published_request: Request, regulator: User
) -> None:
    hook(swift_agency.user, receiver)  # type: ignore[attr-defined]
    hook(steady_agency.user, receiver)  # type: ignore[attr-defined]
    hook(regulator, receiver, Scope.ALL, "request.enrolled")
    enrol(None, swift_agency, published_request.number or "")
    follow()
    told = HookDelivery.objects.values_list("webhook__organisation__name", "entry__kind")
    assert sorted(told) == [
        ("甘肃省市场监督管理局", "request.enrolled"),
        ("迅达咨询有限公司", "request.enrolled"),
    ]
    while clockwork.send_due():
        pass
    for heard in receiver.heard:
        assert swift_agency.organisation.name not in heard.body.decode()
        assert swift_agency.uscc not in heard.body.decode()


def test_a_case_about_an_agency_is_told_to_nobody_before_it_is_public(
    receiver: Receiver, swift_agency: Agency, regulator: User
) -> None:
    hook(regulator, receiver, Scope.ALL)
    case = Court(swift_agency).received()
    assert follow() > 0
    assert not HookDelivery.objects.filter(entry__case__name=case.number).exists()


def test_what_is_not_taken_waits_longer_each_time_and_fails_at_last(
    receiver: Receiver, waterworks_user: User, published_request: Request
) -> None:
    made = hook(waterworks_user, receiver)
    hooks.ping(made.webhook)
    receiver.answers = [500]
    waits = []
    for _attempt in range(len(hooks.BACK_OFF)):
        due_now()
        before = database_now()
        assert clockwork.send_due() == 0
        waits.append((HookDelivery.objects.get().next_try_at - before).total_seconds())
        assert clockwork.send_due() == 0, "not before its time"
    assert 10 <= waits[0] < 20
    assert 86400 <= waits[-1] < 86410
    assert all(later > earlier for earlier, later in pairwise(waits))
    due_now()
    clockwork.send_due()
    told = HookDelivery.objects.get()
    assert (told.status, told.attempts, told.response_code, told.trouble) == ("failed", 10, 500, "status")
    assert len({heard.headers["Webhook-Id"] for heard in receiver.heard}) == 1


def test_one_that_fails_keeps_the_rest_waiting_in_order(
    receiver: Receiver, waterworks: Organisation, waterworks_user: User, item: ServiceItem
) -> None:
    hook(waterworks_user, receiver)
    for _ in range(3):
        cast.published(waterworks, item, waterworks_user)
    follow()
    receiver.answers = [200, 503, 200]
    assert clockwork.send_due() == 1
    assert sorted(HookDelivery.objects.values_list("status", "attempts")) == [
        ("delivered", 1),
        ("waiting", 0),
        ("waiting", 1),
    ]
    due_now()
    assert clockwork.send_due() == 2


def test_a_redirect_is_no_delivery(receiver: Receiver, waterworks_user: User) -> None:
    hooks.ping(hook(waterworks_user, receiver).webhook)
    receiver.answers = [302]
    clockwork.send_due()
    assert len(receiver.heard) == 1
    assert HookDelivery.objects.get().response_code == 302


def test_what_its_sender_left_is_sent_again_under_the_same_id(receiver: Receiver, waterworks_user: User) -> None:
    hooks.ping(hook(waterworks_user, receiver).webhook)
    now = database_now()
    [lost] = hooks.claim(now)
    assert hooks.claim(now) == [], "it is the first sender's alone"
    assert hooks.release_lost(now) == 0
    assert hooks.release_lost(now + hooks.LEASE + timedelta(seconds=1)) == 1
    due_now()
    assert clockwork.send_due() == 1
    assert receiver.heard[0].headers["Webhook-Id"] == f"msg_{lost.uid.hex}"
    hooks.settle(lost, 500)
    assert HookDelivery.objects.get().status == "delivered", "a sender whose lease is over changes nothing"


def test_too_many_failures_switch_an_address_off_and_its_owner_is_told(
    receiver: Receiver, waterworks: Organisation, waterworks_user: User
) -> None:
    made = hook(waterworks_user, receiver)
    Webhook.objects.update(failures=hooks.MOST_FAILURES - 1)
    hooks.ping(made.webhook)
    receiver.answers = [500]
    clockwork.send_due()
    webhook = Webhook.objects.get()
    assert webhook.disabled_at is not None
    notice = Notice.objects.get(organisation=waterworks)
    assert "127.0.0.1" in notice.text
    due_now()
    assert clockwork.send_due() == 0
    with pytest.raises(hooks.WebhookOff):
        hooks.ping(webhook)
    hooks.switch_on(webhook)
    receiver.answers = [204]
    assert clockwork.send_due() == 1


def test_gone_switches_off_at_once(receiver: Receiver, waterworks_user: User) -> None:
    hooks.ping(hook(waterworks_user, receiver).webhook)
    receiver.answers = [410]
    clockwork.send_due()
    assert Webhook.objects.get().disabled_at is not None


def test_a_new_secret_signs_and_the_old_one_for_a_day_more(receiver: Receiver, waterworks_user: User) -> None:
    old = hook(waterworks_user, receiver)
    new = hooks.rotate_secret(old.webhook)
    hooks.ping(new.webhook)
    clockwork.send_due()
    assert receiver.heard[0].is_signed_by(new.secret)
    assert receiver.heard[0].is_signed_by(old.secret)
    Webhook.objects.update(old_until=database_now())
    hooks.ping(new.webhook)
    clockwork.send_due()
    assert receiver.heard[1].is_signed_by(new.secret)
    assert not receiver.heard[1].is_signed_by(old.secret)
    kept = Webhook.objects.get()
    assert new.secret.encode() not in bytes(kept.secret)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/in",
        "https://user:word@hooks.example.com/",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://10.0.0.8/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://db.internal/",
        "https://hooks.example.com:0/",
        "https://hooks.example.com:99999/",
        "https://hooks.example.com/#part",
        "https://hooks.example.com/a b",
        "ftp://hooks.example.com/",
        "https:///path",
        "https://[bad/",
    ],
)
def test_no_address_leads_inside(url: str) -> None:
    with pytest.raises(AddressRefused):
        judge_url(url)


def test_a_public_address_is_taken_and_a_name_that_leads_inside_is_never_called() -> None:
    judge_url("https://hooks.example.com:8443/in?a=1")
    for host in ("localhost", "127.0.0.1", "10.1.2.3", "::1", "64:ff9b::a00:1", "fe80::1", "224.0.0.1", "100.64.0.1"):
        with pytest.raises(Unreachable):
            public_address(host, 443)
    assert public_address("1.1.1.1", 443) == "1.1.1.1"


def test_the_local_receiver_is_the_demos_alone(receiver: Receiver, settings: Settings) -> None:
    judge_url(receiver.url)
    settings.DEMO_MODE = False
    with pytest.raises(AddressRefused):
        judge_url(receiver.url)


def test_the_page_shows_a_secret_once_and_the_log_with_resend(receiver: Receiver, waterworks_user: User) -> None:
    client = Client()
    client.force_login(waterworks_user)
    page = client.post("/desk/webhooks/", {"url": receiver.url, "scope": "own", "kinds": ["awards"]})
    [secret] = re.findall(r"whsec_[\w+/=]+", page.content.decode())
    webhook = Webhook.objects.get()
    assert webhook.kinds == ["award."]
    assert client.post(f"/desk/webhooks/{webhook.pk}/ping/").status_code == 302
    assert clockwork.send_due() == 1
    assert receiver.heard[0].is_signed_by(secret)
    for path in ("/desk/webhooks/", f"/desk/webhooks/{webhook.pk}/"):
        assert "whsec_" not in client.get(path).content.decode()
    told = HookDelivery.objects.get()
    client.post(f"/desk/webhooks/messages/{told.pk}/resend/")
    assert clockwork.send_due() == 1
    assert len({heard.headers["Webhook-Id"] for heard in receiver.heard}) == 1
    client.post(f"/desk/webhooks/{webhook.pk}/remove/")
    assert client.get(f"/desk/webhooks/{webhook.pk}/").status_code == 404


def test_another_organisations_address_is_not_there(
    receiver: Receiver, waterworks_user: User, swift_agency: Agency
) -> None:
    made = hook(waterworks_user, receiver)
    told = hooks.ping(made.webhook)
    client = Client()
    client.force_login(swift_agency.user)  # type: ignore[attr-defined]
    assert client.get(f"/desk/webhooks/{made.webhook.pk}/").status_code == 404
    assert client.post(f"/desk/webhooks/{made.webhook.pk}/remove/").status_code == 404
    assert client.post(f"/desk/webhooks/messages/{told.pk}/resend/").status_code == 404
    wrong = client.post("/desk/webhooks/", {"url": "https://10.0.0.1/", "scope": "own"})
    assert (wrong.status_code, "公网主机" in wrong.content.decode()) == (400, True)


def test_an_organisation_has_so_many_addresses_and_no_more(receiver: Receiver, waterworks_user: User) -> None:
    for _ in range(hooks.MOST_WEBHOOKS):
        hook(waterworks_user, receiver)
    with pytest.raises(hooks.TooManyWebhooks):
        hook(waterworks_user, receiver)
