"""Where each door of the platform is. Each package lists its own."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from accounts.second_factors import remove_passkey
from config import health

_PACKAGES = (
    "journal",
    "accounts",
    "core",
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
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("language/", set_language, name="set_language"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/webauthn/keys/<int:pk>/remove/", remove_passkey, name="mfa_remove_webauthn"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
]
urlpatterns += [path("", include(f"{package}.urls")) for package in _PACKAGES if find_spec(f"{package}.urls")]
urlpatterns.append(path("", include("config.front.urls")))
if settings.DEMO_MODE and find_spec("demo.urls"):
    urlpatterns.append(path("demo/", include("demo.urls")))

handler400 = "core.error_pages.bad_request"
handler403 = "core.error_pages.permission_denied"
handler404 = "core.error_pages.not_found"
handler500 = "core.error_pages.server_error"
