"""The text and properties of a PDF, as far as a machine finds them: enough to search it for words, not to render it.

Text in fonts without a table of their characters, and text drawn as pictures, is not found. Nothing here trusts the file:
no more than `MOST` bytes are ever unpacked.
"""

import html
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

MOST = 64 * 1024 * 1024

_STREAM = re.compile(rb"\bstream\r?\n")
_OBJECT = re.compile(rb"\b(\d{1,10}) \d{1,5} obj\b")
_STRING = rb"\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f\s]*>"
_STRINGS = re.compile(_STRING, re.DOTALL)
_TOKENS = re.compile(
    rb"/ActualText\s*(?P<actual>" + _STRING + rb")|(?P<end>\bEMC\b)|/(?P<font>[^\s/<>\[\]()]+)\s+[-.\d]+\s+Tf"
    rb"|(?P<string>" + _STRING + rb")",
    re.DOTALL,
)
_AUTHOR = re.compile(rb"/Author\s*(" + _STRING + rb")", re.DOTALL)
_CREATOR = re.compile(r"<dc:creator>(.*?)</dc:creator>", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r?\n|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_CHARS, _RANGES = re.compile(rb"beginbfchar"), re.compile(rb"beginbfrange")
_PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f\s]+)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f\s]+)>|\[([^\]]*)\])")
_TO_UNICODE = re.compile(rb"/ToUnicode\s+(\d+)\s+\d+\s+R")
_NAMED = re.compile(rb"/([^\s/<>\[\]()]+)\s+(\d+)\s+\d+\s+R")
_TAG = re.compile(r"<[^<>]*>")
_NO_TEXT = (b"/Image", b"/FontFile", b"/Length1", b"/Length3", b"/CIDFontType0C", b"/OpenType")
_MOST_VARIANTS = 4

Table = tuple[int, dict[int, str]]


class TooMuch(ValueError):
    """Unpacked, the file has more than `MOST` bytes."""


class Hidden(ValueError):
    """The file is encrypted, or no file of its kind: nothing of it can be read."""


@dataclass
class _Parts:
    """What a file is made of: objects' own words, unpacked streams, and which of them belong together."""

    plain: bytes
    streams: dict[int, bytes] = field(default_factory=dict)
    objects: dict[int, bytes] = field(default_factory=dict)

    def tables(self) -> dict[bytes, list[Table]]:
        """Font name, as content streams say it, → the tables of the fonts of that name; several pages may differ."""
        of_font = {}
        for number, words in self.objects.items():
            if (match := _TO_UNICODE.search(words)) and (table := _table(self.streams.get(int(match[1]), b""))):
                of_font[number] = table
        named: dict[bytes, dict[int, Table]] = defaultdict(dict)
        for words in self.objects.values():
            for name, number in _NAMED.findall(words):
                if int(number) in of_font:
                    named[name][int(number)] = of_font[int(number)]
        return {name: list(found.values()) for name, found in named.items()}


def text_of(content: bytes) -> Iterator[str]:
    """Properties, and the text of every content stream in the order it is drawn; raises TooMuch or Hidden."""
    parts = _taken_apart(content)
    tables = parts.tables()
    variants = min(max(map(len, tables.values()), default=1), _MOST_VARIANTS)
    yield from _plain(parts.plain)
    for stream in parts.streams.values():
        if b"begincmap" in stream:
            continue
        if b"<x:xmpmeta" in stream or b"<rdf:" in stream:
            yield html.unescape(_TAG.sub("", stream.decode(errors="replace")))
        yield from _plain(stream)
        if re.search(rb"\bT[jJ]\b", stream):
            for variant in range(variants):
                yield "".join(_drawn(stream, tables, variant))


def authors_of(content: bytes) -> list[str]:
    """The author in the file's information and in its metadata; raises TooMuch or Hidden."""
    parts = _taken_apart(content)
    found = [_decoded(_bytes(one)) for one in _AUTHOR.findall(parts.plain)]
    for stream in parts.streams.values():
        if b"<x:xmpmeta" in stream or b"<rdf:" in stream:
            told = _CREATOR.findall(stream.decode(errors="replace"))
            found += [html.unescape(_TAG.sub("", one)) for one in told]
    return found


