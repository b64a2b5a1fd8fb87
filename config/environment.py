"""What the platform reads from the environment, checked before anything starts.

Every setting the outside may give stands in `Environment`. A value that does not parse, or a name that looks like a
misspelt one of ours, raises `ImproperlyConfigured` with what to do about it.
"""

import difflib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

import environ

ROOT = Path(__file__).resolve().parent.parent
_KEY_BYTES = 32
# Where the bots of chat groups live: WeCom, DingTalk, Feishu.
_CHAT_HOSTS = "qyapi.weixin.qq.com,oapi.dingtalk.com,open.feishu.cn"
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
# Settings of which some alone would do harm, and what all of them do.
_TOGETHER = (
    (("STRIPE_API_KEY", "STRIPE_WEBHOOK_SECRET"), "offer Stripe"),
    (("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"), "offer sign-in by the identity service"),
    (("CERTIFICATES_URL", "CERTIFICATES_KEY"), "look certificates up"),
)

KNOWN = (
    "DATABASE_URL",
    "OWNER_DATABASE_URL",
    "CLOCK_DATABASE_URL",
    "OPENER_ROLE",
    "REDIS_URL",
    "PORT",
    "HOST",
    "SECRET_KEY",
    "PRICE_KEY",
    "DEMO_MODE",
    "DEBUG",
    "SITE_URL",
    "DATA_DIR",
    "TRUSTED_ADDRESS_HEADER",
    "SOCKET_RATE",
    "LOG_KEY",
    "LOG_ORIGIN",
    "LOG_CHECKPOINT",
    "STRIPE_API_KEY",
    "STRIPE_WEBHOOK_SECRET",
    "STRIPE_API_BASE",
    "NOTIFY_HOSTS",
    "OIDC_ISSUER",
    "OIDC_CLIENT_ID",
    "OIDC_CLIENT_SECRET",
    "OIDC_NAME",
    "OIDC_USCC_CLAIM",
    "CERTIFICATES_URL",
    "CERTIFICATES_KEY",
    "SECURITY_CONTACT",
    "OCDS_PREFIX",
)


@dataclass(frozen=True)
class Environment:
    """The settings of one process, as plain values."""

    database_url: str | None
    owner_database_url: str | None
    clock_database_url: str | None
    opener_role: str
    redis_url: str | None
    host: str
    port: int
    secret_key: str | None
    price_key: bytes | None
    demo_mode: bool
    debug: bool
    site_url: str
    data_dir: Path
    trusted_address_header: str | None
    socket_rate: int
    log_key: str
    log_origin: str
    log_checkpoint: Path
    stripe_api_key: str | None
    stripe_webhook_secret: str
    stripe_api_base: str | None
    notify_hosts: tuple[str, ...]
    oidc_issuer: str | None
    oidc_client_id: str
    oidc_client_secret: str
    oidc_name: str
    oidc_uscc_claim: str
    certificates_url: str | None
    certificates_key: str
    security_contact: str
    ocds_prefix: str


def read(source: Mapping[str, str] = os.environ) -> Environment:
    """The settings in `source`; raises ImproperlyConfigured with the remedy for each thing wrong."""
    _refuse_misspelt_names(source)
    _refuse_halves(source)
    port = _whole_number(source, "PORT", default=8000)
    host = source.get("HOST") or "127.0.0.1"
    site_url = (source.get("SITE_URL") or f"http://{host}:{port}").rstrip("/")
    data_dir = Path(source.get("DATA_DIR") or ROOT / ".data").resolve()
    return Environment(
        database_url=_url(source, "DATABASE_URL", ("postgres", "postgresql")),
        owner_database_url=_url(source, "OWNER_DATABASE_URL", ("postgres", "postgresql")),
        clock_database_url=_url(source, "CLOCK_DATABASE_URL", ("postgres", "postgresql")),
        opener_role=source.get("OPENER_ROLE") or "market_opener",
        redis_url=_url(source, "REDIS_URL", ("redis", "rediss", "unix")),
        host=host,
        port=port,
        secret_key=source.get("SECRET_KEY") or None,
        price_key=_key(source, "PRICE_KEY"),
        demo_mode=_switch(source, "DEMO_MODE", default=False),
        debug=_switch(source, "DEBUG", default=False),
        site_url=site_url,
        data_dir=data_dir,
        trusted_address_header=source.get("TRUSTED_ADDRESS_HEADER") or None,
        socket_rate=_whole_number(source, "SOCKET_RATE", default=10),
        log_key=source.get("LOG_KEY") or "",
        log_origin=_origin(source, site_url),
        log_checkpoint=Path(source.get("LOG_CHECKPOINT") or data_dir / "log" / "checkpoint").resolve(),
        stripe_api_key=source.get("STRIPE_API_KEY") or None,
        stripe_webhook_secret=source.get("STRIPE_WEBHOOK_SECRET") or "",
        stripe_api_base=_url(source, "STRIPE_API_BASE", ("http", "https")),
        notify_hosts=_hosts(source, "NOTIFY_HOSTS"),
        oidc_issuer=_guarded_url(source, "OIDC_ISSUER"),
        oidc_client_id=source.get("OIDC_CLIENT_ID") or "",
        oidc_client_secret=source.get("OIDC_CLIENT_SECRET") or "",
        oidc_name=source.get("OIDC_NAME") or "统一身份认证",
        oidc_uscc_claim=source.get("OIDC_USCC_CLAIM") or "",
        certificates_url=_guarded_url(source, "CERTIFICATES_URL"),
        certificates_key=source.get("CERTIFICATES_KEY") or "",
        security_contact=_contact(source),
        ocds_prefix=_ocds_prefix(source),
    )


