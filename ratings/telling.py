"""What regulators are told of entries: what waits for their answer, and for a second pair of eyes (UX §2.20).

A notice names the number of a matter, nothing of what it is about: cases are confidential until decided (R8).
"""

from collections.abc import Iterable, Iterator, Sequence

from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.notices import News
from accounts.telling import Teller, officers
from core.clock import beijing_minute, from_rfc3339
from journal.models import Entry
from ratings.entries import ComplaintEntry, CreditEntry, ExitEntry
from ratings.models import Complaint, Step


def complaints(entries: Sequence[Entry]) -> Iterator[News]:
    """A complaint waits for its acceptance."""
    told = officers()
    subject = gettext_noop("投诉 %(number)s 待受理")
    for entry in entries:
        number = entry.data["complaint"]
        about = Complaint.objects.filter(number=number).values_list("agency__organisation", "organisation").first()
        for officer in told:
            # A regulator that is complained about hears nothing of it before it is asked.
            if officer not in (about or ()):
                yield News(
                    officer, subject, {"number": number}, reverse("officer_complaint", args=[number]), "reply.due"
                )


def credit_objections(entries: Sequence[Entry]) -> Iterator[News]:
    """An agency objects to points taken off."""
    told = officers()
    subject = gettext_noop("对扣分的异议待裁定，期限 %(until)s")
    for entry in entries:
        due = from_rfc3339(entry.data["due_at"])
        for officer in told:
            facts = {"until": beijing_minute(due)}
            yield News(officer, subject, facts, reverse("console"), "reply.due", before=due)


def cases(entries: Sequence[Entry]) -> Iterator[News]:
    """A removal waits for a second officer, an appeal for its decision."""
    told = officers()
    subjects = {
        Step.PROPOSED: (gettext_noop("案件 %(number)s 待第二人审议"), "four_eyes.waiting"),
        Step.APPEALED: (gettext_noop("案件 %(number)s 的申诉待决定"), "reply.due"),
    }
    for entry in entries:
        if entry.data["step"] in subjects:
            subject, event = subjects[entry.data["step"]]
            number = entry.case.name
            for officer in told:
                page = reverse("officer_case", args=[number])
                yield News(officer, subject, {"number": number}, page, event)


TELLERS: list[tuple[Iterable[str], Teller]] = [
    ([ComplaintEntry.FILED], complaints),
    ([CreditEntry.OBJECTED], credit_objections),
    ([ExitEntry.STEPPED], cases),
]
