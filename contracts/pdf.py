"""A contract's PDF: its data as `templates/pdf/contract.typ` takes it. The annex is in the parties' own copy alone."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from contracts.models import Contract, Side, Version
from core import documents, qr
from core.clock import BEIJING, rfc3339
from core.models import Rendering
from core.money import in_words, shown


def rendering_of(contract: Contract, version: Version, *, private: bool, english: bool) -> Rendering:
    """The PDF of one version, asked for if nobody has yet."""
    with override("en" if english else "zh-hans"):
        return documents.wanted("contract", data_of(contract, version, private=private, english=english))


def data_of(contract: Contract, version: Version, *, private: bool, english: bool) -> dict[str, Any]:
    """What the template reads; dated by the last confirmation, so that the same text is the same document."""
    number = contract.award.request.number or ""
    body = version.body_en if english else version.body
    address = settings.SITE_URL + reverse("contract_page", args=[number])
    at = {one.side: one.at for one in version.confirmations.all()}
    return {
        "title": body["title"],
        "number": number,
        "language": "en" if english else "zh",
        "generated_at": rfc3339(max(at.values(), default=version.proposed_at)),
        "parties": [_party(contract, side) for side in (Side.BUYER, Side.AGENCY)],
        "body": body["sections"],
        "milestones": [_milestone(stage) for stage in version.plan],
        "price": shown(version.price),
        "price_words": in_words(version.price),
        "annex": _annex(version) if private and version.annex else None,
        "sha256": version.sha256,
        "confirmations": [_confirmation(contract, side, at.get(side)) for side in (Side.BUYER, Side.AGENCY)],
        "qr_svg": qr.svg(address),
        "verify_url": address,
        "stamp_note": _("双方在平台上确认同一文本后合同成立，确认记录见公开案卷。"),
    }


def _party(contract: Contract, side: Side) -> dict[str, str]:
    organisation = contract.buyer if side == Side.BUYER else contract.agency
    role = _("甲方（采购人）") if side == Side.BUYER else _("乙方（中介服务机构）")
    return {"role": role, "name": organisation.name, "uscc": organisation.uscc, "address": ""}


def _milestone(stage: dict[str, Any]) -> dict[str, Any]:
    return {
        "n": stage["n"],
        "name": stage["name"],
        "amount": shown(stage["amount"]),
        "amount_words": in_words(stage["amount"]),
        "due": _("签订后 %(days)s 个工作日") % {"days": stage["due_wd"]},
    }


def _annex(version: Version) -> dict[str, Any]:
    annex = version.annex or {}
    rows = []
    for side in ("buyer", "agency"):
        known = annex[side]
        rows.append([known["name"], " ".join(filter(None, (known["contact"], known["phone"], known["address"])))])
    if account := annex.get("account"):
        rows += [[_("收款户名"), account["holder"]], [_("开户银行"), account["bank"]]]
        rows.append([_("银行账号"), account["number"]])
    return {"heading": _("附件：联系方式与收款账户"), "rows": rows}


def _confirmation(contract: Contract, side: Side, at: datetime | None) -> dict[str, Any]:
    party = _party(contract, side)
    said = f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S} {_('北京时间')}" if at else None
    return {"side": party["role"], "name": party["name"], "at": said}
