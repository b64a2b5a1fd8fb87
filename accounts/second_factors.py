"""Second factors: authenticator apps and passkeys; who may take the last one away."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as webauthn

from accounts.models import Kind, User
from accounts.queries import membership_of
from core.errors import Refused

# Recovery codes are no factor of their own: they stand in for a lost one.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class LastFactor(Refused):
    """Officers decide about others: they sign in with a second factor, always (R8)."""

    code = "E_LAST_FACTOR"
    basis = ("R8",)
    message = gettext_lazy("监管人员必须保留至少一种两步验证方式")
    fix = gettext_lazy("先添加另一个通行密钥或启用验证器，再移除这一个")


def judge_removal(*, officer: bool, others: int) -> None:
    """Raise LastFactor if an officer would be left without any; `others` counts those that stay."""
    if officer and others == 0:
        raise LastFactor


class SecondFactors(DefaultMFAAdapter):
    """What allauth asks the house about them."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": gettext_lazy("监管人员必须保留至少一种两步验证方式"),
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        try:
            _judge(authenticator)
        except LastFactor:
            return False
        return True

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("通行密钥 %(number)s") % {"number": count + 1}

    def _get_site_name(self) -> str:
        return _("中介服务网上交易平台")


class RemovePasskey(webauthn.RemoveWebAuthnView):
    """allauth asks its adapter before it removes an app's secret, but not before it removes a passkey."""

    def form_valid(self, form: Any) -> HttpResponse:
        _judge(self.get_object())
        answer: HttpResponse = super().form_valid(form)
        return answer


@login_required
def remove_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    """The door in front of allauth's own."""
    answer: HttpResponse = RemovePasskey.as_view()(request, pk=pk)
    return answer


def _judge(authenticator: Authenticator) -> None:
    membership = membership_of(authenticator.user)
    officer = membership is not None and membership.organisation.kind == Kind.REGULATOR
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS).exclude(pk=authenticator.pk)
    judge_removal(officer=officer, others=others.count())
