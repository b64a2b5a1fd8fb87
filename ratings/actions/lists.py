"""Take in lists of dishonest parties (P22.3). A match flags the agency and opens a case; it changes no standing and no score."""

import hashlib
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from accounts.models import Kind, Organisation, User
from accounts.notices import tell
from agencies.models import Agency
from core.text import clean
from journal.actions import Held, lock_case, lock_platform
from ratings.actions.exits import open_case
from ratings.actions.exits.grip import must_be_officer
from ratings.actions.sealing import about_list, append_sealed, erase
from ratings.entries import ListEntry
from ratings.models import Ending, FlagEnd, ListFlag, ListImport, ListRow, Measure, Trigger
from ratings.queries.lists import newest_of, plan_of
from ratings.rules.exit_refusals import NotAnOfficer, ReasonsMissing
from ratings.rules.lists import Listing, ListOutdated, Table

_BATCH = 1000


@transaction.atomic(durable=True)
def take_in(
    user: User, by: Organisation, listing: Listing, table: Table, *, file_name: str, sha256: str
) -> tuple[ListImport, bool]:
    """Take one edition of a list in; and whether anything was new: the same file of the same day changes nothing.

    Raises NotAnOfficer or ListOutdated.
    """
    if by.kind != Kind.REGULATOR:
        raise NotAnOfficer()
    before = plan_of(listing, table)
    concerned = {agency.uscc for _row, agency in before.matched} | {flag.agency.uscc for flag in before.leaving}
    files = {uscc: lock_case(f"A-{uscc}") for uscc in sorted(concerned)}
    platform = lock_platform()
    newest = newest_of(listing.name, listing.authority)
    known = ListImport.objects.filter(name=listing.name, authority=listing.authority, sha256=sha256)
    if found := known.filter(published_on=listing.published_on).first():
        return found, False
    if newest is not None and newest.published_on > listing.published_on:
        raise ListOutdated(newest=newest.published_on.isoformat())
    taken = _keep(platform, user, listing, table, file_name, sha256)
    # Judged anew under the locks; an agency that registered this moment is found by the clock.
    plan = plan_of(listing, table)
    rows = {row.uscc: row for row in taken.entries.filter(uscc__in=files)}
    for flag in plan.leaving:
        if flag.agency.uscc in files:
            _end(files[flag.agency.uscc], flag, FlagEnd.LEFT, "", None)
    for _row, agency in plan.matched:
        if agency.uscc in files:
            _flag(files[agency.uscc], agency, rows[agency.uscc], user)
    return taken, True


@transaction.atomic(durable=True)
def flag_late_comer(uscc: str, row_id: int) -> bool:
    """An agency registered after the edition that names it: flag it now."""
    held = lock_case(f"A-{uscc}")
    row = ListRow.objects.select_related("taken").get(pk=row_id)
    agency = Agency.objects.select_related("organisation").get(organisation__uscc=uscc)
    if ListFlag.objects.filter(agency=agency, name=row.taken.name, authority=row.taken.authority).exists():
        return False
    _flag(held, agency, row, None)
    return True


@transaction.atomic(durable=True)
def open_waiting_case(flag_id: int) -> bool:
    """Open the case of a flag that waited for an earlier case's decision; False if it still waits or has ended."""
    uscc = ListFlag.objects.values_list("agency__organisation__uscc", flat=True).get(pk=flag_id)
    held = lock_case(f"A-{uscc}")
    flag = ListFlag.objects.select_related("agency__organisation", "row__taken").get(pk=flag_id)
    if flag.ended_at is not None or flag.case_id is not None:
        return False
    return _open(held, flag, None)


@transaction.atomic(durable=True)
def correct_flag(user: User, by: Organisation, flag_id: int, because: str) -> ListFlag:
    """The agency does not belong on the list; says why. Its case goes its own way. Raises Http404, NotAnOfficer or ReasonsMissing."""
    known = ListFlag.objects.filter(pk=flag_id, ended_at__isnull=True).select_related("agency__organisation").first()
    if known is None:
        raise Http404(flag_id)
    must_be_officer(user, by, known.agency)
    said = clean(because)
    if not said:
        raise ReasonsMissing()
    held = lock_case(f"A-{known.agency.uscc}")
    flag = ListFlag.objects.select_related("agency__organisation").get(pk=flag_id)
    if flag.ended_at is not None:
        raise Http404(flag_id)
    _end(held, flag, FlagEnd.CORRECTED, said, user)
    return flag


