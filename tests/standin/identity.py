"""An OpenID provider as a process of its own: allauth's, with a handful of people, its own settings and its own database.

`python -m tests.standin.identity PORT FOLDER` serves it. The people, the client and where it may send browsers stand in
`FOLDER/people.json`, as `tests.plumbing.identity` writes it; the database is an SQLite file beside it.
"""

import json
import secrets
import sys
from pathlib import Path
from typing import Any

import django
from django.conf import settings

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


def configure(folder: Path) -> None:
    """Settings of its own; nothing of the platform's."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    settings.configure(
        SECRET_KEY=secrets.token_hex(32),
        ALLOWED_HOSTS=["127.0.0.1", "localhost"],
        ROOT_URLCONF="tests.standin.identity",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "people.sqlite3"}},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "allauth",
            "allauth.account",
            "allauth.idp.oidc",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
        ACCOUNT_EMAIL_VERIFICATION="none",
        ACCOUNT_LOGIN_METHODS={"username"},
        ACCOUNT_SIGNUP_FIELDS=["username*", "password1*"],
        IDP_OIDC_PRIVATE_KEY=pem,
        IDP_OIDC_ADAPTER="tests.standin.identity_claims.Claims",
        SESSION_COOKIE_NAME="people_session",
        CSRF_COOKIE_NAME="people_csrf",
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        STANDIN_PEOPLE=json.loads((folder / "people.json").read_text()),
    )
    django.setup()


def fill(told: dict[str, Any]) -> None:
    """The people and the one client."""
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import User
    from django.core.management import call_command

    from allauth.account.models import EmailAddress
    from allauth.idp.oidc.models import Client

    call_command("migrate", verbosity=0)
    for name, person in told["people"].items():
        user = User.objects.create_user(name, password=person["password"], first_name=person["name"])
        if person.get("email"):
            EmailAddress.objects.create(
                user=user, email=person["email"], verified=person.get("email_verified", True), primary=True
            )
    Client.objects.create(
        id=told["client_id"],
        name="Market",
        secret=make_password(told["client_secret"]),
        scopes="openid\nprofile\nemail",
        redirect_uris=told["redirect_uri"],
    )


def _urls() -> list[Any]:
    from django.urls import include, path

    return [path("accounts/", include("allauth.account.urls")), path("", include("allauth.idp.urls"))]


if settings.configured and __name__ != "__main__":
    urlpatterns = _urls()


if __name__ == "__main__":
    here = Path(sys.argv[2])
    configure(here)
    fill(settings.STANDIN_PEOPLE)
    from wsgiref.simple_server import make_server

    from django.core.wsgi import get_wsgi_application

    make_server("127.0.0.1", int(sys.argv[1]), get_wsgi_application()).serve_forever()
