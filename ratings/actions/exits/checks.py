"""Check every result that an agency delivers on probation (R8): asked for by time, answered by an officer."""

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from accounts.models import Organisation, User
from accounts.notices import tell
from contracts.models import Delivery
from core.queries import calendar
from core.text import clean
from journal.actions import lock_case
from ratings.actions.credit import note_act
from ratings.actions.exits.grip import must_be_officer
from ratings.actions.sealing import about_case, append_sealed
from ratings.entries import ExitEntry
from ratings.models import Reentry, ResultCheck
from ratings.rules.exit_refusals import CheckedBefore, ReasonsMissing
from ratings.rulesets import credit_rules

_RELATED = ("reentry__case__agency__organisation", "delivery__milestone__contract__award__request")


@transaction.atomic(durable=True)
def ask_for_check(delivery_id: int, reentry_id: int) -> bool:
    """A result came in on probation: a regulator has ten working days to check it. False if another clock asked."""
    reentry = Reentry.objects.select_related("case__agency__organisation").get(pk=reentry_id)
    held = lock_case(f"A-{reentry.case.agency.uscc}")
    due_at = calendar().add(held.now, credit_rules(reentry.case.ruleset).exit.repair_decision_wd)
    fields = {"reentry": reentry, "opened_at": held.now, "due_at": due_at}
    return ResultCheck.objects.get_or_create(delivery_id=delivery_id, defaults=fields)[1]


@transaction.atomic(durable=True)
def check_result(user: User, by: Organisation, pk: int, note: str, *, ok: bool) -> ResultCheck:
    """An officer says what the check found; a failed one is noted as an act, with the usual days to object.

    Raises Http404, NotAnOfficer, CheckedBefore or ReasonsMissing.
    """
    known = get_object_or_404(ResultCheck.objects.select_related(*_RELATED), pk=pk)
    agency = known.reentry.case.agency
    must_be_officer(user, by, agency)
    held = lock_case(f"A-{agency.uscc}")
    check = ResultCheck.objects.select_related(*_RELATED).get(pk=pk)
    if check.checked_at is not None:
        raise CheckedBefore()
    said = clean(note)
    if not said:
        raise ReasonsMissing()
    check.checked_by, check.checked_at, check.ok, check.note = user, held.now, ok, said
    check.save()
    facts = facts_of(check.delivery)
    entry = {**facts, "ok": ok, "note": said}
    append_sealed(held, ExitEntry.CHECKED, about_case(check.reentry.case.number), entry)
    path = f"/r/{facts['number']}/contract/"
    if not ok:
        with override("zh-hans"):
            evidence = _("观察期成果核验不合格：%(number)s 第 %(n)s 期。%(note)s") % {**facts, "note": said}
        source = f"check:{facts['number']}:{facts['n']}:{facts['version']}"
        note_act(held, agency, "refused_for_quality", source=source, evidence=evidence[:300], path=path, decided=False)
    tell(agency.organisation_id, gettext_noop("%(number)s 第 %(n)s 期成果已核验"), facts, path, event="delivery.due")
    return check


def facts_of(delivery: Delivery) -> dict[str, object]:
    """Which result it is: the request's number, the milestone's and the version's."""
    milestone = delivery.milestone
    number = milestone.contract.award.request.number or ""
    return {"number": number, "n": milestone.n, "version": delivery.version}
