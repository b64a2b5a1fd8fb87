"""Applicants as forms and actions take them."""

from dataclasses import replace
from typing import Any

from accounts.actions import Applicant
from tests.cast import next_uscc

PASSWORD = "a river runs past the mill"


def applicant(**changes: Any) -> Applicant:
    """A flawless applicant, changed as said."""
    uscc = next_uscc()
    flawless = Applicant(
        name="甘肃陇原生态咨询有限公司",
        uscc=uscc,
        region="620100",
        contact_name="李四",
        contact_phone="0931-5550001",
        email=f"{uscc.lower()}@example.com",
        password=PASSWORD,
    )
    return replace(flawless, **changes)


def posted(who: Applicant, **changes: Any) -> dict[str, Any]:
    """The same as a browser posts it, the commitment signed."""
    return {**vars(who), "commitment": "on", **changes}
