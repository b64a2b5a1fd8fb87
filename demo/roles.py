"""The roles that a visitor of the demo takes with one click, and the invented people behind them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User

ROLES: dict[str, str | Promise] = {
    "enterprise": _("企业"),
    "department": _("采购单位"),
    "agency": _("中介机构"),
    "regulator": _("监管"),
    "operator": _("系统管理员"),
}


def email(role: str) -> str:
    """The address of the person behind a role."""
    return f"{role}@demo.example"


def person_behind(role: str) -> User | None:
    """Who a role is; None while the database holds no demo, and for unknown roles."""
    return User.objects.filter(email=email(role), is_active=True).first() if role in ROLES else None
