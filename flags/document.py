"""docs/red-flags.md, made from the rules themselves; a test finds it stale."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation import override

from flags.evidence_page import formula_of
from flags.rules import RULES, Rule
from flags.rulesets import CURRENT, flag_rules

PATH = Path(settings.BASE_DIR) / "docs" / "red-flags.md"
_SEVERITY = {0: "hint", 1: "important", 2: "grave"}
_HEAD = """# Red flags (R10)

Made from the rules by `manage.py flag_docs`; numbers of rule set `{ruleset}` (SHA-256 `{sha256}`).

A flag is a lead. It changes no score and blocks no bid, and is public only when confirmed. Its life is
`raised → dismissed | watch | case → confirmed | refuted`; officers look at it within {triage_wd:g} working days. A rule of which
less than {precision:.0%} of at least {reviews:g} judged flags were confirmed is switched off, on record in case file `P`. Peers are the
procurements of one item in one region over {window_days:g} days. Rules see only procurements whose award is published.

Opening prices are sealed offers; first bids of a live auction without sealed offers are no opening prices, because each has to be a
step below the last, whoever bids. For C10 the platform compares keyed hashes, never the facts: registered phones, payment accounts,
plans and their authors, the /24 network (/48 of IPv6) and the browser from which somebody enrolled, sealed a price or sent a plan, and
times of sealed prices. Networks that are not of the public internet and authors that programs write by themselves say nothing. Hashes
are forgotten after a year. Where a bid in a live auction came from is not kept.

Counterparts of eleven indicators of Cardinal run over anybody's OCDS file: `python -m flags FILE.jsonl` (`--help` says more).
"""


def text() -> str:
    """The whole page, in English."""
    numbers = flag_rules()
    head = _HEAD.format(ruleset=numbers.id, sha256=numbers.sha256, **numbers.life)
    with override("en"):
        return "\n".join([head, *(line for rule in RULES.values() for line in _rule(rule))])


def _rule(rule: Rule) -> Iterator[str]:
    with override("zh-hans"):
        chinese = str(rule.name)
    yield f"## {rule.code} {rule.name} ({chinese})"
    yield ""
    yield f"- **Formula**: {formula_of(rule, CURRENT)}"
    yield f"- **Looks at**: one {rule.scope}'s year; {_SEVERITY[rule.severity]}; version {rule.version}"
    yield f"- **Legal ground**: {rule.ground}"
    yield f"- **How to check**: {rule.check}"
    yield f"- **Innocent explanations**: {' '.join(str(one) for one in rule.innocent)}"
    yield ""
