"""Reads of agencies: the directory, the public page and what its members edit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Aggregate, Exists, FloatField, IntegerField, OuterRef, Q, QuerySet, Value
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.timezone import localdate

from agencies import rules
from agencies.entries import AgencyEntry
from agencies.models import (
    Agency,
    CreditCount,
    InsiderKind,
    PastWork,
    Qualification,
    QualificationKind,
    QualificationStatus,
    RegisterStatus,
    Tie,
    TieNature,
)
from core.models import StoredFile
from journal.kinds import name_of
from journal.models import Entry
from journal.queries import entries_of

TIMELINE_SHOWN = 50


@dataclass(frozen=True)
class QualificationLine:
    """One certificate as pages show it: stored status, and what the date adds to it."""

    row: Qualification
    status: str | Promise
    expiry: rules.Expiry
    file_name: str


@dataclass(frozen=True)
class Event:
    """One entry of the case file as the timeline shows it."""

    seq: int
    at: datetime
    kind: str
    label: str | Promise
    detail: str
    hash: str


class Median(Aggregate):
    """PostgreSQL's `percentile_cont(0.5)`."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def directory() -> QuerySet[Agency]:
    """Every agency: none is left out by region, number, grade or standing (I4)."""
    return Agency.objects.select_related("organisation__region")


def agency_by(uscc: str) -> Agency:
    """The agency of that code; raises Http404."""
    rows = Agency.objects.select_related("organisation__region", "commitment", "case")
    return get_object_or_404(rows, organisation__uscc=uscc.upper())


def offered_items() -> list[tuple[str, str]]:
    """`(code, name in the reader's language)` of every item that some agency offers."""
    offering: Any = Agency._meta.get_field("offerings").related_model
    item: Any = offering._meta.get_field("item").related_model
    offered = item.objects.filter(Exists(offering.objects.filter(item=OuterRef("pk")))).order_by("code")
    return [(one.code, one.name) for one in offered.only("code", "name_zh", "name_en")]


def median_credit(agencies: QuerySet[Agency]) -> float | None:
    """The median K of those that have one; what a new agency is ranked by (R7).

    Of all agencies it is found from how many have which; of some, by reading them.
    """
    if not agencies.query.where:
        return rules.median(CreditCount.objects.values_list("credit", "count"))
    median: float | None = agencies.order_by().aggregate(median=Median("credit"))["median"]
    return median


def ranked_keys(agencies: QuerySet[Agency], middle: float, most: int) -> list[int]:
    """The keys of the first `most` where new agencies count as `middle`, before others of just that credit (R7).

    Three walks along one index: what is above, what is new, and the rest. Each ends as soon as there are enough.
    """
    if not most:
        return []
    bound = rules.bound(middle)
    parts = (Q(credit__gt=bound), Q(credit__isnull=True), Q(credit__lte=bound))
    walks = [
        agencies.filter(part)
        .order_by("-credit", "-registered_at", "pk")
        .annotate(part=Value(nr, IntegerField()))
        .values_list("part", "credit", "registered_at", "pk")[:most]
        for nr, part in enumerate(parts)
    ]
    found = walks[0].union(*walks[1:], all=True).order_by("part", "-credit", "-registered_at", "pk")
    return [key for _part, _credit, _at, key in found[:most]]


def qualification_lines(agency: Agency, today: date | None = None) -> list[QualificationLine]:
    """The agency's certificates, each with its status on `today` (Beijing's date if not given)."""
    today = today or localdate()
    rows = agency.qualifications.select_related("kind", "file")
    return [_line(row, today) for row in rows]


def certificates(agency: Agency) -> list[rules.Certificate]:
    """The agency's certificates as the rules judge them."""
    return [certificate(row) for row in agency.qualifications.all()]


def certificate(row: Qualification) -> rules.Certificate:
    """One row as the rules judge it: what the agency claims, cut short by what the register says."""
    ends = min(filter(None, (row.valid_until, row.register_until)))
    status = QualificationStatus(row.status)
    return rules.Certificate(row.kind_id, row.number, row.valid_from, ends, status, row.revoked_on)


def running_out(agency: Agency, today: date | None = None) -> list[QualificationLine]:
    """Certificates that have run out or will within 60 days."""
    return [line for line in qualification_lines(agency, today) if line.expiry is not rules.Expiry.FINE]


