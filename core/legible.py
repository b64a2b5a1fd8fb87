"""What a machine can read of a PDF or DOCX: its words and its properties, as far as both are not hidden from machines.

Not a renderer: it finds text to search it for words that may not be there (`core.pdf_text` for what it cannot find).
"""

import html
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from core.pdf_text import MOST, Hidden, TooMuch, authors_of, text_of

__all__ = ["DOCX", "MOST", "PDF", "Hidden", "TooMuch", "authors", "squeezed", "words"]

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TAG = re.compile(r"<[^<>]*>")
_AUTHOR = re.compile(r"<(?:\w+:)?(?:creator|lastModifiedBy)\b[^<>]*>([^<>]*)<")


def words(content: bytes, media_type: str) -> str:
    """All text and properties found, without blanks, compatible forms made one; raises TooMuch or Hidden."""
    found = _of_docx(content) if media_type == DOCX else text_of(content)
    return squeezed("\n".join(found))


def authors(content: bytes, media_type: str) -> set[str]:
    """Who made and last changed the file, as its properties say; raises TooMuch or Hidden."""
    found = _authors_of_docx(content) if media_type == DOCX else authors_of(content)
    return {name for one in found if (name := one.strip())}


def squeezed(text: str) -> str:
    """The text as `words` has it: NFKC, no blanks, no case."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def _of_docx(content: bytes) -> Iterator[str]:
    try:
        archive = zipfile.ZipFile(BytesIO(content))
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > MOST:
            raise TooMuch
        for part in parts:
            yield part.filename
            if part.filename.endswith((".xml", ".rels")):
                with archive.open(part) as packed:
                    text = packed.read(MOST + 1).decode(errors="replace")
                yield html.unescape(_TAG.sub("", text))
                yield html.unescape(text)  # attributes, such as a target or an author of changes
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, EOFError) as error:
        raise Hidden from error


def _authors_of_docx(content: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(BytesIO(content)).open("docProps/core.xml") as packed:
            text = packed.read(MOST + 1).decode(errors="replace")
    except KeyError:
        return []
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, EOFError) as error:
        raise Hidden from error
    return [html.unescape(found) for found in _AUTHOR.findall(text)]
