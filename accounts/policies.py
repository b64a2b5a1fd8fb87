"""Who may act for an organisation and who may invite, per object and as a queryset."""

from django.db.models import QuerySet

from accounts.models import Invitation, Kind, Organisation, Role, User
from accounts.queries import Visitor

INVITABLE = (Kind.DEPARTMENT, Kind.REGULATOR)


def may_act_for(user: Visitor, organisation: Organisation) -> bool:
    """Is the user one of its members?"""
    return user.is_authenticated and organisation.memberships.filter(user=user).exists()


def acts_for(user: User) -> QuerySet[Organisation]:
    """Every organisation for which `may_act_for` says yes."""
    return Organisation.objects.filter(memberships__user=user)


def may_invite_to(user: Visitor, organisation: Organisation) -> bool:
    """Its owners may; an operator only into a department or regulator that nobody has taken up yet (P20.5)."""
    if not user.is_authenticated:
        return False
    if user.is_staff and organisation.kind in INVITABLE and not organisation.memberships.exists():
        return True
    return organisation.memberships.filter(user=user, role=Role.OWNER).exists()


def invitable_by(user: User) -> QuerySet[Organisation]:
    """Every organisation for which `may_invite_to` says yes."""
    owned = Organisation.objects.filter(memberships__user=user, memberships__role=Role.OWNER)
    if not user.is_staff:
        return owned
    waiting = Organisation.objects.filter(kind__in=INVITABLE, memberships__isnull=True)
    return (owned | waiting).distinct()


def may_accept(user: User, invitation: Invitation) -> bool:
    """Only the person whose address was invited takes it up with an existing account."""
    return user.email == invitation.email
