"""docs/verify.md: its own code, run as it stands there, is a verifier that agrees with ours on every vector."""

import base64
import hashlib
import json
import re

import pytest

from config.environment import ROOT
from tests.vectors.__main__ import FOLDER

TEXT = (ROOT / "docs" / "verify.md").read_text()
INDEX = json.loads((FOLDER / "index.json").read_text())
# It reads a file whole, so it cannot say in which entry a field stands twice or the nesting begins.
READ_WHOLE = {"broken-name-twice.json", "broken-nested.json", "broken-wrong-types.json"}


@pytest.fixture(scope="module")
def written(pytestconfig):
    """The names that the page's code defines, after running all of it in order, the assertions with its numbers too."""
    names: dict = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        for block in re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL):
            exec(compile(block, "docs/verify.md", "exec"), names)
    return names


@pytest.mark.parametrize("one", INDEX, ids=lambda one: one["file"])
def test_the_pages_code_finds_what_the_vector_says(written, one):
    expected, text = one["expected"], (FOLDER / one["file"]).read_bytes()
    if not expected["holds"]:
        with pytest.raises(written["Wrong"]) as wrong:
            written["verify"](text)
        assert one["file"] in READ_WHOLE or wrong.value.entry == expected["entry"], str(wrong.value)
        return
    line = next(line for line in expected["lines"] if line["line"] in ("award", "failed"))
    if line["line"] == "failed":
        assert written["verify"](text) == (None, line["reason"], 0)
    else:
        assert written["verify"](text) == (line["winner"], int(line["amount"].replace(".", "")), line["rank"])


def test_it_asks_for_the_signature_of_the_key_one_knows(written):
    text = (FOLDER / "live.json").read_bytes()
    key = json.loads(text)["sealing"]["keys"][0]
    assert written["verify"](text, [key])
    name, _id, _written = key.split("+", 2)
    other = "AWDIOvVXPxgU4XcyDNqgz4XkE2gEXA6fOR2sgx2jTVP2"
    key_id = hashlib.sha256(name.encode() + b"\n" + base64.b64decode(other)).digest()[:4].hex()
    with pytest.raises(written["Wrong"], match="no known key"):
        written["verify"](text, [f"{name}+{key_id}+{other}"])


def test_it_names_every_vector_it_speaks_of():
    named = set(re.findall(r"`((?:broken-[\w-]+))`", TEXT))
    assert {f"{name}.json" for name in named} <= {one["file"] for one in INDEX}
