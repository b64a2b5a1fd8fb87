"""A template and its data in, the bytes of a tagged PDF out. The same in gives the same out; no database, no network.

Templates lie in `templates/pdf`. They read their data as JSON, so what people wrote is text there and never code.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from django.conf import settings

import rfc8785
import typst

from core.clock import BEIJING, from_rfc3339
from core.glyphs import FONT_VERSION, FONTS, all_printable

FOLDER = Path(settings.BASE_DIR) / "templates" / "pdf"
_USED = re.compile(rb'#(?:import|include)\s+"([^"@]+\.typ)"')
_ENGINE = f"typst {version('typst')} fonts {FONT_VERSION}".encode()
_PLAIN_NAME = re.compile(r"[a-z][a-z_]*")


def fingerprint(template: str, data: Mapping[str, Any]) -> str:
    """What decides the bytes, hashed (64 hex): the template and all it imports, the data, the typesetter, its fonts."""
    digest = hashlib.sha256()
    for part in (
        _ENGINE,
        *_sources(_path(template)),
        _canonical(data),
    ):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """PDF/UA-1. `data["generated_at"]` (RFC 3339) is the document's date; raises typst.TypstError."""
    return _set(template, data, "pdf")[0]


def pages(template: str, data: Mapping[str, Any], ppi: float = 96) -> list[bytes]:
    """The same document's pages as PNG, for looking at it."""
    return _set(template, data, "png", ppi)


def _set(template: str, data: Mapping[str, Any], form: Literal["pdf", "png"], ppi: float | None = None) -> list[bytes]:
    moment = from_rfc3339(data["generated_at"])
    compiler = typst.Compiler(
        str(_path(template)), root=str(FOLDER), font_paths=_fonts(), sys_inputs=_inputs(data, moment)
    )
    made = compiler.compile(
        format=form, ppi=ppi, pdf_standards=["ua-1"] if form == "pdf" else [], timestamp=int(moment.timestamp())
    )
    assert made is not None, "without a file to write to, the bytes are returned"
    return made if isinstance(made, list) else [made]


def _inputs(data: Mapping[str, Any], moment: datetime) -> dict[str, str]:
    return {
        "data": json.dumps(all_printable(dict(data)), ensure_ascii=False),
        "moment": moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S"),
    }


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Ours alone, wherever it runs: neither the machine's nor the typesetter's own."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=sorted({str(Path(path).parent) for path in FONTS}),
    )


def _path(template: str) -> Path:
    path = FOLDER / f"{template}.typ"
    if not _PLAIN_NAME.fullmatch(template) or not path.is_file():
        raise LookupError(f"no document template named {template!r}")
    return path


def _sources(path: Path) -> list[bytes]:
    """The template's bytes, then those of what it imports, each once."""
    waiting, seen, found = [path], {path}, []
    while waiting:
        source = waiting.pop(0).read_bytes()
        found.append(source)
        used = [FOLDER / name.decode().removeprefix("/") for name in _USED.findall(source)]
        waiting += [other for other in dict.fromkeys(used) if other not in seen]
        seen.update(used)
    return found


def _canonical(data: Mapping[str, Any]) -> bytes:
    canonical: bytes = rfc8785.dumps(dict(data))
    return canonical
