"""Django's settings. What the outside may change is read, and checked, in `config.environment`."""

import hashlib
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from csp.constants import NONE, SELF

from config import environment, logs

BASE_DIR = Path(__file__).resolve().parent.parent
ENV = environment.read()

DEBUG = ENV.debug
DEMO_MODE = ENV.demo_mode
SITE_URL = ENV.site_url
DATA_DIR = ENV.data_dir
UNSAFE_DEMO_KEY = "demo-only-key-that-production-refuses-to-start-with"
if ENV.secret_key is None and not (DEMO_MODE or DEBUG):
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Give a long random text, or set DEMO_MODE=1 to try the platform."
    )
SECRET_KEY = ENV.secret_key or UNSAFE_DEMO_KEY
if ENV.price_key is None and not (DEMO_MODE or DEBUG):
    raise ImproperlyConfigured(
        "PRICE_KEY is not set: hidden floors and tie-out prices lie encrypted under it. Give `openssl rand -hex 32`."
    )
PRICE_KEY = ENV.price_key or hashlib.sha256(b"price-key/demo/v1\0" + SECRET_KEY.encode()).digest()

_SITE = urlsplit(SITE_URL)
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
ALLOWED_HOSTS = [*_LOOPBACK, _SITE.hostname or ""]
HTTPS = SITE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# Exact origins that may open a socket; anything else is refused.
SOCKET_ORIGINS = [SITE_URL]
if _SITE.hostname in _LOOPBACK:
    SOCKET_ORIGINS = [f"{_SITE.scheme}://{name}:{_SITE.port or 80}" for name in _LOOPBACK]

# Messages a socket may send: per second, and at once.
SOCKET_BUDGET = (ENV.socket_rate, ENV.socket_rate * 4)

# The seal over all case files (docs/protocol.md, "The log").
LOG_KEY = ENV.log_key
LOG_ORIGIN = ENV.log_origin
LOG_CHECKPOINT = ENV.log_checkpoint

# What ocids begin with (docs/opendata.md).
OCDS_PREFIX = ENV.ocds_prefix

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "channels",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "core",
    "journal",
    "accounts",
    "draws",
    "agencies",
    "marketplace",
    "bidding",
    "contracts",
    "ratings",
    "stats",
    "opendata",
    "flags",
    "api",
    "config",
]
if DEMO_MODE:
    INSTALLED_APPS.append("demo")

MIDDLEWARE = [
    "config.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "core.http.RefusedMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.http.site",
            ],
            "builtins": [
                "core.templatetags.market",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
        },
    },
]

DATABASES = {"default": environment.database(ENV.database_url or "postgresql://serve@127.0.0.1:5432/market")}
# Under ASGI each request has a thread, and so a connection, of its own: none is kept. Rooms keep theirs (core.threads).
DATABASES["default"]["CONN_MAX_AGE"] = 0
# Who alone reads what opens sealed prices (config.roles); the clock takes this role for a moment.
OPENER_ROLE = ENV.opener_role
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# What lies here for longer than a minute are previews of imports (half an hour); the rest are counts of posts per client and
# minute, and figures of the home page. With Django's 300 places a busy quarter of an hour drops previews, and counts with
# them. What is over goes first when the table is full, so so many places are never all taken by what still matters; each
# write counts the rows, which at this size takes about a millisecond.
CACHE_PLACES = 10_000
CACHES = (
    {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": ENV.redis_url}}
    if ENV.redis_url
    else {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "core_cache",
            "OPTIONS": {"MAX_ENTRIES": CACHE_PLACES},
        }
    }
)
CHANNEL_LAYERS = (
    {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [ENV.redis_url]},
        }
    }
    if ENV.redis_url
    else {}
)
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
# The provincial identity service (P13.1), under a name of our own: its issuer is part of what names a person.
IDENTITY_SERVICE = "province"
SOCIALACCOUNT_ADAPTER = "accounts.identity.adapter.IdentityAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "accounts.identity.provider.IdentityProvider",
        "APPS": [
            {
                "provider_id": IDENTITY_SERVICE,
                "name": ENV.oidc_name,
                "client_id": ENV.oidc_client_id,
                "secret": ENV.oidc_client_secret,
                "settings": {"server_url": ENV.oidc_issuer},
            }
        ]
        if ENV.oidc_issuer
        else [],
    }
}
MFA_ADAPTER = "accounts.second_factors.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "中介服务网上交易平台"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "home"

# Calls of the API per minute, counted in the cache that all processes share.
API_RATES = {"anybody": "120/m", "signed_in": "600/m"}
REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema", "SCHEMA_COERCE_PATH_PK": False}
SPECTACULAR_SETTINGS = {
    "TITLE": "中介服务网上交易平台",
    "DESCRIPTION": "Everything that pages show and everybody may do, by the same rules. See docs/api.md.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "POSTPROCESSING_HOOKS": ["api.schema.add_components"],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MANIFEST_STRICT = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

EMAIL_BACKEND = "demo.mail.OutboxBackend" if DEMO_MODE else "django.core.mail.backends.smtp.EmailBackend"
# A mail server that does not answer must not hold the worker.
EMAIL_TIMEOUT = 20

# Hosts that the bots of chat groups may be called at. A demo calls none but its own sink, and gathers nothing for the morning.
NOTIFY_HOSTS = ENV.notify_hosts
NOTIFY_SINK = f"{SITE_URL}/demo/hooks/" if DEMO_MODE else ""
NOTIFY_WITHOUT_WAITING = DEMO_MODE

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF, SITE_URL.replace("http", "ws", 1)],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "core.error_pages.csrf_failure"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = logs.configuration(readable=DEMO_MODE or DEBUG)
