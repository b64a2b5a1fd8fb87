"""Rows of contracts and money, kept until there are enough of them to write. Each knows its number beforehand."""

from collections.abc import Iterable

from django.db import models

from contracts.models import (
    Confirmation,
    Contract,
    Delivery,
    DeliveryFile,
    Extension,
    Milestone,
    Movement,
    Payable,
    Payment,
    Posting,
    Version,
)
from demo.bulk import Numbers, copy, joining_by_hash
from demo.models import PretendCheckout

# Movements before their postings: the ledger's trigger looks at both.
_NAMED: tuple[type[models.Model], ...] = (Contract, Version, Milestone, Delivery, Payable, Payment, Movement)
_LEAVES: tuple[type[models.Model], ...] = (Confirmation, DeliveryFile, Extension, PretendCheckout)


class Books:
    """One shelf for each kind of row."""

    def __init__(self) -> None:
        self._numbers = {model: Numbers.of(model) for model in _NAMED}
        self._rows: dict[type[models.Model], list[models.Model]] = {}
        self._codes = 0

    def number(self, row: models.Model) -> None:
        """Give a row its number if others may name it."""
        if numbers := self._numbers.get(type(row)):
            row.pk = numbers.next()

    def shelve(self, rows: Iterable[models.Model]) -> None:
        """Keep the rows of a story until `write`."""
        for row in rows:
            self._rows.setdefault(type(row), []).append(row)

    def count(self) -> int:
        """How many things have been counted so far, this one included: the same in every run."""
        self._codes += 1
        return self._codes

    def write(self) -> None:
        """Bring in what is kept, each row after those it names."""
        for model in (*_NAMED, *_LEAVES):
            copy(self._rows.pop(model, []))
        with joining_by_hash():
            copy(self._rows.pop(Posting, []))