def _taken_apart(content: bytes) -> _Parts:
    if not content.startswith(b"%PDF-") or re.search(rb"/Encrypt\b", content):
        raise Hidden
    parts, left = _Parts(b""), MOST
    for match, body in _between(content, _OBJECT, b"endobj"):
        number = int(match[1])
        packed = next(_between(body, _STREAM, b"endstream"), None)
        head = body[: packed[0].start()] if packed else body
        parts.objects[number] = head
        if packed is None or any(word in head for word in _NO_TEXT):
            continue
        stream = _unpacked(head, packed[1], left)
        left -= len(stream)
        if left < 0:
            raise TooMuch
        parts.streams[number] = stream
        if b"/ObjStm" in head:
            parts.objects |= _within(head, stream)
    parts.plain = b"\n".join(parts.objects.values())
    return parts


def _between(content: bytes, begin: re.Pattern[bytes], end: bytes) -> Iterator[tuple[re.Match[bytes], bytes]]:
    """Each beginning, and what comes after it up to its end; in one pass, whatever the file is made of."""
    at = 0
    while (match := begin.search(content, at)) is not None:
        stop = content.find(end, match.end())
        if stop < 0:
            return
        yield match, content[match.end() : stop]
        at = stop + len(end)


def _unpacked(head: bytes, stream: bytes, most: int) -> bytes:
    if b"FlateDecode" not in head and b"/Fl" not in head:
        return stream
    try:
        return zlib.decompressobj().decompress(stream, most + 1)
    except zlib.error:
        return b""


def _within(head: bytes, stream: bytes) -> dict[int, bytes]:
    """The objects that a stream of objects holds."""
    first = re.search(rb"/First\s+(\d+)", head)
    start = int(first[1]) if first else 0
    numbers = [int(one) for one in re.findall(rb"\d+", stream[:start])]
    places = list(zip(numbers[::2], numbers[1::2], strict=False))
    ends = [offset for _number, offset in places[1:]] + [len(stream)]
    return {number: stream[start + at : start + end] for (number, at), end in zip(places, ends, strict=True)}


def _plain(stream: bytes) -> Iterator[str]:
    """Strings that say their characters themselves: properties, and text in simple fonts."""
    found = [_decoded(_bytes(match[0])) for match in _STRINGS.finditer(stream)]
    yield "\n".join(found)
    yield "".join(found)


def _drawn(stream: bytes, tables: Mapping[bytes, list[Table]], variant: int) -> Iterator[str]:
    """The text of a content stream by the tables of the fonts it names; where it says its text itself, that."""
    table: Table | None = None
    said = False
    for token in _TOKENS.finditer(stream):
        if token["font"] is not None:
            found = tables.get(token["font"], [])
            table = found[variant % len(found)] if found else None
        elif token["actual"] is not None:
            said = True
            yield _decoded(_bytes(token["actual"]))
        elif token["end"] is not None:
            said = False
        elif not said:
            string = _bytes(token["string"])
            yield _decoded(string) if table is None else _mapped(string, table)


def _bytes(written: bytes) -> bytes:
    if written.startswith(b"<"):
        digits = re.sub(rb"\s", b"", written[1:-1]).decode()
        return bytes.fromhex(digits + "0" * (len(digits) % 2))
    return _ESCAPE.sub(_unescaped, written[1:-1])


def _unescaped(match: re.Match[bytes]) -> bytes:
    escaped = match[1]
    if escaped[:1].isdigit():
        return bytes([int(escaped, 8) & 0xFF])
    return b"" if escaped.strip(b"\r\n") == b"" else _ESCAPED.get(escaped, escaped)


def _decoded(string: bytes) -> str:
    if string.startswith(b"\xfe\xff"):
        return string[2:].decode("utf-16-be", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return string.decode(encoding)
        except UnicodeDecodeError:
            continue
    return string.decode("latin-1")


def _table(stream: bytes) -> Table | None:
    """A font's table from codes to characters, and how many bytes a code has; None for any other stream."""
    if b"begincmap" not in stream:
        return None
    width, chars = 1, dict[int, str]()
    for _begin, block in _between(stream, _CHARS, b"endbfchar"):
        for code, target in _PAIR.findall(block):
            width = max(width, len(code) // 2)
            chars[int(code, 16)] = _target(target)
    for _begin, block in _between(stream, _RANGES, b"endbfrange"):
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
