"""What a person typed, as a `tsquery`. Pure: text and families of synonyms in, text out; no text makes it fail.

The stored side is `search_vector` in SQL (core/migrations/0004); `stored` says the same in Python, and a test holds them equal:

- the text in NFKC and lower case falls into runs: letters and digits, or Chinese characters; all else only separates;
- a run of letters or digits is one term, cut at `LONGEST`; a Chinese run is a term for each character with its successor,
  the last alone: 水土保持 is 水土 土保 保持 持. So a single character is found by the beginning of a term;
- neighbours have neighbouring places, and between runs a place is left out: a phrase never reaches across a comma.

Marks stand for what has its name elsewhere, `#code` for an item and `@key` for a buyer, and the ends of pinyin initials stand as
`~ends`: no word is mistaken for one.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

LONGEST = 40
_MOST_PIECES = 12
_MOST_TYPED = 200
_HAN = "㐀-䶿一-鿿豈-﫿𠀀-𿿽々〇"
_RUN = re.compile(f"[a-z0-9]+|[{_HAN}]+")
_INITIALS = re.compile(r"[a-z0-9]{2,}")

# Each word with its whole family, itself included.
Families = Mapping[str, Collection[str]]
# What rows bear instead of the words: `#wat-01` for an item, `@17` for a buyer.
Marks = Callable[[Collection[str]], Iterable[str]]


def runs(text: str) -> list[str]:
    """The runs of letters and digits and of Chinese characters, normal and in lower case, in order."""
    return _RUN.findall(unicodedata.normalize("NFKC", text).lower())


def stored(text: str) -> list[tuple[str, int]]:
    """Each term with its place, as `search_vector` stores them."""
    found: list[tuple[str, int]] = []
    place = 0
    for run in runs(text):
        place += 1
        for term in _terms(run):
            found.append((term, place))
            place += 1
    return found


def families(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """From (short, long): whatever shares a short form is one family, and each word of it leads to all of them."""
    by_short: dict[str, set[str]] = {}
    for short, long in pairs:
        by_short.setdefault(short, {short}).add(long)
    found: dict[str, set[str]] = {}
    for family in by_short.values():
        for word in family:
            found.setdefault(word, set()).update(family)
    return found


def pieces(text: str, known: Families, read_as: Mapping[str, Collection[str]] | None = None) -> list[list[str]]:
    """What has to be found, each with all its words: 岷县水保 is 岷县, and 水保 or 水土保持.

    A known word is a piece of its own wherever it stands; what is left of a run between such words is a phrase, but a single
    character left over is not asked for. `read_as` maps initials to the words that they are typed for.
    """
    found: list[list[str]] = []
    for run in runs(text[:_MOST_TYPED]):
        if run.isascii():
            found.append(
                [run, *_unique(word for one in (read_as or {}).get(run, ()) for word in known.get(one, [one]))]
            )
            continue
        cut = [part for part in _cut(run, known) if part]
        kept = [part for part in cut if len(part) > 1 or part in known] or cut[:1]
        found += [_unique([part, *sorted(known.get(part, ()))]) for part in kept]
    return found[:_MOST_PIECES]


def tsquery(wanted: Iterable[Collection[str]], marks: Marks = lambda _words: ()) -> str:
    """The pieces as the text of a `tsquery`: all of them, each by any of its words or the marks that these mean.

    Empty if there is nothing to find.
    """
    parts = []
    for words in wanted:
        ways = [_phrase(word) for word in words] + [_quoted(mark) for mark in marks(words)]
        parts.append(f"({' | '.join(ways)})")
    return " & ".join(parts)


def within(text: str) -> str:
    """A `tsquery` that finds whatever holds the text as it stands, and more: it only spares reading all the rest.

    Empty if the text has no Chinese character; letters and digits may stand in the middle of a term.
    """
    # A character that another stands for in normal form may be stored as part of another pair.
    plain = "".join(c if unicodedata.normalize("NFKC", c) == c else " " for c in text)
    wanted = [
        f"{_quoted(run)}:*" if len(run) == 1 else _quoted(run[n : n + 2])
        for run in re.findall(f"[{_HAN}]+", plain)
        for n in range(max(len(run) - 1, 1))
    ]
    return " & ".join(_unique(wanted))


def means(words: Collection[str], name: str, initials: str = "") -> bool:
    """Does one of the words stand in that name or its initials?"""
    plain = "".join(runs(name))
    return any(word in plain or (len(word) > 1 and word in initials) for word in words)


def _terms(run: str) -> Iterator[str]:
    if run.isascii():
        yield run[:LONGEST]
        return
    for n in range(len(run)):
        yield run[n : n + 2]


def _cut(run: str, known: Families) -> Iterator[str]:
    """The run cut at known words, the longest first where several begin."""
    longest = max((len(word) for word in known), default=0)
    rest, at = 0, 0
    while at < len(run):
        size = next((n for n in range(min(longest, len(run) - at), 0, -1) if run[at : at + n] in known), 0)
        if size:
            yield run[rest:at]
            yield run[at : at + size]
            rest = at + size
        at += size or 1
    yield run[rest:]


def _phrase(word: str) -> str:
    """One word: a phrase of its pairs; what may go on is asked for by its beginning."""
    parts = []
    for run in runs(word):
        if run.isascii():
            begins = f"{_quoted(run[:LONGEST])}:*"
            parts.append(f"({begins} | {_quoted('~' + run[:LONGEST])}:*)" if _INITIALS.fullmatch(run) else begins)
        elif len(run) == 1:
            parts.append(f"{_quoted(run)}:*")
        else:
            parts.append("(" + " <-> ".join(_quoted(run[n : n + 2]) for n in range(len(run) - 1)) + ")")
    return " & ".join(parts) if len(parts) == 1 else f"({' & '.join(parts)})"


def _quoted(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def _unique(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))
