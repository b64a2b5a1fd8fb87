"""Which refusals an operation may answer with: those that the actions behind it say they raise.

House rule: a public function's docstring names what it raises. What a row calls is read off the row itself, so that the list
follows the code; the fuzzing test finds a code that is answered and not listed.
"""

import dis
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial
from types import CodeType, FunctionType
from typing import Any

from api.reads import Read
from api.verbs import Verb
from core.errors import Refused, every_refusal

_RAISES = re.compile(r"[Rr]aises?\s+((?:[^.]|\.\w)+)\.")
_NAME = re.compile(r"\b[A-Z]\w+")


def codes_of(row: Read | Verb) -> tuple[str, ...]:
    """Codes by the alphabet; a kind of refusal stands for all that are of its kind."""
    kinds: dict[str, list[type[Refused]]] = defaultdict(list)
    for kind in every_refusal():
        for one in kind.__mro__[: kind.__mro__.index(Refused)]:
            kinds[one.__name__].append(kind)
    calls = (row.find,) if isinstance(row, Read) else (row.act, *((row.bind,) if row.bind else ()))
    said = {kind.__name__ for kind in row.refuses}
    said |= {name for call in calls for action in _behind(call, ()) for name in _said(action)}
    return tuple(sorted({kind.code for name in said if name in kinds for kind in kinds[name]}))


def _said(action: Any) -> Iterator[str]:
    for sentence in _RAISES.findall(action.__doc__ or ""):
        yield from _NAME.findall(sentence)


def _behind(call: Any, keys: tuple[str, ...]) -> Iterator[FunctionType]:
    """The functions of the packages below that a row's callable leads to; `keys` choose among doors of a page."""
    if isinstance(call, partial):
        keys = (*keys, *(str(one) for one in call.args if isinstance(one, str)))
        for one in (call.func, *call.args):
            yield from _behind(one, keys) if callable(one) and not isinstance(one, type) else ()
    elif isinstance(call, FunctionType):
        if not call.__module__.startswith("api.table") and ".views." not in call.__module__:
            yield call
            return
        for one in _named(call.__code__, call.__globals__):
            if isinstance(one, Mapping):
                for door in (one[key] for key in keys if key in one and hasattr(one[key], "act")):
                    yield from _behind(door.act, keys)
            elif one is not call:
                yield from _behind(one, keys)


def _named(code: CodeType, known: Mapping[str, Any]) -> Iterator[Any]:
    """What a function's code names: globals, and attributes of those."""
    held: Any = None
    for step in dis.get_instructions(code):
        if step.opname == "LOAD_GLOBAL":
            held = known.get(step.argval)
            yield held
        elif step.opname in ("LOAD_ATTR", "LOAD_METHOD") and held is not None:
            held = getattr(held, step.argval, None)
            yield held
        else:
            held = None
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _named(inner, known)
