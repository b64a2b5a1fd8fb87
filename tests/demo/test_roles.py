"""One-click roles and the outbox; none of it exists outside demo mode."""

import os
import subprocess
import sys

from django.core.mail import get_connection, send_mail
from django.test import Client
from django.urls import reverse

import pytest

from config.environment import ROOT
from demo import roles
from demo.models import DemoMail


@pytest.mark.parametrize("role", list(roles.ROLES))
def test_one_click_signs_in(year, client, role):
    answer = client.post(reverse("demo_role", args=[role]))
    assert answer.status_code == 302
    assert answer.url == reverse("desk")
    assert client.session["_auth_user_id"] == str(roles.person_behind(role).pk)
    page = client.get(reverse("desk"), follow=True)
    assert page.status_code == 200
    assert f'data-testid="demo-role-{role}"' in page.content.decode()


def test_whoever_watches_a_room_stays_there_and_nobody_is_led_astray(year, client):
    stays = client.post(reverse("demo_role", args=["agency"]), {"next": "/r/GS-2026-000001/room/"})
    assert stays.url == "/r/GS-2026-000001/room/"
    away = client.post(reverse("demo_role", args=["agency"]), {"next": "//evil.example/r/"})
    assert away.url == reverse("desk")


def test_a_role_is_taken_by_post_with_a_token_and_must_exist(year, client):
    assert client.get(reverse("demo_role", args=["agency"])).status_code == 405
    assert client.post(reverse("demo_role", args=["emperor"])).status_code == 404
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("demo_role", args=["agency"])).status_code == 403


def test_mails_are_kept_and_shown(db, client):
    with get_connection("demo.mail.OutboxBackend") as connection:
        send_mail("邀请", "点开 http://localhost/x/", "from@market.example", ["a@b.example"], connection=connection)
    assert DemoMail.objects.filter(to="a@b.example").count() == 1
    page = client.get(reverse("demo_outbox")).content.decode()
    assert "邀请" in page
    assert "http://localhost/x/" in page


@pytest.mark.slow
def test_outside_demo_mode_there_is_none_of_it():
    ask = (
        "import django; django.setup()\n"
        "from django.urls import resolve, Resolver404\n"
        "for path in ('/demo/as/agency/', '/demo/outbox/', '/demo/'):\n"
        "    try: resolve(path); print('found', path)\n"
        "    except Resolver404: print('404')\n"
        "from django.core.management import get_commands\n"
        "print({'demo', 'bots'} & set(get_commands()))\n"
    )
    environment = {
        **os.environ,
        "DEMO_MODE": "0",
        "SECRET_KEY": "a key for this one question, long enough for every check there is",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["404", "404", "404", "set()"]
