"""Hold a complaint: the case of its subject, then the row; and know who stands where. Parts of larger verbs."""

from django.http import Http404

from accounts.models import Kind, Membership, Organisation, User
from journal.actions import Held, lock_case, lock_platform
from ratings.models import Complaint
from ratings.rules import complaints as rules
from ratings.rules.exit_refusals import NotAnOfficer

_RELATED = ("agency__organisation", "request__buyer", "organisation", "item", "delivery", "filed_by")


def lock(case_name: str) -> Held:
    """Hold the case file a complaint stands in."""
    return lock_platform() if case_name == "P" else lock_case(case_name)


def hold(number: str) -> tuple[Held, Complaint]:
    """Hold the complaint of that number; raises Http404."""
    found = Complaint.objects.select_related(*_RELATED)
    known = found.filter(number=number).first()
    if known is None:
        raise Http404(number)
    held = lock(known.case_name)
    return held, found.get(pk=known.pk)


def hold_as_officer(user: User, by: Organisation, number: str) -> tuple[Held, Complaint]:
    """Hold it for an officer, who becomes its handler. Raises Http404, NotAnOfficer or ConflictOfInterest."""
    held, complaint = hold(number)
    must_handle(user, by, complaint)
    complaint.handler = user
    return held, complaint


def must_handle(user: User, by: Organisation, complaint: Complaint) -> None:
    """Raise NotAnOfficer or ConflictOfInterest unless this officer may handle it."""
    if by.kind != Kind.REGULATOR:
        raise NotAnOfficer()
    rules.judge_conflict(user.pk, _organisations(user), sides(complaint))


def sides(complaint: Complaint) -> rules.Sides:
    """Who stands where, as the rules look at it."""
    subject = complaint.answerable
    return rules.Sides(
        filed_by=complaint.filed_by_id,
        stated_by=complaint.stated_by_id,
        decided_before=complaint.delivery.decided_by_id if complaint.delivery else None,
        subject=[subject.pk] if subject else [],
        complainer=_organisations(complaint.filed_by),
    )


def secrets(complaint: Complaint) -> list[str]:
    """What would tell who complained. The subject's own name tells nothing, whoever of its people complained."""
    person = complaint.filed_by
    named = [person.name, person.email]
    subject = complaint.answerable
    own = Organisation.objects.filter(memberships__user=person)
    for one in own.exclude(pk=subject.pk) if subject else own:
        named += [one.name, one.uscc, one.contact_phone]
    return [word for word in named if word]


def _organisations(user: User) -> list[int]:
    return list(Membership.objects.filter(user=user).values_list("organisation_id", flat=True))
