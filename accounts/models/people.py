"""Users, organisations and who may act for them."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.models import Region


class Kind(models.TextChoices):
    """What an organisation is, and so what its members may do."""

    ENTERPRISE = "enterprise", _("企业")
    DEPARTMENT = "department", _("政府部门")
    AGENCY = "agency", _("中介服务机构")
    REGULATOR = "regulator", _("监管部门")


class UserManager(BaseUserManager["User"]):
    """Makes users; the e-mail address is kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. `is_staff` marks the platform's operators."""

    email = models.EmailField(_("电子邮箱"), unique=True)
    name = models.CharField(_("姓名"), max_length=60, blank=True)
    is_staff = models.BooleanField(_("平台运营人员"), default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once_whatever_its_case")]

    def __str__(self) -> str:
        return self.name or self.email


class Organisation(models.Model):
    """An enterprise, department, agency or regulator. `uscc` is its 统一社会信用代码."""

    kind = models.CharField(_("类型"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("名称"), max_length=120)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, verbose_name=_("所在地区"))
    address = models.CharField(_("地址"), max_length=200, blank=True)
    contact_name = models.CharField(_("联系人"), max_length=60)
    contact_phone = models.CharField(_("联系电话"), max_length=30)
    # Departments only: the field of work as the catalogue names it, e.g. 水利.
    field = models.CharField(_("主管领域"), max_length=40, blank=True)
    demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="organisation_kind_known", condition=models.Q(kind__in=Kind.values)),
            models.CheckConstraint(
                name="organisation_uscc_has_18_places", condition=models.Q(uscc__regex=r"^[0-9A-Z]{18}$")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member may do for the organisation."""

    OWNER = "owner", _("管理员")
    MEMBER = "member", _("成员")


class Membership(models.Model):
    """A user acts for an organisation."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.OWNER)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation"], name="member_once_per_organisation"),
            models.CheckConstraint(name="membership_role_known", condition=models.Q(role__in=Role.values)),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"


class Invitation(models.Model):
    """An operator's invitation of a department or regulator (or an owner's of a colleague). Only the token's hash is kept."""

    email = models.EmailField()
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.OWNER)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.email} → {self.organisation}"
