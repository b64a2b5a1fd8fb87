"""The award notice (中选公告) as PDF: its data as `templates/pdf/award.typ` takes it, dated when it was published."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from bidding import queries
from bidding.entries import Kind
from bidding.models import Award
from bidding.templatetags.room_parts import saving
from core import documents, qr
from core.clock import BEIJING, rfc3339
from core.models import Rendering
from core.money import in_words, shown
from journal.queries import entries_of


def rendering_of(award: Award, *, english: bool) -> Rendering:
    """The PDF of an award's notice, asked for if nobody has yet."""
    return documents.wanted("award", data_of(award, english=english))


def address_of(award: Award) -> str:
    """Where the notice stands for good."""
    return settings.SITE_URL + reverse("award_page", args=[award.request.number])


def hash_of(award: Award) -> str:
    """The hash of the entry that published the award, in hex; empty where the case file has none."""
    published = entries_of(award.request.number or "").filter(kind=Kind.AWARD).order_by("-seq")
    newest = published.values_list("hash", flat=True).first()
    return "" if newest is None else bytes(newest).hex()


def data_of(award: Award, *, english: bool) -> dict[str, Any]:
    """What the template reads: the award as it was published, so that the same notice is the same document."""
    with override("en" if english else "zh-hans"):
        return {**_said(award), "language": "en" if english else "zh"}


def _said(award: Award) -> dict[str, Any]:
    request, winner = award.request, award.winner.agency.organisation
    result = queries.result_of(request) or {}
    until = award.standstill_until.astimezone(BEIJING)
    address = address_of(award)
    return {
        "title": _("中选公告"),
        "number": request.number,
        "generated_at": rfc3339(award.published_at),
        "rows": [
            [_("项目名称"), request.title],
            [_("采购人"), request.buyer.name],
            [_("服务事项"), request.item.name],
            [_("选取方式"), request.get_method_display()],
            [_("最高限价"), shown(request.ceiling)],
            [_("中选机构"), winner.name],
            [_("统一社会信用代码"), winner.uscc],
        ],
        "price": shown(award.amount),
        "price_words": in_words(award.amount),
        "saving": saving(award.amount, request.ceiling),
        "places": [_place(one) for one in result.get("competitors", [])],
        "reasons": result.get("explanation", []),
        "standstill": _("公示期至 %(until)s（北京时间）。参加选取的机构可在公示期内在本公告页面提出异议，不收费用。")
        % {"until": f"{until:%Y-%m-%d %H:%M}"},
        "sha256": hash_of(award),
        "qr_svg": qr.svg(address),
        "verify_url": address,
        "verify_note": _("在此查看全文、回放和案卷；任何人都可以重新计算结果。"),
    }


def _place(one: dict[str, Any]) -> list[str]:
    place, organisation = one["place"], one["organisation"]
    return [str(place.rank), organisation.name if organisation else "", place.label, shown(place.amount)]
