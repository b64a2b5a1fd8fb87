"""Chinese text: one normal form, one sort order, and the initials people type to find it."""

import unicodedata

from django.db.models import Func, TextField
from django.utils.translation import get_language


def clean(text: str) -> str:
    """NFC, no control characters but line breaks, no blanks at the ends. Everything typed by a person goes through here."""
    normal = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in normal if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()


def initials(text: str) -> str:
    """The first letters of the pinyin, lower case, as people type them: 甘肃绿源环境评价 → `gslyhjpj`. ASCII stays as it is."""
    # Its dictionaries take a second to load, which most processes never need.
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415

    letters = lazy_pinyin(text, style=Style.FIRST_LETTER)
    return "".join(c for letter in letters for c in letter.lower() if c.isascii() and c.isalnum())


def in_reader_language(zh: str, en: str) -> str:
    """Of two names for the same thing, the one in the language the page is read in; Chinese if there is no other."""
    return en if en and (get_language() or "").startswith("en") else zh


class Pinyin(Func):
    """Sorts Chinese by pinyin without ICU: GB18030 keeps the common characters in pinyin order.

    The function is the database's own (core/migrations), so that an index may stand on it.
    """

    function = "pinyin_order"
    output_field = TextField()
