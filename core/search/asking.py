"""From what a person typed to what the database is asked: the families of synonyms come from their table."""

from collections.abc import Callable, Collection, Iterable

from core.search import terms
from core.search.models import Synonym

# From all the words that were typed to what marks stand for: the mark, its name, the initials of that.
Named = Callable[[Collection[str]], Iterable[tuple[str, str, str]]]


def asked(text: str, *named: Named) -> str:
    """The `tsquery` of that text, empty if it holds nothing to find; rows bear the marks of what is `named`."""
    wanted = pieces(text)
    words = {word for piece in wanted for word in piece}
    known = [one for source in named for one in source(words)] if wanted else []

    def meant(some: Collection[str]) -> list[str]:
        return [mark for mark, name, initials in known if terms.means(some, name, initials)]

    return terms.tsquery(wanted, meant)


def pieces(text: str) -> list[list[str]]:
    """What has to be found, each with all its words."""
    rows = list(Synonym.objects.all())
    read_as: dict[str, set[str]] = {}
    for row in rows:
        read_as.setdefault(row.short_initials, set()).add(row.short)
        read_as.setdefault(row.long_initials, set()).add(row.long)
    return terms.pieces(text, terms.families((row.short, row.long) for row in rows), read_as)
