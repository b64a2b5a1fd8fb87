"""Which line of a bank statement pays what. Plain values in, verdicts out; nothing is written here."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from contracts.rules.remittance import Found, Known, find_codes
from contracts.rules.statement import Line

_MOST_SUGGESTIONS = 5
_BRACKETS = str.maketrans("【】〔〕[]{}「」『』〈〉《》", "()" * 8)


class Verdict(Enum):
    """What a line is. The first three settle something at once; the others wait for the payee, or are known already.

    OTHER_PAYER has a right code and somebody else's name. For a government payable it may never be accepted, since the
    department pays itself (P20.7); for others it needs the payee's consent. NO_PAYER has a right code and no name at
    all, where the name is what shows that the department paid.
    """

    EXACT = "exact"
    PARTIAL = "partial"
    OVER = "over"
    UNKNOWN_CODE = "unknown_code"
    NO_CODE = "no_code"
    OTHER_PAYER = "other_payer"
    NO_PAYER = "no_payer"
    SEEN = "seen"


TAKEN = (Verdict.EXACT, Verdict.PARTIAL, Verdict.OVER)


@dataclass(frozen=True)
class Open:
    """Something that can be paid: its remittance code, what of it is open (fen), and who has to pay it."""

    code: str
    contract_number: str
    open_amount: int
    payer_name: str
    government: bool


@dataclass(frozen=True)
class Match:
    """One line and what it is; `takes` settles something due, `over` is left (fen). Of a line that waits, all is left
    if its code names a payable."""

    line: Line
    verdict: Verdict
    code: str = ""
    takes: int = 0
    over: int = 0
    suggestions: tuple[Open, ...] = ()


def match(lines: Sequence[Line], payables: Sequence[Open], seen: Iterable[str]) -> list[Match]:
    """What each line is. Lines on the same payable count one after the other; a line given twice is seen the second time."""
    book = _Book(payables)
    fingerprints = set(seen)
    found = []
    for line in lines:
        if line.fingerprint in fingerprints:
            found.append(Match(line, Verdict.SEEN))
        else:
            fingerprints.add(line.fingerprint)
            found.append(book.judge(line))
    return found


def same_name(a: str, b: str) -> bool:
    """Do two account holders' names mean the same, whatever widths, brackets and blanks a bank gave them?"""
    return _plain(a) == _plain(b)


class _Book:
    """The payables by code and by payer, with what is open of each after the lines so far."""

    def __init__(self, payables: Sequence[Open]) -> None:
        self._known = {payable.code: payable for payable in payables}
        self._open = {payable.code: payable.open_amount for payable in payables}
        self._codes = Known(self._known)
        self._named: dict[str, list[Open]] = defaultdict(list)
        for payable in payables:
            self._named[_plain(payable.payer_name)].append(payable)

    def judge(self, line: Line) -> Match:
        codes = find_codes(line.remark)
        named = [self._known[found.code] for found in codes if found.right and found.code in self._known]
        if not named:
            verdict = Verdict.UNKNOWN_CODE if codes else Verdict.NO_CODE
            return Match(line, verdict, codes[0].code if codes else "", suggestions=self._suggestions(line, codes))
        # Of several codes the first, whatever is open: judged again under a lock, it has to be the same one.
        payable = named[0]
        if (doubt := _doubt(line, payable)) is not None:
            return Match(line, doubt, payable.code, over=line.amount)
        others = tuple(one for one in named if one is not payable and self._open[one.code] > 0)
        return self._take(line, payable, others)

    def _take(self, line: Line, payable: Open, others: tuple[Open, ...]) -> Match:
        """Take what is open of it; if something is left, the other codes of the remark are what it may be for."""
        is_open = self._open[payable.code]
        takes = min(line.amount, is_open)
        self._open[payable.code] = is_open - takes
        if line.amount > takes:
            return Match(line, Verdict.OVER, payable.code, takes, line.amount - takes, others)
        return Match(line, Verdict.EXACT if takes == is_open else Verdict.PARTIAL, payable.code, takes)

    def _suggestions(self, line: Line, codes: Sequence[Found]) -> tuple[Open, ...]:
        """What is open and it may be: a code one slip away; then the same payer, the same amount before others.

        A line that names no payer may be whatever has its amount.
        """
        near = [self._known[code] for wrong in codes for code in self._codes.likely(wrong)]
        alike = self._named.get(_plain(line.payer_name), []) if line.payer_name else self._of_amount(line.amount)
        by_amount = sorted(alike, key=lambda payable: self._open[payable.code] != line.amount)
        wanted = [payable for payable in (*near, *by_amount) if self._open[payable.code] > 0]
        return tuple(dict.fromkeys(wanted))[:_MOST_SUGGESTIONS]

    def _of_amount(self, amount: int) -> list[Open]:
        return [self._known[code] for code, is_open in self._open.items() if is_open == amount]


def _doubt(line: Line, payable: Open) -> Verdict | None:
    """Why money with a right code settles nothing by itself. A bank that gives no names is trusted but for public money."""
    if not _plain(line.payer_name):
        return Verdict.NO_PAYER if payable.government else None
    return None if same_name(line.payer_name, payable.payer_name) else Verdict.OTHER_PAYER


def _plain(name: str) -> str:
    """NFKC, one kind of brackets, no blanks and nothing invisible."""
    normal = unicodedata.normalize("NFKC", name).translate(_BRACKETS)
    return "".join(c for c in normal if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc")).casefold()
