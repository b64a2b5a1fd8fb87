"""The one error for "you may not, and here is why"."""

from typing import Any

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _

Text = str | Promise


class Gone(Http404):
    """It was public once and was removed by a rule: a page says so with 410; whoever knows only of 404 says that."""


class Refused(Exception):
    """A rule says no.

    Subclasses set `code` (stable, the same in page, API and socket), `message` and `fix` (lazy texts with
    `%(fact)s` places) and `basis` (clause ids such as "P19.1" or "R5.4"). `facts` are plain JSON values.
    """

    code: str = "E_REFUSED"
    message: Text = ""
    basis: tuple[str, ...] = ()
    fix: Text = ""
    field: str | None = None

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.code, facts)

    @property
    def text(self) -> str:
        """The reason in the reader's language."""
        return str(self.message) % self.facts

    @property
    def remedy(self) -> str:
        """What to do about it, in the reader's language; may be empty."""
        return str(self.fix) % self.facts

    def as_wire(self) -> dict[str, Any]:
        """The shape every door sends: code, message, basis, facts, fix."""
        return {
            "code": self.code,
            "message": self.text,
            "basis": list(self.basis),
            "facts": self.facts,
            "fix": self.remedy,
        }

    def __str__(self) -> str:
        return f"{self.code}: {self.text}"


def every_refusal() -> list[type[Refused]]:
    """Every kind of refusal that the loaded packages know, for the docs and their test."""
    found: list[type[Refused]] = []
    queue = list(Refused.__subclasses__())
    while queue:
        kind = queue.pop()
        queue.extend(kind.__subclasses__())
        if "code" in vars(kind):
            found.append(kind)
    return sorted(found, key=lambda kind: kind.code)


def sentence(basis: tuple[str, ...]) -> str:
    """The clauses as a reader sees them: `P19.1、R5.4`."""
    return _("依据 %(clauses)s") % {"clauses": "、".join(basis)} if basis else ""
