"""Settings from the environment: what is wrong is said at once, with the remedy."""

import re

from django.core.exceptions import ImproperlyConfigured

import pytest

from config import environment, own
from config.environment import ROOT


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"DATABSE_URL": "x"}, "Did you mean DATABASE_URL"),
        ({"DEMOMODE": "1"}, "Did you mean DEMO_MODE"),
        ({"SECRETKEY": "1"}, "Did you mean SECRET_KEY"),
        ({"DEMO_MODE": "yes"}, "Set DEMO_MODE=1"),
        ({"DEBUG": "true"}, "Set DEBUG=1"),
        ({"PORT": "80a"}, "from 1 to 65535"),
        ({"PORT": "70000"}, "from 1 to 65535"),
        ({"DATABASE_URL": "mysql://x"}, "must begin with postgres://"),
        ({"REDIS_URL": "localhost:6379"}, "must begin with redis://"),
        ({"PRICE_KEY": "abcd"}, "must be 32 bytes in hex"),
        ({"PRICE_KEY": "z" * 64}, "must be 32 bytes in hex"),
        ({"STRIPE_API_KEY": "sk"}, "STRIPE_API_KEY and STRIPE_WEBHOOK_SECRET belong together"),
        ({"OIDC_ISSUER": "https://id.example", "OIDC_CLIENT_ID": "x"}, "belong together. Set all to offer sign-in"),
        ({"OIDC_ISSUER": "http://id.example"}, "belong together"),
        ({"OIDC_ISSUER": "http://id.example", "OIDC_CLIENT_ID": "x", "OIDC_CLIENT_SECRET": "y"}, "with https://"),
        ({"CERTIFICATES_URL": "https://register.example"}, "CERTIFICATES_URL and CERTIFICATES_KEY belong together"),
        ({"SECURITY_CONTACT": "security@example.com"}, "must begin with mailto:"),
    ],
)
def test_it_refuses_what_is_wrong_and_says_what_to_do(given, said):
    with pytest.raises(ImproperlyConfigured, match=re.escape(said)):
        environment.read(given)


def test_an_empty_value_counts_as_not_given():
    read = environment.read({"PORT": "", "DEMO_MODE": "", "DATABASE_URL": "", "SECRET_KEY": ""})
    assert (read.port, read.demo_mode, read.database_url, read.secret_key) == (8000, False, None, None)


def test_the_site_follows_the_port():
    assert environment.read({"PORT": "8123"}).site_url == "http://127.0.0.1:8123"


def test_a_stranger_in_the_environment_is_left_alone():
    assert environment.read({"HOSTNAME": "x", "PATH": "/bin", "XDG_DATA_DIRS": "/x", "PORTAGE": "1"}).port == 8000


def test_every_setting_stands_in_the_documentation():
    documented = re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE)
    assert sorted(documented) == sorted(environment.KNOWN)


def test_a_clone_makes_its_secret_key_once_and_keeps_it_to_itself(tmp_path):
    first, second = {"DATA_DIR": str(tmp_path)}, {"DATA_DIR": str(tmp_path), "DEMO_MODE": "0"}
    own.complete(first)
    own.complete(second)
    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert len(first["SECRET_KEY"]) >= 50
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600
    assert (first["DEMO_MODE"], second["DEMO_MODE"]) == ("1", "0")


def test_a_given_secret_key_is_kept(tmp_path):
    given = {"DATA_DIR": str(tmp_path), "SECRET_KEY": "mine"}
    own.complete(given)
    assert given["SECRET_KEY"] == "mine"
    assert not (tmp_path / "secret-key").exists()
