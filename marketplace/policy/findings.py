"""What the policy check finds: one finding, with its clause, the words found, why, and a fix."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise


class Severity(StrEnum):
    """`fail` keeps a request from being published; `cited` was allowed by a law and is shown to everybody; `advice` only advises."""

    FAIL = "fail"
    CITED = "cited"
    ADVICE = "advice"


@dataclass(frozen=True)
class Finding:
    """One thing the check has to say about a draft."""

    code: str
    clause: str
    severity: Severity
    message: str | Promise
    field: str | None = None
    words: str = ""
    start: int = -1
    fix: str | Promise = ""
    # What to put in place of `words`; None where only a person can mend it.
    replacement: str | None = None

    @property
    def end(self) -> int:
        """Where the words found end in the field's text."""
        return self.start + len(self.words)

    def as_entry(self) -> dict[str, str]:
        """The finding as the notice's entry keeps it."""
        return {"code": self.code, "clause": self.clause, "words": self.words}
