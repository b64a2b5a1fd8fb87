"""Notices: in the inbox at once, by mail at most once a day, nothing twice."""

from contextlib import nullcontext
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db.models import F
from django.test import Client
from django.urls import reverse

import pytest
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from accounts.channels.pacing import EVERY, GATHER, MOST_TRIES
from accounts.clockwork import AGAIN, gather, plan_notices
from accounts.jobs import mail_digest
from accounts.models import Delivery, Digest, Kind, Membership, Notice, Organisation, User
from accounts.notices import tell
from core.clock import database_now
from demo.models import DemoMail
from tests import cast
from tests.committed import at_once

SUBJECT = "%(title)s：双方已确认，合同文本生效并备案"


def told(organisation: Organisation, title: str = "灌区改造") -> Notice:
    tell(organisation.pk, SUBJECT, {"title": title}, "/r/GS-2026-000001/contract/")
    return Notice.objects.latest("pk")


def let_them_gather() -> None:
    Notice.objects.filter(planned_at__isnull=True).update(at=database_now() - GATHER)
    Delivery.objects.filter(digest__isnull=True).update(due_at=database_now())


def deliver(now: datetime | None = None) -> int:
    """What the clock does; returns how many messages that makes."""
    plan_notices()
    return gather(now)


def a_day_goes_by() -> None:
    Digest.objects.update(at=F("at") - EVERY - timedelta(seconds=1))
    Delivery.objects.filter(digest__isnull=True).update(due_at=database_now())


@pytest.fixture
def digest(waterworks: Organisation, waterworks_user: User) -> Digest:
    """A mail that waits for its worker."""
    told(waterworks)
    let_them_gather()
    assert deliver() == 1
    return Digest.objects.get()


def test_a_notice_waits_for_others_and_then_all_go_in_one_mail(waterworks: Organisation, waterworks_user: User) -> None:
    told(waterworks, "甲")
    assert deliver() == 0
    told(waterworks, "乙")
    let_them_gather()
    assert deliver() == 1
    assert mail_digest.call(Digest.objects.get().pk)
    [sent] = mail.outbox
    assert sent.to == [waterworks_user.email]
    assert "甲：双方已确认" in sent.body
    assert "乙：双方已确认" in sent.body
    assert "/r/GS-2026-000001/contract/" in sent.body


def test_at_most_one_mail_a_day_and_nothing_twice(waterworks: Organisation, waterworks_user: User) -> None:
    told(waterworks)
    let_them_gather()
    assert (deliver(), deliver()) == (1, 0)
    told(waterworks)
    let_them_gather()
    assert deliver() == 0
    a_day_goes_by()
    assert deliver() == 1
    assert [digest.deliveries.count() for digest in Digest.objects.all()] == [1, 1]


def test_two_clocks_make_one_mail(transactional_db: None) -> None:
    organisation = cast.organisation(Kind.ENTERPRISE, "陇中供水有限公司")
    cast.person("buyer@waterworks.example", organisation)
    told(organisation)
    let_them_gather()
    assert sorted(at_once(*[deliver] * 4)) == [0, 0, 0, 1]  # type: ignore[type-var]
    assert Digest.objects.count() == 1


def test_two_clocks_make_one_mail_for_a_member_of_two_organisations(transactional_db: None) -> None:
    organisations = [cast.organisation(Kind.ENTERPRISE, name) for name in ("陇中供水有限公司", "陇南供水有限公司")]
    both = cast.person("both@waterworks.example", organisations[0])
    Membership.objects.create(user=both, organisation=organisations[1])
    for organisation in organisations:
        told(organisation)
    let_them_gather()
    at_once(*[deliver] * 4)
    assert Digest.objects.filter(user=both).count() == 1
    a_day_goes_by()
    deliver()
    assert set(Digest.objects.values_list("organisation", flat=True)) == {one.pk for one in organisations}


