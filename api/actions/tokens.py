"""Make and revoke tokens."""

import secrets
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.policies import may_act_for
from api.models import Token, TokenScope
from api.queries import hash_of, tokens_of
from core.clock import database_now
from core.errors import Refused
from core.text import clean

MOST_TOKENS = 20
_PREFIX = "zjfw_"
_HINT = 10


class TooManyTokens(Refused):
    """A person has so many tokens in force for one organisation."""

    code = "E_TOO_MANY_TOKENS"
    basis = ("P12.1",)
    message = _("有效令牌已达 %(most)s 个")
    fix = _("先撤销不再使用的令牌")


class NotYourOrganisation(Refused):
    """Tokens act for an organisation one is a member of."""

    code = "E_NOT_YOUR_ORGANISATION"
    basis = ("P12.1",)
    message = _("您不是该单位的成员")


@dataclass(frozen=True)
class Made:
    """A new token and its secret, which is shown once and kept nowhere."""

    token: Token
    secret: str


@transaction.atomic
def make_token(user: User, organisation: Organisation, name: str, scope: TokenScope) -> Made:
    """A token by which a program acts as `user` for `organisation`. Raises NotYourOrganisation or TooManyTokens."""
    if not may_act_for(user, organisation):
        raise NotYourOrganisation()
    User.objects.select_for_update().get(pk=user.pk)
    if tokens_of(user, organisation).filter(revoked_at__isnull=True).count() >= MOST_TOKENS:
        raise TooManyTokens(most=MOST_TOKENS)
    secret = _PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        user=user,
        organisation=organisation,
        name=clean(name),
        scope=scope,
        hash=hash_of(secret),
        hint=secret[:_HINT],
        made_at=database_now(),
    )
    return Made(token, secret)


def revoke_token(token: Token) -> bool:
    """It counts no more; false if it did not before."""
    standing = Token.objects.filter(pk=token.pk, revoked_at__isnull=True)
    return bool(standing.update(revoked_at=database_now()))
