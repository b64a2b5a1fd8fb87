"""How requests and items are searched: what marks they bear, and which items a text means."""

import re
from collections.abc import Collection, Iterator

from django.db.models import Q

from accounts.models import Kind, Organisation
from core.search import asking, terms
from marketplace.models import ServiceItem

# The beginning of a request's number, and a whole 统一社会信用代码.
NUMBER = re.compile(r"GS-?\d", re.IGNORECASE)
USCC = re.compile(r"[0-9][0-9A-Z]{17}")
_MOST_BUYERS = 20


def asked(text: str) -> str:
    """The `tsquery` for requests of what a person typed; empty if there is nothing to find."""
    code = text.strip().upper()
    items = list(ServiceItem.objects.values_list("code", "name_zh", "name_en", "pinyin"))
    if any(code == item for item, *_names in items):
        return f"'#{code.lower()}'"

    def named(_words: Collection[str]) -> list[tuple[str, str, str]]:
        return [(f"#{item.lower()}", f"{zh} {en}", pinyin) for item, zh, en, pinyin in items]

    return asking.asked(text, named, _buyers)


def items_like(text: str) -> list[ServiceItem]:
    """The items, retained or cancelled, that a person means; by name before by approval, retained before cancelled."""
    typed = text.strip().upper()
    wanted = asking.pieces(text)
    found = [(rank, item) for item in ServiceItem.objects.order_by("code") if (rank := _rank(item, wanted, typed))]
    return [item for _rank_, item in sorted(found, key=lambda pair: -pair[0])]


def _rank(item: ServiceItem, wanted: list[list[str]], typed: str) -> float:
    """0 if some piece is nowhere in the item."""
    if item.code == typed:
        return 10.0
    if not wanted:
        return 0.0
    by_name = [terms.means(words, f"{item.name_zh} {item.name_en}", item.pinyin) for words in wanted]
    about = f"{item.name_zh} {item.approval_zh} {item.department_zh} {item.note_zh}"
    if not all(name or terms.means(words, about) for name, words in zip(by_name, wanted, strict=True)):
        return 0.0
    retained = 0.5 if item.status == "published" else 0.0
    return 1.0 + sum(by_name) + retained


def _buyers(words: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """Buyers whose name holds one of the words."""
    named = Q()
    for word in words:
        if len(word) > 1 and not word.isascii():
            named |= Q(name__finds=terms.tsquery([[word]]))
    if named:
        buyers = Organisation.objects.filter(named, kind__in=[Kind.ENTERPRISE, Kind.DEPARTMENT]).order_by("pk")
        for key, name in buyers.values_list("pk", "name")[:_MOST_BUYERS]:
            yield f"@{key}", name, ""