def test_every_active_member_gets_a_mail_of_its_own(waterworks: Organisation, waterworks_user: User) -> None:
    second = cast.person("second@waterworks.example", waterworks)
    cast.person("gone@waterworks.example", waterworks, is_active=False)
    told(waterworks)
    let_them_gather()
    assert deliver() == 2
    for digest in Digest.objects.all():
        mail_digest.call(digest.pk)
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted([waterworks_user.email, second.email])


def test_what_nobody_is_there_to_read_by_mail_stays_in_the_inbox(waterworks: Organisation) -> None:
    told(waterworks)
    let_them_gather()
    assert (deliver(), deliver()) == (0, 0)
    assert Notice.objects.get().planned_at is not None


def test_a_mail_is_sent_once_however_often_it_is_handed_over(digest: Digest) -> None:
    assert [mail_digest.call(digest.pk) for _ in range(3)] == [True, False, False]
    assert len(mail.outbox) == 1
    digest.refresh_from_db()
    assert digest.sent_at is not None


def test_two_workers_send_one_mail(transactional_db: None) -> None:
    organisation = cast.organisation(Kind.ENTERPRISE, "陇中供水有限公司")
    cast.person("buyer@waterworks.example", organisation)
    told(organisation)
    let_them_gather()
    deliver()
    pk = Digest.objects.get().pk
    done = at_once(*[lambda: mail_digest.call(pk)] * 4)
    assert sorted(done) == [False, False, False, True]  # type: ignore[type-var]
    assert len(mail.outbox) == 1


def test_a_mail_server_that_is_away_gets_the_mail_when_it_is_back(
    digest: Digest, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    back, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert mail_digest.call(digest.pk) is False
    assert "ConnectionRefusedError" in caplog.text
    settings.EMAIL_BACKEND = back
    digest.refresh_from_db()
    assert timedelta(0) < digest.next_try_at - database_now() < timedelta(minutes=1)
    before = DBTaskResult.objects.count()
    assert deliver(database_now() + AGAIN) == 0
    assert DBTaskResult.objects.count() == before + 1
    assert mail_digest.call(digest.pk) is True
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("trouble", "again"),
    [
        (SMTPDataError(451, b"try later"), True),
        (SMTPRecipientsRefused({"buyer@waterworks.example": (450, b"mailbox busy")}), True),
        (SMTPServerDisconnected("gone while it was being sent"), False),
    ],
)
def test_only_what_surely_was_not_taken_is_sent_again(
    digest: Digest, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, trouble: Exception, again: bool
) -> None:
    def refuse(_backend: EmailBackend, _messages: object) -> int:
        raise trouble

    with monkeypatch.context() as at_first:
        at_first.setattr(EmailBackend, "send_messages", refuse)
        with nullcontext() if again else pytest.raises(type(trouble)):
            assert mail_digest.call(digest.pk) is False
    assert mail_digest.call(digest.pk) is again
    assert len(mail.outbox) == again
    assert "buyer@waterworks.example" not in caplog.text


def test_a_mail_that_no_server_takes_is_given_up(digest: Digest) -> None:
    Digest.objects.update(tries=MOST_TRIES)
    before = DBTaskResult.objects.count()
    deliver(database_now() + 2 * AGAIN)
    assert DBTaskResult.objects.count() == before


def test_the_demo_shows_its_mails_in_its_outbox(digest: Digest, client: Client, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "demo.mail.OutboxBackend"
    assert mail_digest.call(digest.pk)
    assert DemoMail.objects.get().to == digest.user.email


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "灌区改造：双方已确认"), ("en", "灌区改造: ")])
def test_the_inbox_speaks_the_readers_language_and_marks_what_was_seen(
    client: Client, waterworks: Organisation, waterworks_user: User, language: str, words: str
) -> None:
    told(waterworks)
    client.force_login(waterworks_user)
    client.cookies["django_language"] = language
    page = client.get(reverse("inbox"))
    assert words in page.content.decode()
    assert Notice.objects.get().read_at is not None


def test_nobody_reads_anothers_inbox(client: Client, waterworks: Organisation, river_officer: User) -> None:
    told(waterworks)
    client.force_login(river_officer)
    assert "灌区改造" not in client.get(reverse("inbox")).content.decode()
    assert Notice.objects.get().read_at is None
