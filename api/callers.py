"""Who asks: by token or by session, for which organisation, and which doors that opens."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils.translation import get_language

from allauth.mfa.utils import is_mfa_enabled
from rest_framework.request import Request

from accounts.models import Kind, Membership, Organisation, User
from accounts.queries import membership_of
from agencies.models import Agency
from api.models import Token, TokenScope
from api.refusals import NotSignedIn, ReadOnlyToken, SecondFactorMissing
from bidding.origins import origin_of
from bidding.rules.traces import Origin


class Who(StrEnum):
    """Whom a door lets in; others find nothing there (404), whoever has not signed in is asked to (401)."""

    ANYBODY = "anybody"
    PERSON = "person"
    MEMBER = "member"
    BUYER = "buyer"
    DEPARTMENT = "department"
    AGENCY = "agency"
    OFFICER = "officer"
    OPERATOR = "operator"


_KINDS: dict[Who, tuple[Kind, ...]] = {
    Who.MEMBER: tuple(Kind),
    Who.BUYER: (Kind.ENTERPRISE, Kind.DEPARTMENT),
    Who.DEPARTMENT: (Kind.DEPARTMENT,),
    Who.AGENCY: (Kind.AGENCY,),
    Who.OFFICER: (Kind.REGULATOR,),
}


@dataclass(frozen=True)
class Caller:
    """A person, the organisation it acts for if any, and the request with its query."""

    visitor: User | AnonymousUser
    member: Membership | None
    request: Request

    @property
    def member_of(self) -> Organisation | None:
        """Whom the person acts for, if anybody."""
        return self.member.organisation if self.member else None

    @property
    def origin(self) -> Origin:
        """Where the call came from."""
        return origin_of(self.request._request)

    @property
    def membership(self) -> Membership:
        """As whom the person acts; only behind a door that asks for a member."""
        assert self.member is not None
        return self.member

    @property
    def user(self) -> User:
        """The person; only behind a door that asks for one."""
        assert isinstance(self.visitor, User)
        return self.visitor

    @property
    def organisation(self) -> Organisation:
        """Whom the person acts for; only behind a door that asks for a member."""
        assert self.member_of is not None
        return self.member_of

    @property
    def agency(self) -> Agency:
        """The agency the person acts for; only behind a door for agencies."""
        return Agency.objects.select_related("organisation").get(organisation=self.organisation)

    @property
    def query(self) -> Any:
        """What stands behind the question mark."""
        return self.request.query_params

    @property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE


def admit(request: Request, who: Who, *, writes: bool) -> Caller:
    """Let the caller in, or raise NotSignedIn, ReadOnlyToken, SecondFactorMissing or Http404."""
    visitor, token = request.user, request.auth
    membership = membership_of(visitor)
    organisation = membership.organisation if membership else None
    if who is not Who.ANYBODY and not visitor.is_authenticated:
        raise NotSignedIn()
    if writes and isinstance(token, Token) and token.scope != TokenScope.WRITE:
        raise ReadOnlyToken()
    officer = organisation is not None and organisation.kind == Kind.REGULATOR
    if officer and who is not Who.ANYBODY and not settings.DEMO_MODE and not is_mfa_enabled(visitor):
        raise SecondFactorMissing()
    if who is Who.OPERATOR and not visitor.is_staff:
        raise Http404
    if who in _KINDS and (organisation is None or organisation.kind not in _KINDS[who]):
        raise Http404
    return Caller(visitor, membership, request)
