"""What an identity service vouches for, and what follows from it. Judged from the claims of a checked ID token."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Kind
from accounts.rules import UsccInvalid, read_uscc
from core.errors import Refused

# A member joins by the code the service vouches for; places of departments and regulators are given by invitation (P20.5).
JOINABLE = (Kind.ENTERPRISE, Kind.AGENCY)
_NAME_LENGTH = 60


class IdentityTaken(Refused):
    """The identity belongs to another account already."""

    code = "E_IDENTITY_TAKEN"
    basis = ("P13.1",)
    message = _("该实名身份已关联另一个账户")
    fix = _("用那个账户登录，或先在那里解除关联")


class IdentityForgotten(Refused):
    """Nothing was vouched for in this browser lately."""

    code = "E_IDENTITY_FORGOTTEN"
    basis = ("P13.1",)
    message = _("没有待关联的实名身份，或等待超过 15 分钟")
    fix = _("从登录页重新进行实名认证")


class IdentityNotMember(Refused):
    """The service does not vouch for a place in an organisation that this platform knows."""

    code = "E_IDENTITY_NOT_MEMBER"
    basis = ("P13.1", "P20.5")
    message = _("实名认证没有证明您属于本平台上的某个企业或中介服务机构")
    fix = _("请先注册单位，或请本单位管理员邀请您，登录后再关联实名身份")


class IdentityWithoutEmail(Refused):
    """An account needs an address, and only one that the service checked is taken from it."""

    code = "E_IDENTITY_WITHOUT_EMAIL"
    basis = ("P13.1",)
    message = _("实名认证没有给出经过核实的电子邮箱")
    fix = _("在身份服务中核实邮箱后重试，或请本单位管理员邀请您")


class LastWayIn(Refused):
    """Without a password, the identity is the only way into the account."""

    code = "E_LAST_WAY_IN"
    basis = ("P13.1",)
    message = _("该账户没有密码，解除关联后将无法登录")
    fix = _("先通过“找回密码”设置密码，再解除关联")


@dataclass(frozen=True)
class Identity:
    """A person as the service knows them. `email` and `uscc` are empty unless the service vouches for them."""

    uid: str
    name: str
    email: str = ""
    uscc: str = ""

    def as_dict(self) -> dict[str, str]:
        """For the session."""
        return asdict(self)


def read(token: Mapping[str, Any], userinfo: Mapping[str, Any], *, uscc_claim: str) -> Identity:
    """The identity in a checked ID token; `userinfo` of the same subject adds what the token leaves out.

    An address counts only when the service says that it checked it. A code counts only when it stands in the signed token
    under the claim that was configured, and is well formed; without a configured claim there is none.
    """
    told = {**userinfo, **token}
    email = str(told.get("email") or "").strip().lower() if told.get("email_verified") is True else ""
    name = str(told.get("name") or told.get("preferred_username") or "").strip()[:_NAME_LENGTH]
    return Identity(_uid(str(token["iss"]), str(token["sub"])), name, email, _uscc(token, uscc_claim))


def judge_join(identity: Identity, kind: Kind | None, *, staffed: bool) -> None:
    """May the identity become a member of the organisation with its code? `kind` is None where there is none.

    Raises IdentityNotMember or IdentityWithoutEmail.
    """
    if not identity.uscc or kind not in JOINABLE or not staffed:
        raise IdentityNotMember
    if not identity.email:
        raise IdentityWithoutEmail


def judge_unlink(*, has_password: bool) -> None:
    """Raise LastWayIn unless there is another way to sign in."""
    if not has_password:
        raise LastWayIn


def _uid(issuer: str, subject: str) -> str:
    """Names the person at this issuer: the same subject at another one is somebody else. Says nothing by itself."""
    return hashlib.sha256(f"{issuer}\0{subject}".encode()).hexdigest()


def _uscc(token: Mapping[str, Any], claim: str) -> str:
    given = token.get(claim) if claim else None
    if not isinstance(given, str):
        return ""
    try:
        return read_uscc(given)
    except UsccInvalid:
        return ""
