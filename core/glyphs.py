"""Which characters the fonts of our documents can show, and what stands for the others.

A tagged PDF may not hold a character without a glyph, and nobody's name or emoji may stop a document. What no font has is
written as its code point, 〔U+1F600〕: it can be read back, and it says that something stood there.
"""

import struct
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn as fonts

FONTS = (fonts.serif_path(), fonts.sans_path())
FONT_VERSION = fonts.__version__
# A variation selector only picks another shape of the character before it.
_SELECTORS = range(0xFE00, 0xFE10)
_WHOLE_OF_UNICODE = 12


def printable(text: str) -> str:
    """`text` with nothing in it that our fonts cannot show; line breaks and tabs stay."""
    return text if text.isascii() and text.isprintable() else "".join(map(_shown, text))


def all_printable(value: Any) -> Any:
    """`printable` for every string within a JSON value."""
    match value:
        case str():
            return printable(value)
        case list():
            return [all_printable(part) for part in value]
        case dict():
            return {name: all_printable(part) for name, part in value.items()}
        case _:
            return value


def _shown(character: str) -> str:
    if character in "\n\t" or ord(character) in _covered():
        return character
    if unicodedata.category(character) in {"Cc", "Cf"} or ord(character) in _SELECTORS:
        return ""
    return f"〔U+{ord(character):04X}〕"


@lru_cache(maxsize=1)
def _covered() -> frozenset[int]:
    """Every code point for which one of the fonts has a glyph and that may be printed."""
    found = {code for path in FONTS for code in code_points(Path(path).read_bytes())}
    return frozenset(code for code in found if unicodedata.category(chr(code)) not in {"Cc", "Cf", "Co", "Cn", "Cs"})


def code_points(font: bytes) -> Iterable[int]:
    """The code points in an OpenType font's `cmap`, subtable format 12 (ISO/IEC 14496-22, 5.2.1)."""
    at = _reader(font)
    (tables,) = at(">H", 4)
    directory = dict(_table(*at(">4sIII", 12 + 16 * place)) for place in range(tables))
    cmap = directory[b"cmap"]
    (subtables,) = at(">H", cmap + 2)
    for place in range(subtables):
        (offset,) = at(">I", cmap + 4 + 8 * place + 4)
        (form,) = at(">H", cmap + offset)
        if form == _WHOLE_OF_UNICODE:
            (groups,) = at(">I", cmap + offset + 12)
            for group in range(groups):
                first, last, _glyph = at(">III", cmap + offset + 16 + 12 * group)
                yield from range(first, last + 1)


def _reader(font: bytes) -> Callable[[str, int], tuple[Any, ...]]:
    return lambda form, offset: struct.unpack_from(form, font, offset)


def _table(tag: bytes, _checksum: int, offset: int, _length: int) -> tuple[bytes, int]:
    return tag, offset
