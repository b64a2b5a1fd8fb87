"""What time does to certificates: they are looked up again. Asked one by one, outside of any transaction."""

import logging
from datetime import datetime

from agencies.certificates.actions import ask_again_later, write_answer
from agencies.certificates.answers import Question, Unavailable
from agencies.certificates.register import in_use
from agencies.models import Qualification
from core.clock import database_now

log = logging.getLogger(__name__)

# The chores wait meanwhile, so a round is short; a register that is silent ends it.
_AT_ONCE = 20


def look_up_due(now: datetime | None = None) -> int:
    """Ask the register about certificates whose time has come, the longest waiting first; how many answers were new."""
    register = in_use()
    if register is None:
        return 0
    due = Qualification.objects.filter(look_up_at__lte=now or database_now()).order_by("look_up_at")
    found = 0
    rows = due.values_list("pk", "kind_id", "number", "agency__organisation__uscc")
    for pk, kind, number, holder in list(rows[:_AT_ONCE]):
        question = Question(kind, number, holder)
        try:
            answer = register.ask(question)
        except Unavailable as silent:
            log.warning("the register of certificates did not answer: %s", silent)
            ask_again_later(pk)
            break
        found += write_answer(pk, question, answer)
    return found