def ties_of(agency: Agency) -> QuerySet[Tie]:
    """All ties, those that last first; ended ones stay public."""
    return agency.ties.select_related("department").order_by("-ended_at", "-declared_at")


def timeline(agency: Agency) -> list[Event]:
    """The newest entries of the agency's case file, newest first."""
    entries = list(entries_of(agency.case.name).order_by("-seq")[:TIMELINE_SHOWN])
    names = _kind_names(entries)
    return [_event(entry, names) for entry in entries]


def own_qualification(agency: Agency, pk: int) -> Qualification:
    """One of the agency's own; raises Http404."""
    return get_object_or_404(agency.qualifications.select_related("agency__organisation", "kind", "file"), pk=pk)


def own_tie(agency: Agency, pk: int) -> Tie:
    """One of the agency's own that lasts; raises Http404."""
    rows = agency.ties.filter(ended_at__isnull=True).select_related("agency__organisation", "department")
    return get_object_or_404(rows, pk=pk)


def own_work(agency: Agency, pk: int) -> PastWork:
    """One of the agency's own; raises Http404."""
    return get_object_or_404(agency.past_works.select_related("agency__organisation"), pk=pk)


def qualification_kinds() -> QuerySet[QualificationKind]:
    """What laws demand, by name."""
    return QualificationKind.objects.order_by("name_zh")


def shows_file(stored: StoredFile) -> bool:
    """Does some agency's public page show it?"""
    return Qualification.objects.filter(file=stored).exists()


def _line(row: Qualification, today: date) -> QualificationLine:
    ending = rules.expiry(row.valid_until, today)
    expired = ending is rules.Expiry.EXPIRED and row.status != QualificationStatus.REJECTED
    status = ending.label if expired else QualificationStatus(row.status).label
    return QualificationLine(row, status, ending, _file_name(row))


def _file_name(row: Qualification) -> str:
    if row.file is None:
        return ""
    suffix = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}.get(row.file.media_type, "")
    return "".join(c if c.isalnum() or c in "-_（）()" else "-" for c in f"{row.kind.name_zh}-{row.number}") + suffix


def _kind_names(entries: Iterable[Entry]) -> dict[str, str]:
    codes = {entry.data.get("kind") for entry in entries if entry.kind.startswith("qualification.")}
    codes |= {entry.data["certificate"] for entry in entries if entry.kind == AgencyEntry.CERTIFICATE_LOOKED_UP}
    return {kind.code: kind.name for kind in QualificationKind.objects.filter(code__in=codes - {None})}


def _event(entry: Entry, kind_names: dict[str, str]) -> Event:
    known = entry.kind in list(AgencyEntry)
    label = AgencyEntry(entry.kind).label if known else name_of(entry.kind)
    detail = _detail(AgencyEntry(entry.kind), entry.data, kind_names) if known else ""
    return Event(entry.seq, entry.at, entry.kind, label, detail, bytes(entry.hash).hex())


def _detail(kind: AgencyEntry, data: dict[str, Any], kind_names: dict[str, str]) -> str:
    match kind:
        case AgencyEntry.QUALIFICATION_CLAIMED | AgencyEntry.QUALIFICATION_TAKEN_BACK:
            return f"{kind_names.get(data['kind'], data['kind'])} {data['number']}"
        case AgencyEntry.CERTIFICATE_LOOKED_UP:
            kind_name = kind_names.get(data["certificate"], data["certificate"])
            return f"{kind_name} {data['number']} · {RegisterStatus(data['status']).label} · {data['source']}"
        case AgencyEntry.TIE_DECLARED | AgencyEntry.TIE_ENDED:
            return f"{data['department']['name']} · {TieNature(data['nature']).label}"
        case AgencyEntry.INSIDER_DECLARED | AgencyEntry.INSIDER_ENDED:
            share = f" {data['share']}%" if data["share"] else ""
            return f"{InsiderKind(data['kind']).label}{share}"
        case AgencyEntry.WORK_SHOWN | AgencyEntry.WORK_TAKEN_DOWN:
            return f"{data['title']}（{data['year']}）"
        case AgencyEntry.SERVICES_CHANGED:
            return " ".join([*(f"+{code}" for code in data["added"]), *(f"−{code}" for code in data["removed"])])
        case AgencyEntry.COMMITTED:
            return str(data["version"])
        case AgencyEntry.PROFILE_CHANGED:
            return str(data.get("name", ""))
