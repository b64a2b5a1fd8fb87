"""Who may see and change what of an agency, per object and as a queryset."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, User
from accounts.queries import Visitor, organisation_of
from agencies.models import Agency
from core.errors import Refused


class NotAnAgency(Refused):
    """Only agencies do this."""

    code = "E_NOT_AN_AGENCY"
    basis = ("P19.1", "R2")
    message = _("只有中介服务机构可以进行此操作")
    fix = _("用机构账户登录，或免费注册为中介服务机构，立即生效")


def may_edit(user: Visitor, agency: Agency) -> bool:
    """Members edit their agency's own page; its standing and credit nobody edits."""
    return user.is_authenticated and agency.organisation.memberships.filter(user=user).exists()


def editable_by(user: User) -> QuerySet[Agency]:
    """Every agency for which `may_edit` says yes."""
    return Agency.objects.filter(organisation__memberships__user=user)


def require_agency(user: Visitor) -> Agency:
    """The agency the user acts for; raises NotAnAgency."""
    organisation = organisation_of(user)
    if organisation is None or organisation.kind != Kind.AGENCY:
        raise NotAnAgency
    return organisation.agency
