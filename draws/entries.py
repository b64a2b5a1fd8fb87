"""The kinds of entry that a draw appends to the case file of whatever is drawn for (R4)."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DrawEntry(StrEnum):
    """Commitments before the close, the seal at it, bytes after it, and the result that follows from them."""

    OPENED = "draw.opened"
    CONTRIBUTED = "draw.contributed"
    EXTENDED = "draw.extended"
    SEALED = "draw.sealed"
    REVEALED = "draw.revealed"
    SHARED = "draw.shared"
    DRAWN = "draw.drawn"


class TrusteeEntry(StrEnum):
    """In the platform's case file `P`."""

    NOMINATED = "trustee.nominated"
    KEYED = "trustee.keyed"
    RETIRED = "trustee.retired"


LABELS: dict[str, str | Promise] = {
    DrawEntry.OPENED: _("开始征集随机数"),
    DrawEntry.CONTRIBUTED: _("提交随机数承诺"),
    DrawEntry.EXTENDED: _("延长随机数征集"),
    DrawEntry.SEALED: _("封存抽取名单"),
    DrawEntry.REVEALED: _("公开随机数"),
    DrawEntry.SHARED: _("保管人开启"),
    DrawEntry.DRAWN: _("产生抽取结果"),
    TrusteeEntry.NOMINATED: _("指定保管人"),
    TrusteeEntry.KEYED: _("保管人登记公钥"),
    TrusteeEntry.RETIRED: _("保管人卸任"),
}
