"""What a file of tenders would become: the dry run, shown before anything is kept."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.models import Region
from core.money import shown
from marketplace.checking import findings_in
from marketplace.models import Method, Request, RequestStatus, ServiceItem
from marketplace.policy import Finding
from marketplace.queries import items_in_public
from opendata.models import ImportedTender
from opendata.rules.import_refusals import ImportExpired, ImportTooLarge, NothingChosen
from opendata.rules.importing import LIMIT, Catalogue, Proposal, proposal_of, tenders

_HOUR = 3600
LABELS: dict[str, str | Promise] = {
    "title": _("项目名称"),
    "item": _("服务事项"),
    "region": _("项目所在地"),
    "scope": _("服务内容与要求"),
    "deliverables": _("交付成果"),
    "materials": _("需提交的材料"),
    "term_workdays": _("服务期限（工作日）"),
    "method": _("选取方式"),
    "ceiling": _("最高限价"),
    "public_funds": _("使用财政资金"),
    "budget_line": _("预算项目"),
    "cited_law": _("限制条件的法律依据"),
}
NOTES: dict[str, str | Promise] = {
    "other_currency": _("金额不是人民币，未导入"),
    "method_chosen": _("选取方式按最接近的方式填写，请核对"),
    **{f"{name}_shortened": _("文字过长，已截短，请核对") for name in LABELS},
}


@dataclass
class Row:
    """One field: what it is called, where in the file it comes from, what the draft would say."""

    label: str | Promise
    source: str
    value: str
    missing: bool = False


@dataclass
class Shown:
    """One tender of the dry run; `n` is its place, `known` the request that there is already."""

    n: int
    proposal: Proposal
    rows: list[Row]
    findings: list[Finding]
    notes: list[str | Promise] = field(default_factory=list)
    known: Request | None = None

    @property
    def asks_for_an_item(self) -> bool:
        return "item" in self.proposal.missing

    @property
    def takeable(self) -> bool:
        """Can it become a draft, at least once its item is chosen?"""
        return self.known is None and set(self.proposal.missing) <= {"item"}


def catalogue() -> Catalogue:
    items = dict(items_in_public().values_list("code", "name_zh"))
    return Catalogue(items, dict(Region.objects.values_list("code", "name_zh")))


def shown_to(buyer: Organisation, proposals: list[Proposal]) -> list[Shown]:
    """The whole dry run."""
    known, drafted = catalogue(), _known(buyer, [one.ocid for one in proposals])
    found = []
    for n, one in enumerate(proposals):
        item = ServiceItem.objects.filter(code=one.values.get("item")).first()
        notes = [NOTES[note] for note in one.notes]
        found.append(
            Shown(n, one, _rows(one, known), findings_in(buyer, one.values, item), notes, drafted.get(one.ocid))
        )
    return found


def dry_run(buyer: Organisation, upload: "UploadedFile[Any]") -> tuple[list[Shown], str]:
    """What a file would become, and the same sealed; keeps nothing.

    Raises ImportTooLarge, ImportUnreadable, NotOcds or ImportTooMany.
    """
    if (upload.size or 0) > LIMIT:
        raise ImportTooLarge(size_kb=-(-(upload.size or 0) // 1024), limit_kb=LIMIT // 1024)
    known = catalogue()
    proposals = [proposal_of(one, known) for one in tenders(upload.read())]
    return shown_to(buyer, proposals), sealed(buyer, proposals)


def chosen(
    buyer: Organisation, text: str, taken: Collection[str], items: Mapping[str, str]
) -> list[tuple[str, dict[str, Any]]]:
    """Of what was shown, the wanted ones that are whole: by their places, with the items that were chosen for some.

    Raises ImportExpired or NothingChosen.
    """
    known, found = catalogue(), []
    for n, one in enumerate(unsealed(buyer, text)):
        item = one.values.get("item") or items.get(str(n))
        if str(n) in taken and set(one.missing) <= {"item"} and item in known.items:
            found.append((one.ocid, {**one.values, "item": item}))
    if not found:
        raise NothingChosen()
    return found


def sealed(buyer: Organisation, proposals: list[Proposal]) -> str:
    """What the page carries along, so that what is confirmed is what was shown."""
    return signing.dumps([[one.ocid, one.values, one.missing] for one in proposals], salt=_salt(buyer), compress=True)


def unsealed(buyer: Organisation, text: str) -> list[Proposal]:
    """What was shown to this buyer within the hour; raises ImportExpired."""
    try:
        said = signing.loads(text, salt=_salt(buyer), max_age=_HOUR)
    except signing.BadSignature:
        raise ImportExpired from None
    return [Proposal(ocid, values, missing=tuple(missing)) for ocid, values, missing in said]


def _salt(buyer: Organisation) -> str:
    return f"opendata.import.{buyer.pk}"


def _known(buyer: Organisation, ocids: list[str]) -> dict[str, Request]:
    """The requests that are these processes: drafts that were imported, and the platform's own."""
    rows = ImportedTender.objects.filter(buyer=buyer, ocid__in=ocids).select_related("request")
    found = {one.ocid: one.request for one in rows}
    prefix = f"{settings.OCDS_PREFIX}-"
    numbers = [one.removeprefix(prefix) for one in ocids if one.startswith(prefix)]
    own = Request.objects.filter(number__in=numbers).exclude(status=RequestStatus.DRAFT)
    return {f"{prefix}{one.number}": one for one in own} | found


def _rows(one: Proposal, known: Catalogue) -> list[Row]:
    rows = []
    for name, label in LABELS.items():
        if name in one.values and not (name == "public_funds" and not one.values[name]):
            rows.append(Row(label, one.sources.get(name, ""), _said(name, one.values[name], known)))
        elif name in one.missing:
            rows.append(Row(label, "", "", missing=True))
    return rows


def _said(name: str, value: Any, known: Catalogue) -> str:
    match name:
        case "ceiling":
            return shown(value)
        case "method":
            return str(Method(value).label)
        case "item":
            return known.items[value]
        case "region":
            return known.regions[value]
        case "public_funds":
            return str(_("是"))
        case _:
            return str(value)
