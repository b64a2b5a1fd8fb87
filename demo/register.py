"""The demo's own register of certificates: it knows whatever is asked, except what its number gives away.

A number that ends with `-R` was revoked, one that ends with `-X` is not known; whoever plays an agency can try both.
"""

from datetime import timedelta

from agencies.certificates.answers import Answer, Question
from agencies.models import RegisterStatus
from core.clock import BEIJING, database_now

_SOURCE = "演示证照登记系统"


class PretendRegister:
    """No network: the answer follows from the number."""

    def ask(self, question: Question) -> Answer:
        match question.number[-2:].upper():
            case "-R":
                yesterday = database_now().astimezone(BEIJING).date() - timedelta(days=1)
                first = yesterday.replace(day=1)
                return Answer(RegisterStatus.REVOKED, _SOURCE, revoked_on=first, reason="演示：以不正当手段取得")
            case "-X":
                return Answer(RegisterStatus.UNKNOWN, _SOURCE)
            case _:
                return Answer(RegisterStatus.VALID, _SOURCE)