def database(url: str) -> dict[str, object]:
    """Django's DATABASES entry for a PostgreSQL address."""
    return {**environ.Env.db_url_config(url), "ENGINE": "django.db.backends.postgresql"}


def _hosts(source: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Names of hosts with commas between them."""
    hosts = tuple(host.strip().lower() for host in (source.get(name) or _CHAT_HOSTS).split(",") if host.strip())
    if wrong := [host for host in hosts if "/" in host or ":" in host]:
        raise ImproperlyConfigured(f"{name} holds {wrong[0]!r}. Give bare names of hosts: {_CHAT_HOSTS}")
    return hosts


def _refuse_misspelt_names(source: Mapping[str, str]) -> None:
    for name in source:
        if name in KNOWN or not name.isupper():
            continue
        near = difflib.get_close_matches(name, KNOWN, n=1, cutoff=0.86)
        if near:
            raise ImproperlyConfigured(f"{name} is not a setting. Did you mean {near[0]}? Rename it, or unset it.")


def _refuse_halves(source: Mapping[str, str]) -> None:
    """Payments that nobody would hear of must not be taken, and a service is not asked without its key."""
    for names, what in _TOGETHER:
        given = [name for name in names if source.get(name)]
        if given and len(given) < len(names):
            raise ImproperlyConfigured(f"{' and '.join(names)} belong together. Set all to {what}, or none.")


def _guarded_url(source: Mapping[str, str], name: str) -> str | None:
    """An address whose answers decide something: over TLS, unless it is on this machine."""
    given = _url(source, name, ("http", "https"))
    if given and given.startswith("http://") and urlsplit(given).hostname not in _THIS_MACHINE:
        raise ImproperlyConfigured(f"{name}={given!r} must begin with https://: what it answers is believed.")
    return given


def _contact(source: Mapping[str, str]) -> str:
    given = source.get("SECURITY_CONTACT") or ""
    if given and not given.startswith(("mailto:", "https://", "tel:")):
        raise ImproperlyConfigured(f"SECURITY_CONTACT={given!r} must begin with mailto:, https:// or tel:.")
    return given


def _key(source: Mapping[str, str], name: str) -> bytes | None:
    given = source.get(name, "")
    if given == "":
        return None
    try:
        key = bytes.fromhex(given)
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise ImproperlyConfigured(f"{name} must be {_KEY_BYTES} bytes in hex. Make one with `openssl rand -hex 32`.")
    return key


def _switch(source: Mapping[str, str], name: str, *, default: bool) -> bool:
    given = source.get(name, "")
    if given == "":
        return default
    if given not in ("0", "1"):
        raise ImproperlyConfigured(
            f"{name}={given!r} is neither 0 nor 1. Set {name}=1 to switch it on, {name}=0 for off."
        )
    return given == "1"


def _whole_number(source: Mapping[str, str], name: str, *, default: int) -> int:
    given = source.get(name, "")
    if given == "":
        return default
    if not given.isdecimal() or not 1 <= int(given) <= 65535:
        raise ImproperlyConfigured(f"{name}={given!r} is not a port. Give a whole number from 1 to 65535.")
    return int(given)


def _origin(source: Mapping[str, str], site_url: str) -> str:
    given = source.get("LOG_ORIGIN") or f"{urlsplit(site_url).hostname}/log"
    if "+" in given or len(given.split()) != 1:
        raise ImproperlyConfigured(f"LOG_ORIGIN={given!r} names the log: no blanks, no plus sign.")
    return given


def _ocds_prefix(source: Mapping[str, str]) -> str:
    given = source.get("OCDS_PREFIX") or "ocds-000000"
    if not re.fullmatch(r"ocds-[a-z0-9]{6}", given):
        raise ImproperlyConfigured(
            f"OCDS_PREFIX={given!r} is not `ocds-` and six letters or digits, as the Open Contracting Partnership gives it."
        )
    return given


def _url(source: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str | None:
    given = source.get(name, "")
    if given == "":
        return None
    if given.split("://", 1)[0] not in schemes or "://" not in given:
        raise ImproperlyConfigured(f"{name}={given!r} must begin with {' or '.join(s + '://' for s in schemes)}.")
    return given
