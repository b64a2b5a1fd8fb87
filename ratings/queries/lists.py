"""Which agencies stand on which list, and what an import would do."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Organisation
from agencies.models import Agency
from ratings.models import Ending, ListFlag, ListImport, ListRow
from ratings.queries.exits import removals
from ratings.rules.lists import Listing, Near, Row, Table, near_misses


@dataclass(frozen=True)
class Plan:
    """What taking a list in does: flags for `matched`, none for `known` (on it already), an end for `leaving`."""

    matched: list[tuple[Row, Agency]]
    known: list[tuple[Row, Agency]]
    leaving: list[ListFlag]
    near: list[Near]
    table: Table


def plan_of(listing: Listing, table: Table) -> Plan:
    """What an import would do now. Writes nothing."""
    rows = {row.uscc: row for row in table.rows}
    agencies = Agency.objects.filter(organisation__uscc__in=rows).select_related("organisation")
    open_flags = {flag.agency_id: flag for flag in flags_of(listing)}
    pairs = [(rows[agency.uscc], agency) for agency in agencies.order_by("organisation__uscc")]
    listed = {agency.pk for _row, agency in pairs}
    names = dict(Organisation.objects.filter(agency__isnull=False).values_list("uscc", "name"))
    return Plan(
        matched=[pair for pair in pairs if pair[1].pk not in open_flags],
        known=[pair for pair in pairs if pair[1].pk in open_flags],
        leaving=[flag for key, flag in open_flags.items() if key not in listed],
        near=near_misses(table, names),
        table=table,
    )


def flags_of(listing: Listing) -> QuerySet[ListFlag]:
    """Who stands on that list now."""
    standing = ListFlag.objects.filter(name=listing.name, authority=listing.authority, ended_at__isnull=True)
    return standing.select_related("agency__organisation", "row__taken")


def shown_flags(agency: Agency) -> QuerySet[ListFlag]:
    """What an agency's page shows: in force, and not repaired."""
    standing = ListFlag.objects.filter(agency=agency, ended_at__isnull=True)
    return standing.exclude(case__ending=Ending.REPAIRED).select_related("row__taken")


def imports() -> QuerySet[ListImport]:
    """All imports, the newest edition first."""
    return ListImport.objects.order_by("-published_on", "-pk")


def all_flags() -> QuerySet[ListFlag]:
    """Everybody who stands on some list, for officers."""
    standing = ListFlag.objects.filter(ended_at__isnull=True)
    return standing.select_related("agency__organisation", "row__taken", "case")


def newest_of(name: str, authority: str) -> ListImport | None:
    """The edition of a list that counts."""
    return imports().filter(name=name, authority=authority).first()


def without_case() -> list[int]:
    """Flags whose case waited until an earlier one was decided; one against a removed agency waits for its re-entry."""
    waiting = ListFlag.objects.filter(ended_at__isnull=True, case__isnull=True)
    waiting = waiting.exclude(agency__in=removals().values("agency"))
    return list(waiting.order_by("pk").values_list("pk", flat=True))


def came_late() -> list[tuple[str, int]]:
    """(USCC, row) of agencies that registered after the newest edition of a list which names them."""
    newer = ListImport.objects.filter(name=OuterRef("taken__name"), authority=OuterRef("taken__authority")).filter(
        Q(published_on__gt=OuterRef("taken__published_on"))
        | Q(published_on=OuterRef("taken__published_on"), pk__gt=OuterRef("taken_id"))
    )
    flagged = ListFlag.objects.filter(
        agency__organisation__uscc=OuterRef("uscc"),
        name=OuterRef("taken__name"),
        authority=OuterRef("taken__authority"),
    )
    agency = Agency.objects.filter(organisation__uscc=OuterRef("uscc"), registered_at__gt=OuterRef("taken__taken_at"))
    rows = ListRow.objects.filter(Exists(agency)).exclude(Exists(newer)).exclude(Exists(flagged))
    return list(rows.values_list("uscc", "pk"))
