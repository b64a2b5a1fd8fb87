"""Reads a record file in pieces, whatever its size: one value after the other, in the order that the format gives."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from journal.verify.broken import Broken

FORMATS = ("case-record/1", "case-record/2")
_PIECE = 1 << 18
_BLANKS = " \t\r\n"


@dataclass
class Seal:
    """What a record says of its sealing before the proofs: the checkpoint's text and the keys it names."""

    checkpoint: Any
    keys: Any


class Reader:
    """The pieces of a record in their order, decoded one entry at a time. `read` counts characters."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = io.TextIOWrapper(source, encoding="utf-8", errors="strict", newline="")
        self._decoder = json.JSONDecoder(object_pairs_hook=without_doubled_names)
        self._fast = json.JSONDecoder()
        self._text, self._at, self.read = "", 0, 0

    def opening(self) -> tuple[str, str]:
        """`(format, case)`; the entries follow."""
        self._expect('{"format":')
        form = self._value()
        if form not in FORMATS:
            raise Broken(None, f"this is no {FORMATS[-1]} file")
        self._expect(',"case":')
        case = self._value()
        if not isinstance(case, str):
            raise Broken(None, "the record does not name its case")
        self._expect(',"entries":')
        return form, case

    def entries(self) -> Iterator[tuple[Any, str]]:
        """Each entry with its text. Names given twice are not looked for: whoever takes the text as it is has to."""
        for value, start in self._items(self._fast):
            yield value, self._text[start : self._at]

    def count(self) -> tuple[Any, Any]:
        """`(seq, head)`, after the entries."""
        self._expect(',"seq":')
        seq = self._value()
        self._expect(',"head":')
        return seq, self._value()

    def ruleset(self) -> Any:
        """What stands behind the count in a record of the second format."""
        self._expect(',"ruleset":')
        return self._value()

    def sealing(self) -> Seal | None:
        """How the record is sealed; the proofs follow if it is."""
        self._expect(',"sealing":')
        if not self._follows("{"):
            if self._value() is not None:
                raise Broken(None, "the sealing is neither an object nor null")
            return None
        self._expect('"checkpoint":')
        checkpoint = self._value()
        self._expect(',"keys":')
        keys = self._value()
        self._expect(',"inclusion":')
        return Seal(checkpoint, keys)

    def proofs(self) -> Iterator[Any]:
        """The proofs of a sealing, one by one, and its end."""
        for value, _start in self._items(self._decoder):
            yield value
        self._expect("}")

    def end(self) -> None:
        """Nothing may follow."""
        self._expect("}")
        while self._at < len(self._text) or self._more():
            if self._text[self._at :].strip():
                raise Broken(None, "something follows the record's end")
            self._at = len(self._text)

    def _items(self, decoder: json.JSONDecoder) -> Iterator[tuple[Any, int]]:
        """The values of a list, each with where its text begins."""
        self._expect("[")
        if self._follows("]"):
            return
        while True:
            yield self._value_at(decoder)
            self._skip_blanks()
            sign = self._text[self._at : self._at + 1]
            if sign not in (",", "]"):
                self._fail(", or ] was expected")
            self._at += 1
            if sign == "]":
                return

    def _follows(self, text: str) -> bool:
        self._skip_blanks()
        found = self._text.startswith(text, self._at)
        if found:
            self._at += len(text)
        return found

    def _expect(self, text: str) -> None:
        for token in _tokens(text):
            self._skip_blanks()
            while len(self._text) - self._at < len(token) and self._more():
                pass
            if not self._text.startswith(token, self._at):
                self._fail(f"{token} was expected")
            self._at += len(token)

    def _value(self) -> Any:
        value, _start = self._value_at(self._decoder)
        return value

    def _value_at(self, decoder: json.JSONDecoder) -> tuple[Any, int]:
        self._skip_blanks()
        while True:
            try:
                value, end = decoder.raw_decode(self._text, self._at)
            except RecursionError as error:
                raise Broken(None, "the file is nested too deeply") from error
            except ValueError as error:
                if not self._more():
                    self._fail(str(error))
                continue
            if end == len(self._text) and self._more():
                continue  # a number may go on in the next piece
            start, self._at = self._at, end
            return value, start

    def _skip_blanks(self) -> None:
        if self._at < len(self._text) and self._text[self._at] not in _BLANKS:
            return
        while True:
            while self._at < len(self._text) and self._text[self._at] in _BLANKS:
                self._at += 1
            if self._at < len(self._text) or not self._more():
                return

    def _more(self) -> bool:
        try:
            piece = self._source.read(_PIECE)
        except UnicodeDecodeError as error:
            raise Broken(None, f"the file is not UTF-8: {error.reason}") from error
        self._text, self._at = self._text[self._at :] + piece, 0
        self.read += len(piece)
        return bool(piece)

    def _fail(self, reason: str) -> None:
        where = self.read - len(self._text) + self._at
        raise Broken(None, f"the file is cut off or no JSON near character {where}: {reason}")


def without_doubled_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A decoder's hook; raises Broken for an object that names a field twice."""
    whole = dict(pairs)
    if len(whole) != len(pairs):
        raise Broken(None, "an object names a field twice")
    return whole


def _tokens(text: str) -> list[str]:
    """The signs and names of a piece of the frame: blanks may stand between them."""
    found, name = [], ""
    for sign in text:
        if sign == '"' and not name:
            name = sign
        elif name:
            name += sign
            if sign == '"':
                found.append(name)
                name = ""
        else:
            found.append(sign)
    return found
