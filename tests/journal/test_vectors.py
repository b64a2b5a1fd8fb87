"""docs/vectors/: up to date, complete, and what they say is what the verifier finds (tests/front/test_verify_page.py has the browser)."""

import io
import json
import subprocess
import sys

import pytest

from config.environment import ROOT
from journal.awards import METHODS
from journal.verify import Broken, verify
from tests.vectors.__main__ import FOLDER, made

INDEX = {one["file"]: one["expected"] for one in json.loads((FOLDER / "index.json").read_text())}
SOUND = [name for name in INDEX if not name.startswith("broken-")]


def test_they_are_what_the_platforms_code_makes_today():
    fresh = made()
    assert sorted(fresh) == sorted(path.name for path in FOLDER.glob("*"))
    stale = [name for name, content in fresh.items() if (FOLDER / name).read_bytes() != content]
    assert stale == [], "run `python -m tests.vectors`"


def test_there_is_one_for_every_method():
    methods = {line["method"] for name in SOUND for line in INDEX[name]["lines"] if line["line"] in ("award", "failed")}
    assert methods == set(METHODS)
    assert set(METHODS) <= {name.removesuffix(".json") for name in SOUND}


def test_the_sound_ones_hold_and_the_broken_ones_do_not():
    assert all(INDEX[name]["holds"] == (name in SOUND) for name in INDEX)
    assert {one["area"] for one in INDEX.values() if not one["holds"]} == {
        "form",
        "chain",
        "reveal",
        "draw",
        "ruleset",
        "seal",
        "offers",
        "award",
    }


@pytest.mark.parametrize(
    ("file", "entry", "words"),
    [
        ("broken-byte", 21, "its words and the entry before it give"),
        ("broken-missing", 15, "entries are missing"),
        ("broken-doubled", 15, "entries are missing, doubled or out of order"),
        ("broken-reordered", 15, "out of order"),
        ("broken-from-the-middle", 18, "is not the entry that was sealed"),
        ("broken-winner-sealed", 15, "the rules give 白杨 at 86500.00"),
        ("broken-winner-live", 28, "the rules give 红柳 at 93500.00"),
        ("broken-winner-draw", 22, "the rules give 红柳"),
        ("broken-next-in-rank", 31, "the rules give 青松 at 94000.00"),
        ("broken-bid-above-step", 26, "at most 93500.00 would have passed"),
        ("broken-reveal-name", 15, "does not fit the commitment made at enrolment"),
        ("broken-reveal-price", 14, "does not fit its commitment"),
        ("broken-reveal-nonce", 15, "does not fit its commitment"),
        ("broken-reveal-floor", 28, "does not fit its commitment"),
        ("broken-reveal-marks", 29, "do not fit the commitment"),
        ("broken-draw-order", 21, "another order"),
        ("broken-ruleset", None, "is not the one the request was published under"),
        ("broken-ruleset-left-out", None, "leaves out the rule set"),
        ("broken-signature", None, "forged"),
        ("broken-left-unsealed", 30, "added later, or kept out"),
    ],
)
def test_what_was_done_to_it_is_named_with_its_entry(file, entry, words):
    with pytest.raises(Broken) as broken:
        verify(io.BytesIO((FOLDER / f"{file}.json").read_bytes()))
    assert broken.value.seq == entry
    assert words in broken.value.reason


def test_the_command_tells_of_the_award_or_exits_with_the_first_broken_entry():
    def run(name):
        command = [sys.executable, "-m", "journal.verify", str(FOLDER / name)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    done = run("live.json")
    assert done.returncode == 0
    assert (
        "award: by the rules of live it goes to 青松 at 94000.00, as number 2 in rank, as entry 31 says" in done.stdout
    )
    done = run("broken-winner-average.json")
    assert (done.returncode, done.stdout[:18]) == (1, "BROKEN  entry 26: ")


@pytest.mark.parametrize("name", SOUND)
def test_any_entry_may_be_missing_from_the_end_without_a_crash(name):
    """A record of an unfinished selection is a record too: whatever prefix holds, or is refused with words."""
    from tests.vectors.case import unsealed_record, written

    whole = json.loads((FOLDER / name).read_bytes())
    for until in range(1, len(whole["entries"])):
        report = verify(io.BytesIO(written(unsealed_record(whole["case"], whole["entries"][:until]))))
        assert report.entries == until