def digest(content: bytes) -> str:
    """How an import names its file."""
    return hashlib.sha256(content).hexdigest()


def _keep(platform: Held, user: User, listing: Listing, table: Table, file_name: str, sha256: str) -> ListImport:
    entry: dict[str, Any] = {**_provenance(listing), "sha256": sha256, "rows": len(table.rows), "bad": len(table.bad)}
    taken = ListImport.objects.create(
        name=listing.name,
        authority=listing.authority,
        published_on=listing.published_on,
        source=listing.source,
        file_name=clean(file_name)[-120:],
        sha256=sha256,
        rows=len(table.rows),
        bad_rows=len(table.bad),
        taken_by=user,
        taken_at=platform.now,
        seq=platform.append(ListEntry.IMPORTED, entry).seq,
    )
    kept = [ListRow(taken=taken, row=one.row, name=one.name, uscc=one.uscc, reason=one.reason) for one in table.rows]
    ListRow.objects.bulk_create(kept, batch_size=_BATCH)
    return taken


def _flag(held: Held, agency: Agency, row: ListRow, user: User | None) -> None:
    taken = row.taken
    flag = ListFlag.objects.create(
        agency=agency, name=taken.name, authority=taken.authority, row=row, listed_at=held.now
    )
    listing = Listing(taken.name, taken.authority, taken.published_on, taken.source)
    said = {**_provenance(listing), "sha256": taken.sha256, "row": row.row}
    append_sealed(held, ListEntry.LISTED, about_list(flag.pk), said)
    facts = {"name": taken.name, "authority": taken.authority}
    tell(
        agency.organisation_id,
        gettext_noop("贵单位被列入%(authority)s公布的《%(name)s》"),
        facts,
        f"/a/{agency.uscc}/",
        event="credit.act",
    )
    _open(held, flag, user)


def _open(held: Held, flag: ListFlag, user: User | None) -> bool:
    """Open its case. Nothing else happens to a listed agency."""
    taken = flag.row.taken
    with override("zh-hans"):
        said = _("列入%(authority)s %(day)s 公布的《%(name)s》第 %(row)s 行。%(reason)s") % {
            "authority": taken.authority,
            "day": taken.published_on.isoformat(),
            "name": taken.name,
            "row": flag.row.row,
            "reason": flag.row.reason,
        }
    fact = {"text": said, "path": f"/a/{flag.agency.uscc}/"}
    source = f"list:{taken.sha256[:16]}:{taken.pk}:{flag.row.row}"
    flag.case = open_case(held, flag.agency, Trigger.LISTED, source, [fact], Measure.SUSPEND, user)
    flag.save(update_fields=["case"])
    return flag.case is not None


def _end(held: Held, flag: ListFlag, ending: FlagEnd, because: str, by: User | None) -> None:
    flag.ended_at, flag.ending, flag.ended_because, flag.ended_by = held.now, ending, because, by
    flag.save()
    entry = {"list": flag.name, "authority": flag.authority, "ending": ending.value, "because": because}
    append_sealed(held, ListEntry.ENDED, about_list(flag.pk), entry)
    if flag.case is not None and flag.case.ending == Ending.REPAIRED:
        erase(held, about_list(flag.pk))
    facts = {"name": flag.name, "authority": flag.authority}
    path = f"/a/{flag.agency.uscc}/"
    tell(
        flag.agency.organisation_id,
        gettext_noop("贵单位已移出%(authority)s公布的《%(name)s》"),
        facts,
        path,
        event="credit.act",
    )


def _provenance(listing: Listing) -> dict[str, str]:
    return {
        "list": listing.name,
        "authority": listing.authority,
        "published_on": listing.published_on.isoformat(),
        "source": listing.source,
    }
