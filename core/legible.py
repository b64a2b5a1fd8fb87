"""What a machine can read of a PDF or DOCX: its words and its properties, as far as both are not hidden from machines.

Not a renderer: it finds text to search it for words that may not be there. Text drawn as a picture, or by glyphs without a
table of their characters, is not found. Nothing here trusts the file: no more than `MOST` bytes are ever unpacked.
"""

import html
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST = 64 * 1024 * 1024

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
_LITERAL = re.compile(rb"\((?:[^()\\]|\\.)*\)|<([0-9A-Fa-f\s]*)>", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r?\n|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_CHARS = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_RANGES = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL)
_PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f\s]+)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f\s]+)>|\[([^\]]*)\])")
_TAG = re.compile(r"<[^>]*>")
_PICTURE = (b"/Image", b"/FontFile", b"/Length1", b"/Length3")


class TooMuch(ValueError):
    """Unpacked, the file has more than `MOST` bytes."""


class Hidden(ValueError):
    """The file is encrypted, or no file of its kind: nothing of it can be read."""


def words(content: bytes, media_type: str) -> str:
    """All text and properties found, without blanks, compatible forms made one; raises TooMuch or Hidden.

    A PDF's text comes once for each of its fonts' character tables, so some of it is gibberish and none is missing.
    """
    found = _of_docx(content) if media_type == DOCX else _of_pdf(content)
    return squeezed("\n".join(found))


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


def _of_pdf(content: bytes) -> Iterator[str]:
    if not content.startswith(b"%PDF-") or re.search(rb"/Encrypt\b", content):
        raise Hidden
    streams = list(_streams(content))
    tables = [table for table in map(_table, streams) if table]
    yield from _plain(_STREAM.sub(b"", content))
    for stream in streams:
        if b"begincmap" in stream:
            continue
        if b"<x:xmpmeta" in stream or b"<rdf:" in stream:
            yield html.unescape(_TAG.sub("", stream.decode(errors="replace")))
        yield from _plain(stream)
        if re.search(rb"\bT[jJ]\b|'", stream):
            for table in tables:
                yield "".join(_mapped(string, table) for string in _strings(stream))


def _streams(content: bytes) -> Iterator[bytes]:
    """Every stream that may hold text, unpacked where it is packed the usual way."""
    left = MOST
    for match in _STREAM.finditer(content):
        head = content[max(0, match.start() - 600) : match.start()].rpartition(b"obj")[2]
        if any(word in head for word in _PICTURE):
            continue
        stream = match[1]
        if b"FlateDecode" in head or b"/Fl " in head:
            try:
                stream = zlib.decompressobj().decompress(stream, left + 1)
            except zlib.error:
                continue
        left -= len(stream)
        if left < 0:
            raise TooMuch
        yield stream


def _plain(stream: bytes) -> Iterator[str]:
    """Strings that say their characters themselves: properties, and text in simple fonts."""
    found = [_decoded(string) for string in _strings(stream)]
    yield "\n".join(found)
    yield "".join(found)


def _decoded(string: bytes) -> str:
    if string.startswith(b"\xfe\xff"):
        return string[2:].decode("utf-16-be", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return string.decode(encoding)
        except UnicodeDecodeError:
            continue
    return string.decode("latin-1")


def _strings(stream: bytes) -> Iterator[bytes]:
    for match in _LITERAL.finditer(stream):
        if match[1] is not None:
            digits = re.sub(rb"\s", b"", match[1]).decode()
            yield bytes.fromhex(digits + "0" * (len(digits) % 2))
        else:
            yield _ESCAPE.sub(_unescaped, match[0][1:-1])


def _unescaped(match: re.Match[bytes]) -> bytes:
    escaped = match[1]
    if escaped[:1].isdigit():
        return bytes([int(escaped, 8) & 0xFF])
    return b"" if escaped.strip(b"\r\n") == b"" else _ESCAPED.get(escaped, escaped)


Table = tuple[int, dict[int, str]]


def _table(stream: bytes) -> Table | None:
    """A font's table from codes to characters, and how many bytes a code has; None for any other stream."""
    if b"begincmap" not in stream:
        return None
    width, chars = 1, dict[int, str]()
    for block in _CHARS.findall(stream):
        for code, target in _PAIR.findall(block):
            width = max(width, len(code) // 2)
            chars[int(code, 16)] = _target(target)
    for block in _RANGES.findall(stream):
        for first, last, target, listed in _RANGE.findall(block):
            width = max(width, len(first) // 2)
            chars |= _run(int(first, 16), int(last, 16), target, listed)
    return width, chars


def _run(first: int, last: int, target: bytes, listed: bytes) -> dict[int, str]:
    last = min(last, first + 0xFFFF)
    if listed:
        targets = re.findall(rb"<([0-9A-Fa-f\s]+)>", listed)
        return {first + n: _target(one) for n, one in enumerate(targets[: last - first + 1])}
    start = _target(target)
    if not start:
        return {}
    return {
        code: start[:-1] + chr(ord(start[-1]) + code - first)
        for code in range(first, last + 1)
        if ord(start[-1]) + code - first < 0x110000
    }


def _target(digits: bytes) -> str:
    text = re.sub(rb"\s", b"", digits).decode()
    return bytes.fromhex(text + "0" * (len(text) % 2)).decode("utf-16-be", errors="replace")


def _mapped(string: bytes, table: Table) -> str:
    width, chars = table
    codes = (int.from_bytes(string[at : at + width]) for at in range(0, len(string), width))
    return "".join(chars.get(code, "\ufffd") for code in codes)
