"""Linking identities to accounts, and joining by the code that the service vouches for."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from allauth.socialaccount.models import SocialAccount

from accounts import notices
from accounts.identity import queries, rules
from accounts.identity.rules import Identity
from accounts.models import Kind, Membership, Role, User
from accounts.rules import EmailRegistered
from core.text import clean


@transaction.atomic
def link(user: User, identity: Identity) -> SocialAccount:
    """The identity signs this account in from now on. Raises IdentityTaken; of two accounts that race, one gets it."""
    known = SocialAccount.objects.filter(provider=settings.IDENTITY_SERVICE, uid=identity.uid).first()
    if known is not None and known.user_id == user.pk:
        return known
    try:
        with transaction.atomic():
            return SocialAccount.objects.create(
                user=user, provider=settings.IDENTITY_SERVICE, uid=identity.uid, extra_data={"name": identity.name}
            )
    except IntegrityError as error:
        raise rules.IdentityTaken from error


@transaction.atomic
def unlink(user: User) -> None:
    """The account is signed in by its password alone. Raises LastWayIn."""
    held = User.objects.select_for_update().get(pk=user.pk)
    rules.judge_unlink(has_password=held.has_usable_password())
    queries.linked_to(held).delete()


@transaction.atomic
def join(identity: Identity) -> User:
    """A new account, member of the organisation whose code the service vouches for; the organisation is told.

    Raises IdentityNotMember, IdentityWithoutEmail, EmailRegistered (an account that exists is signed in to, and then
    linked) or IdentityTaken.
    """
    organisation = queries.employer(identity)
    kind = Kind(organisation.kind) if organisation else None
    rules.judge_join(identity, kind, staffed=organisation is not None and organisation.memberships.exists())
    assert organisation is not None
    try:
        with transaction.atomic():
            user = User.objects.create_user(identity.email, None, name=clean(identity.name))
    except IntegrityError as error:
        raise EmailRegistered from error
    Membership.objects.create(user=user, organisation=organisation, role=Role.MEMBER)
    link(user, identity)
    notices.tell(
        organisation.pk,
        gettext_noop("%(name)s 凭实名认证加入本单位，成为成员"),
        {"name": user.name or user.email},
        "/desk/members/",
    )
    return user
