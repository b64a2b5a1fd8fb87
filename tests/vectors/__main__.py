"""Write docs/vectors/: one record each, and `index.json` with what a verifier has to find."""

import io
import json
from pathlib import Path
from typing import Any

from journal.verify import Broken, verify
from tests.vectors.broken import all_broken
from tests.vectors.case import written
from tests.vectors.methods import all_files

FOLDER = Path(__file__).parents[2] / "docs" / "vectors"


def made() -> dict[str, bytes]:
    """File name → bytes of every vector and of their index."""
    sound = {name: file.record() for name, file in all_files().items()}
    texts = {name: written(record) for name, record in sound.items()} | all_broken(sound)
    index = [{"file": f"{name}.json", "expected": found(text)} for name, text in texts.items()]
    files = {f"{name}.json": text for name, text in texts.items()}
    return {**files, "index.json": json.dumps(index, ensure_ascii=False, indent=1).encode() + b"\n"}


def found(text: bytes) -> dict[str, Any]:
    """What the verifier says: `{"holds": true, "lines"}`, or `{"holds": false, "entry", "area"}`."""
    try:
        return {"holds": True, "lines": verify(io.BytesIO(text)).lines()}
    except Broken as broken:
        return {"holds": False, "entry": broken.seq, "area": broken.area}


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    fresh = made()
    for old in FOLDER.glob("*.json"):
        old.unlink()
    for name, content in fresh.items():
        (FOLDER / name).write_bytes(content)
