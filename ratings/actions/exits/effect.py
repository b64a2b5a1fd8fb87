"""What a measure does (R8): the agency's standing, and the items it may not be chosen for.

Running selections are settled from the standing by `bidding` under each request's own lock, before any award.
"""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from accounts.notices import tell
from agencies.models import Agency, Standing
from bidding.actions import bar_agency
from contracts.models import Contract, ContractStatus
from core.clock import rfc3339
from journal.actions import Held
from marketplace.models import ItemLock
from ratings import papers
from ratings.actions.exits.grip import Grip, step
from ratings.actions.exits.notice import tell_agency
from ratings.actions.sealing import about_case, append_sealed, erase
from ratings.entries import ExitEntry
from ratings.models import Ending, ExitCase, Interim, Measure, Reentry, RepairStatus, Step
from ratings.rules.standing import Spell, months_after, spell_of, standing_of


def put_in_force(held: Grip) -> None:
    """The decision takes effect: nobody appealed, or the appeal was decided. Part of a larger verb."""
    case, numbers = held.case, held.numbers
    if case.until and case.appealed_at:
        case.until = held.now + (case.until - case.appealed_at)  # what was served before the appeal stays served
    else:
        case.until = months_after(held.now, case.months or numbers.warn_months)
    case.in_force_at = held.now
    step(held, Step.IN_FORCE, until=rfc3339(case.until))
    entry = {"case": case.number, "measure": case.measure, "items": case.items, "until": rfc3339(case.until)}
    held.say(ExitEntry.IN_FORCE, entry)
    settle_standing(held.of_agency, held.agency, about_case(held.case.number))
    tell_agency(case, gettext_noop("案件 %(number)s：处理已生效，至 %(until)s"), until=papers.moment(case.until))
    if case.contracts_stop:
        _tell_buyers(case)


def end(held: Grip, ending: Ending) -> None:
    """A measure is over. Part of a larger verb."""
    case = held.case
    case.ended_at, case.ending = held.now, ending
    step(held, Step.ENDED, ending=ending.value)
    held.say(ExitEntry.ENDED, {"case": case.number, "ending": ending.value})
    settle_standing(held.of_agency, held.agency, about_case(held.case.number))
    if ending == Ending.REPAIRED:
        erase(held.of_agency, about_case(case.number))
    tell_agency(case, gettext_noop("案件 %(number)s：处理已结束"))


def settle_standing(held: Held, agency: Agency, subject: str) -> None:
    """Make the agency what all measures in force together say, and lock just the items they name. Part of a larger verb.

    `subject` is what the change is about, and is erased with. Running selections are settled as soon as this commits: their
    requests are held before agencies. What fails there the clock makes good.
    """
    transaction.on_commit(partial(bar_agency, agency.pk), robust=True)
    spells = list(_spells(agency, held.now))
    _lock_items(agency, held.now)
    standing, until = standing_of(spells, withdrawn=agency.withdrawn_at is not None)
    if (standing, until) == (Standing(agency.standing), agency.standing_until):
        return
    agency.standing, agency.standing_until = standing, until
    agency.save(update_fields=["standing", "standing_until"])
    said = {"standing": standing.value, "until": rfc3339(until) if until else None}
    append_sealed(held, ExitEntry.STANDING, subject, said)


def _spells(agency: Agency, now: datetime) -> list[Spell]:
    measures = ExitCase.objects.filter(agency=agency, step=Step.IN_FORCE)
    found = [
        # A removal stands until re-entry, however long after its term that is.
        spell_of(Measure(case.measure), None if case.measure == Measure.REMOVE else case.until, case.items)
        for case in measures
    ]
    interims = Interim.objects.filter(case__agency=agency, ended_at__isnull=True, until__gt=now)
    found += [Spell(Standing.SUSPENDED, one.until) for one in interims]
    probations = Reentry.objects.filter(case__agency=agency, status=RepairStatus.GRANTED, probation_until__gt=now)
    found += [Spell(Standing.PROBATION, one.probation_until) for one in probations]
    return [spell for spell in found if spell is not None]


def _lock_items(agency: Agency, now: datetime) -> None:
    """One lock for each item that a measure in force names; what no measure names any more is unlocked."""
    wanted: dict[str, ExitCase] = {}
    for case in ExitCase.objects.filter(agency=agency, step=Step.IN_FORCE).exclude(items=[]).order_by("until"):
        wanted |= dict.fromkeys(case.items, case)
    locks = ItemLock.objects.filter(agency=agency, lifted_at__isnull=True)
    for lock in locks:
        named = wanted.get(lock.item_id)
        if named is None or named.number != lock.case:
            ItemLock.objects.filter(pk=lock.pk).update(lifted_at=now)
    locked = set(ItemLock.objects.filter(agency=agency, lifted_at__isnull=True).values_list("item_id", flat=True))
    ItemLock.objects.bulk_create(
        ItemLock(agency=agency, item_id=item, case=case.number, since=now, until=case.until)
        for item, case in wanted.items()
        if item not in locked
    )


def _tell_buyers(case: ExitCase) -> None:
    """The decision stops running contracts: each buyer hears that it may have the work ended or handed over."""
    for contract in running_contracts(case.agency):
        tell(
            contract.buyer_id,
            gettext_noop("%(agency)s 已被决定停止履行在履合同，请与其协商变更或解除"),
            {"agency": case.agency.organisation.name},
            f"/r/{contract.award.request.number}/contract/",
            event="contract.progress",
        )


def running_contracts(agency: Agency) -> QuerySet[Contract]:
    """The agency's signed contracts that are not finished."""
    mine = Contract.objects.filter(agency=agency.organisation, status=ContractStatus.SIGNED)
    return mine.select_related("award__request")
