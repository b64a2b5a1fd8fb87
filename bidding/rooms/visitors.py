"""Who is at the other end of a socket: the session in its cookies, read once; authority is read anew on every bid."""

import hashlib
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from importlib import import_module

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.utils.crypto import constant_time_compare

from accounts.models import User
from agencies.models import Agency


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person behind a socket; `user` and `agency` are None for somebody who only watches."""

    user: int | None = None
    agency: int | None = None
    session: str | None = None
    password: str | None = None
    language: str = settings.LANGUAGE_CODE


def visitor(cookie_header: str) -> Visitor:
    """The visitor that a Cookie header names; anything unreadable is a stranger."""
    cookies, language = _cookies(cookie_header), language_of(cookie_header)
    key = cookies.get(settings.SESSION_COOKIE_NAME)
    user = _user_of(key) if key else None
    if user is None:
        return Visitor(language=language)
    # A change of password ends what was opened under the old one, also for a socket that stays open.
    fingerprint = hashlib.sha256(user.password.encode()).hexdigest()
    return Visitor(user.pk, _agency_of(user.pk), key, fingerprint, language)


def language_of(cookie_header: str) -> str:
    """The language that a Cookie header asks for, or the platform's own."""
    language = _cookies(cookie_header).get(settings.LANGUAGE_COOKIE_NAME, "")
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _cookies(header: str) -> dict[str, str]:
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(header)
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def _user_of(session_key: str) -> User | None:
    store = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    number = str(store.get(SESSION_KEY, ""))
    user = User.objects.filter(pk=int(number), is_active=True).first() if number.isdecimal() else None
    # As pages do: a session from before a change of password is no session.
    known = user is not None and constant_time_compare(store.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    return user if known else None


def _agency_of(user: int) -> int | None:
    acting = Agency.objects.filter(
        organisation__memberships__user_id=user, organisation__memberships__user__is_active=True
    )
    return acting.order_by("organisation__memberships").values_list("pk", flat=True).first()
