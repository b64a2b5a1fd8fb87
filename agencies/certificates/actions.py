"""Writing down what the register says."""

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts import notices
from agencies.actions import CASE
from agencies.certificates.answers import AGAIN, Answer, Question, next_look
from agencies.entries import AgencyEntry
from agencies.models import Qualification, RegisterStatus
from core.clock import database_now, rfc3339
from journal.actions import lock_case

_FACTS = ("register_status", "register_source", "register_until", "revoked_on", "register_reason")
_BAD_NEWS = {
    RegisterStatus.EXPIRED: gettext_noop("登记系统显示证书 %(number)s 已过期，请更新；需要它的事项暂不能报名"),
    RegisterStatus.REVOKED: gettext_noop(
        "登记系统显示证书 %(number)s 已被吊销；需要它的事项暂不能报名，有误可请发证机关更正"
    ),
}


@transaction.atomic(durable=True)
def write_answer(pk: int, question: Question, answer: Answer) -> bool:
    """Keep an answer with its source and time; what is new in it goes into the agency's case file, and bad news to it.

    Nothing happens if the certificate was changed or taken back while the register was asked. Returns whether anything
    was new.
    """
    held = lock_case(CASE.format(question.holder))
    row = Qualification.objects.select_related("agency").filter(pk=pk).first()
    if row is None or (row.kind_id, row.number) != (question.kind, question.number):
        return False
    before = [getattr(row, name) for name in _FACTS]
    row.register_status, row.register_source = answer.status, answer.source
    row.register_until, row.revoked_on, row.register_reason = answer.valid_until, answer.revoked_on, answer.reason
    row.looked_up_at = held.now
    row.look_up_at = next_look(held.now, min(filter(None, (row.valid_until, row.register_until))))
    row.save(update_fields=[*_FACTS, "looked_up_at", "look_up_at"])
    if before == [getattr(row, name) for name in _FACTS]:
        return False
    held.append(
        AgencyEntry.CERTIFICATE_LOOKED_UP,
        {
            "certificate": row.kind_id,
            "number": row.number,
            "status": answer.status.value,
            "source": answer.source,
            "asked_at": rfc3339(held.now),
            "valid_until": answer.valid_until.isoformat() if answer.valid_until else None,
            "revoked_on": answer.revoked_on.isoformat() if answer.revoked_on else None,
            "reason": answer.reason,
        },
    )
    if before[0] != answer.status and answer.status in _BAD_NEWS:
        facts = {"number": row.number}
        notices.tell(row.agency.organisation_id, _BAD_NEWS[answer.status], facts, "/desk/agency/")
    return True


def ask_again_later(pk: int) -> None:
    """The register did not answer: what it said before stands, and it is asked again in a quarter of an hour."""
    Qualification.objects.filter(pk=pk).update(look_up_at=database_now() + AGAIN)


@transaction.atomic
def look_up_soon(row: Qualification) -> None:
    """The agency wants its certificate looked up anew, as after a correction by the issuer."""
    held = lock_case(CASE.format(row.agency.uscc))
    Qualification.objects.filter(pk=row.pk).update(look_up_at=held.now)
