"""What production must not do, it refuses to start with."""

import os
import subprocess
import sys

from django.core.management.base import CommandError

import pytest

from accounts.models import Kind, Organisation
from config import checks
from config.environment import ROOT
from config.management.commands.prepare import Command
from config.roles import APPEND_ONLY
from core.models import Region

pytestmark = pytest.mark.slow

PRODUCTION = {
    "DEMO_MODE": "0",
    "DEBUG": "0",
    "SITE_URL": "https://market.example",
    "SECRET_KEY": "k3y-" * 13 + "x7ö",
    "PRICE_KEY": "a7" * 32,
}


def check_deploy(**given: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **PRODUCTION, **given}
    command = [sys.executable, str(ROOT / "manage.py"), "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_production_settings_pass_every_check():
    done = check_deploy()
    assert done.returncode == 0, done.stderr


def test_production_without_a_secret_key_does_not_start():
    done = check_deploy(SECRET_KEY="")
    assert done.returncode == 1
    assert "SECRET_KEY is not set" in done.stderr


def test_production_without_a_key_for_hidden_prices_does_not_start():
    done = check_deploy(PRICE_KEY="")
    assert done.returncode == 1
    assert "PRICE_KEY is not set" in done.stderr


@pytest.mark.parametrize(
    ("setting", "value", "code"),
    [
        ("DEMO_MODE", True, "config.E001"),
        ("DEBUG", True, "config.E002"),
        ("SECRET_KEY", "short", "config.E003"),
        ("SITE_URL", "http://market.example", "config.W002"),
    ],
)
def test_a_demo_setting_is_refused_in_production(settings, setting, value, code):
    settings.DEMO_MODE, settings.DEBUG, settings.SITE_URL = False, False, "https://market.example"
    settings.SECRET_KEY = "long enough to be a key, and nobody has ever published it"
    assert checks.production_is_no_demo() == []
    setattr(settings, setting, value)
    assert [found.id for found in checks.production_is_no_demo()] == [code]


@pytest.fixture
def organisation(db) -> Organisation:
    region, _made = Region.objects.get_or_create(code="620100", defaults={"name_zh": "兰州市", "name_en": "Lanzhou"})
    return Organisation.objects.create(
        name="演示公司", kind=Kind.ENTERPRISE, region=region, uscc="91620000MA00000000", demo=True
    )


def test_production_refuses_invented_organisations(organisation, settings):
    settings.DEMO_MODE = True
    assert checks.production_has_no_demo_data(databases=["default"]) == []
    settings.DEMO_MODE = False
    assert [found.id for found in checks.production_has_no_demo_data(databases=["default"])] == ["config.E005"]
    Organisation.objects.update(demo=False)
    assert checks.production_has_no_demo_data(databases=["default"]) == []


def test_the_demo_refuses_a_database_of_real_organisations(organisation, settings):
    settings.DEMO_MODE = True
    command = Command()
    command._demo()
    Organisation.objects.update(demo=False)
    with pytest.raises(CommandError, match="Set DEMO_MODE=0"):
        command._demo()


def test_one_role_for_everything_is_warned_about(db):
    found = checks.serving_role_cannot_rewrite_the_journal(databases=["default"])
    assert {one.id for one in found} == {"config.W001"}
    assert len(found) == len(APPEND_ONLY)
    assert all("--serving-role" in one.hint for one in found)


def test_a_serving_role_of_its_own_is_not(live_database):
    database = live_database()
    if database.url == database.owner_url:
        pytest.skip("DATABASE_URL gives one role for everything")
    command = [sys.executable, str(ROOT / "manage.py"), "check", "--database", "default", "--fail-level", "WARNING"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    for url, rewrites in ((database.url, False), (database.owner_url, True)):
        given = {**environment, "DATABASE_URL": url}
        done = subprocess.run(command, env=given, capture_output=True, text=True, check=False)
        # Of other things, such as what waits to be sealed in an old copy, nothing is said here.
        assert ("config.W001" in done.stderr) == rewrites, done.stderr
        assert done.returncode == 1 if rewrites else "config.E" not in done.stderr


def test_no_server_starts_with_debug_outside_the_demo(live_database):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **PRODUCTION, "DEBUG": "1"}
    environment["DATABASE_URL"] = live_database().url
    command = [sys.executable, str(ROOT / "manage.py"), "serve"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "config.E002" in done.stderr
