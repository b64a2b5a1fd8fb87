"""The policy check on real-looking texts: misses and false alarms are counted, printed, and bounded."""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Kind
from marketplace.policy import Draft, check
from marketplace.rulesets import ruleset

CORPUS: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "policy_corpus.toml").read_text())["text"]
TUNED = [text for text in CORPUS if not text.get("held_out")]
HELD_OUT = [text for text in CORPUS if text.get("held_out")]


def found_in(text: dict[str, Any]) -> set[str]:
    kind = Kind.DEPARTMENT if text.get("department") else Kind.ENTERPRISE
    draft = Draft(kind, {text.get("field", "scope"): text["words"]}, budget_line="2026")
    return {finding.code for finding in check(draft, ruleset())}


def tally(texts: list[dict[str, Any]]) -> Counter[str]:
    counts: Counter[str] = Counter(texts=len(texts), clean=sum(not text["codes"] for text in texts))
    for text in texts:
        found, meant = found_in(text), set(text["codes"])
        counts["findings meant"] += len(meant)
        if meant - found:
            counts["misses"] += len(meant - found)
            print(f"  missed {sorted(meant - found)}: {text['words']}")
        if found - meant:
            counts["false alarms"] += len(found - meant)
            print(f"  false alarm {sorted(found - meant)}: {text['words']}")
    return counts


def test_the_corpus_is_large_and_nearly_half_of_it_is_clean():
    assert len(TUNED) >= 40
    assert 0.4 <= sum(not text["codes"] for text in TUNED) / len(TUNED) <= 0.6


def test_nothing_is_missed_and_nothing_alarmed_on_the_corpus():
    counts = tally(TUNED)
    print("corpus:", dict(counts))
    assert counts["misses"] == 0
    assert counts["false alarms"] == 0


def test_texts_never_used_for_tuning_are_mostly_judged_right():
    counts = tally(HELD_OUT)
    print("held out:", dict(counts))
    assert counts["misses"] <= 2
    assert counts["false alarms"] <= 1


@pytest.mark.parametrize("text", [text for text in TUNED if text["codes"]], ids=lambda text: text["words"][:12])
def test_each_finding_quotes_words_that_stand_in_the_text_and_names_its_clause(text):
    kind = Kind.DEPARTMENT if text.get("department") else Kind.ENTERPRISE
    name = text.get("field", "scope")
    for finding in check(Draft(kind, {name: text["words"]}, budget_line="2026"), ruleset()):
        assert text["words"][finding.start : finding.end] == finding.words
        assert finding.clause.startswith("P")
        assert str(finding.message)
        assert str(finding.fix)
