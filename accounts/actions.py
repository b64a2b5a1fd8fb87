"""Registering organisations and inviting people."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import commitments, policies, rules
from accounts.entries import AccountEntry
from accounts.models import Invitation, Kind, Membership, Organisation, Role, User
from core.clock import database_now
from core.errors import Refused
from core.models import Region
from core.text import clean
from journal.actions import lock_platform

INVITATION_DAYS = 14


class NotInvitable(Refused):
    """Enterprises and agencies need no invitation."""

    code = "E_NOT_INVITABLE"
    basis = ("P19.1",)
    field = "kind"
    message = _("企业和中介服务机构自行注册，无需邀请")
    fix = _("把注册页面的地址发给对方")


class MayNotInvite(Refused):
    """Only owners invite colleagues, and operators departments and regulators."""

    code = "E_MAY_NOT_INVITE"
    message = _("您不能邀请他人加入该单位")
    fix = _("请联系该单位的管理员")


class InvitationSpent(Refused):
    """The link was used, ran out or never existed."""

    code = "E_INVITATION_SPENT"
    message = _("该邀请链接无效、已使用或已过期")
    fix = _("请邀请您的人重新发送邀请")


class InvitedAnother(Refused):
    """The invitation names another address than the account signed in."""

    code = "E_INVITED_ANOTHER"
    message = _("该邀请发给了另一个电子邮箱")
    fix = _("请退出后用收到邀请的邮箱登录")


@dataclass(frozen=True)
class Applicant:
    """What a registration form asks, and nothing more (P19.1)."""

    name: str
    uscc: str
    region: str
    contact_name: str
    contact_phone: str
    email: str
    password: str


@dataclass(frozen=True)
class Invited:
    """An invitation just made; the token is known only here."""

    invitation: Invitation
    token: str


@transaction.atomic
def register_enterprise(applicant: Applicant, *, signed: bool) -> User:
    """Register an enterprise; it may post requests at once. Raises UsccInvalid, CommitmentUnsigned, IdentityNotShown."""
    rules.judge_commitment(signed=signed)
    user, organisation = found(applicant, Kind.ENTERPRISE)
    data = {**_public(organisation), "commitment": commitments.ENTERPRISE.as_entry()}
    lock_platform().append(AccountEntry.ENTERPRISE_REGISTERED, data)
    return user


def found(applicant: Applicant, kind: Kind) -> tuple[User, Organisation]:
    """Make the organisation and its owner. Part of a larger verb: the caller's transaction must be open.

    Raises UsccInvalid, UsccRegistered or EmailRegistered; of two that race for one code or address, one gets here.
    """
    uscc = rules.read_uscc(applicant.uscc)
    organisation = _take_code(
        Organisation(
            kind=kind,
            name=clean(applicant.name),
            uscc=uscc,
            region_id=applicant.region,
            contact_name=clean(applicant.contact_name),
            contact_phone=clean(applicant.contact_phone),
        )
    )
    user = _take_address(applicant.email, applicant.password, clean(applicant.contact_name))
    Membership.objects.create(user=user, organisation=organisation, role=Role.OWNER)
    return user, organisation


@transaction.atomic
def invite_organisation(
    by: User, *, kind: Kind, name: str, uscc: str, region: Region, email: str, field: str = ""
) -> Invited:
    """Give a department or regulator its place; whoever holds the link takes it up as owner. Journalled in `P`.

    Raises MayNotInvite, NotInvitable, UsccInvalid or IdentityNotShown.
    """
    if not by.is_staff:
        raise MayNotInvite
    if kind not in policies.INVITABLE:
        raise NotInvitable
    organisation = _take_code(
        Organisation(kind=kind, name=clean(name), uscc=rules.read_uscc(uscc), region=region, field=clean(field))
    )
    invited = _invite(by, organisation, email, Role.OWNER)
    lock_platform().append(AccountEntry.INVITED, {**_public(organisation), "field": organisation.field})
    return invited


@transaction.atomic
def invite_member(by: User, organisation: Organisation, email: str, role: Role = Role.MEMBER) -> Invited:
    """Invite a colleague, or the first owner anew. Raises MayNotInvite."""
    if not policies.may_invite_to(by, organisation):
        raise MayNotInvite
    return _invite(by, organisation, email, role)


@transaction.atomic
def accept(token: str, *, name: str, phone: str, password: str) -> User:
    """Take an invitation up with a new account. Raises InvitationSpent or EmailRegistered."""
    invitation = _hold(token)
    user = _take_address(invitation.email, password, clean(name))
    _join(invitation, user, phone)
    return user


@transaction.atomic
def accept_as(token: str, user: User) -> None:
    """Take an invitation up with the account signed in. Raises InvitationSpent or InvitedAnother."""
    invitation = _hold(token)
    if not policies.may_accept(user, invitation):
        raise InvitedAnother
    _join(invitation, user, "")


def invitation_behind(token: str) -> Invitation:
    """The open invitation of a link, to show what it offers; raises InvitationSpent."""
    return _open(Invitation.objects.select_related("organisation").filter(token_hash=_hash(token)).first())


def _hold(token: str) -> Invitation:
    return _open(
        Invitation.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .filter(token_hash=_hash(token))
        .first()
    )


def _open(invitation: Invitation | None) -> Invitation:
    if invitation is None or invitation.accepted_at or invitation.expires_at <= database_now():
        raise InvitationSpent
    return invitation


def _join(invitation: Invitation, user: User, phone: str) -> None:
    organisation = invitation.organisation
    first = not organisation.memberships.exists()
    Membership.objects.get_or_create(user=user, organisation=organisation, defaults={"role": invitation.role})
    invitation.accepted_at = database_now()
    invitation.save(update_fields=["accepted_at"])
    if first:
        organisation.contact_name, organisation.contact_phone = user.name, clean(phone)
        organisation.save(update_fields=["contact_name", "contact_phone"])
        lock_platform().append(AccountEntry.JOINED, _public(organisation))


def _invite(by: User, organisation: Organisation, email: str, role: Role) -> Invited:
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        email=email.strip().lower(),
        organisation=organisation,
        role=role,
        token_hash=_hash(token),
        invited_by=by,
        expires_at=database_now() + timedelta(days=INVITATION_DAYS),
    )
    return Invited(invitation, token)


def _take_code(organisation: Organisation) -> Organisation:
    try:
        with transaction.atomic():
            organisation.save(force_insert=True)
    except IntegrityError as error:
        if "uscc" not in str(error):
            raise
        raise rules.UsccRegistered(uscc=organisation.uscc) from error
    return organisation


def _take_address(email: str, password: str, name: str) -> User:
    try:
        with transaction.atomic():
            return User.objects.create_user(email, password, name=name)
    except IntegrityError as error:
        if "email" not in str(error):
            raise
        raise rules.EmailRegistered from error


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _public(organisation: Organisation) -> dict[str, str]:
    return {
        "kind": organisation.kind,
        "name": organisation.name,
        "uscc": organisation.uscc,
        "region": organisation.region_id,
    }
