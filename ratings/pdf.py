"""A document of an exit case (文书) as PDF: its data as `templates/pdf/exit.typ` takes it, dated when it was written."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import documents, qr
from core.clock import BEIJING, rfc3339
from core.models import Rendering
from ratings.models import Document, DocumentKind

# What the agency itself wrote is signed with its name.
_OF_AGENCY = (DocumentKind.DEFENCE, DocumentKind.APPEAL)


def rendering_of(document: Document, *, english: bool) -> Rendering:
    """The PDF of one document, asked for if nobody has yet."""
    with override("en" if english else "zh-hans"):
        return documents.wanted("exit", data_of(document, english=english))


def data_of(document: Document, *, english: bool) -> dict[str, Any]:
    """What the template reads; the same document is the same PDF, whoever asks."""
    body = document.body_en if english else document.body
    party = document.agency.organisation
    filed = [_("案件编号"), document.case.number] if document.case else [_("编号"), document.number]
    address = settings.SITE_URL + _page_of(document)
    return {
        "title": body["title"],
        "number": document.number,
        "language": "en" if english else "zh",
        "generated_at": rfc3339(document.at),
        "rows": [[_("当事机构"), party.name], [_("统一社会信用代码"), party.uscc], filed],
        "sections": body["sections"],
        "issuer": party.name if document.kind in _OF_AGENCY else _issuer(document),
        "dated": f"{document.at.astimezone(BEIJING):%Y-%m-%d %H:%M} {_('北京时间')}",
        "sha256": document.sha256,
        "qr_svg": qr.svg(address),
        "verify_url": address,
        "verify_note": _("公布后可在此查看全文和案卷，核对 SHA-256。"),
    }


def _page_of(document: Document) -> str:
    if document.case is not None:
        return reverse("exit_page", args=[document.case.number])
    return reverse("desk_repair", args=[document.repair_id])


def _issuer(document: Document) -> str:
    """The office of whoever wrote it; what time wrote by itself is the platform's."""
    member = document.by.memberships.select_related("organisation").first() if document.by else None
    return member.organisation.name if member else _("中介服务网上交易平台")
