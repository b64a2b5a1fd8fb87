"""Reads of people and organisations."""

from collections.abc import Collection

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import Invitation, Kind, Membership, Organisation, User

Visitor = User | AnonymousUser


def membership_of(user: Visitor) -> Membership | None:
    """The membership under which the user acts: the first one taken up."""
    if not user.is_authenticated:
        return None
    return Membership.objects.filter(user=user).select_related("organisation__region").order_by("id").first()


def membership_with_preferences(user: Visitor) -> Membership | None:
    """The same, with what the member wants to be told: one query, for every page's bell."""
    if not user.is_authenticated:
        return None
    return Membership.objects.filter(user=user).select_related("preferences", "organisation").order_by("id").first()


def organisation_of(user: Visitor) -> Organisation | None:
    """The organisation the user acts for; None for visitors and for people of no organisation."""
    membership = membership_of(user)
    return membership.organisation if membership else None


def organisations_of(user: User) -> list[Organisation]:
    """Whom the user may act for, the first one taken up first."""
    return [one.organisation for one in user.memberships.select_related("organisation").order_by("id")]


def acts_for_any(user: User, organisations: Collection[int]) -> bool:
    """Is this person a member of any of these organisations, whichever it acts for now?"""
    return Membership.objects.filter(user=user, organisation__in=organisations).exists()


def members_of(organisation: Organisation) -> QuerySet[Membership]:
    """Who may act for it, oldest first."""
    return organisation.memberships.select_related("user").order_by("id")


def open_invitations(organisation: Organisation) -> QuerySet[Invitation]:
    """Invitations not taken up yet, newest first; some may have run out."""
    return organisation.invitations.filter(accepted_at__isnull=True).order_by("-id")


def departments() -> QuerySet[Organisation]:
    """Departments on the platform, by name."""
    return Organisation.objects.filter(kind=Kind.DEPARTMENT).order_by("name")


def invited_organisations() -> QuerySet[Organisation]:
    """Departments and regulators with whether anybody took up the place (`taken_up`), newest first."""
    members = Membership.objects.filter(organisation=OuterRef("pk"))
    invited = Organisation.objects.filter(kind__in=[Kind.DEPARTMENT, Kind.REGULATOR])
    return invited.annotate(taken_up=Exists(members)).select_related("region").order_by("-id")


def place_waiting(uscc: str) -> tuple[Organisation, str]:
    """An invited organisation that nobody has taken up, with the address last invited; raises Http404."""
    organisation = get_object_or_404(invited_organisations().filter(memberships__isnull=True), uscc=uscc)
    return organisation, organisation.invitations.latest("id").email
