"""Chinese text: one normal form, one sort order."""

import unicodedata

from django.db.models import Func, TextField


def clean(text: str) -> str:
    """NFC, no control characters but line breaks, no blanks at the ends. Everything typed by a person goes through here."""
    normal = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in normal if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()


class Pinyin(Func):
    """Sorts Chinese by pinyin without ICU: GB18030 keeps the common characters in pinyin order."""

    template = "convert_to(%(expressions)s, 'GB18030')"
    output_field = TextField()
