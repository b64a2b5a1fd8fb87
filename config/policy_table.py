"""Which rules and tests hold which clause: read from the code itself, so that the table cannot drift.

A rule names its clauses in `basis` (refusals) or `clause` (policy check). A test names them with
`@pytest.mark.clause("P19.1")` on itself or its module, or, for an invariant, in its name: `test_i7_…`; and
clauses.toml may name tests that hold a clause without saying so.
"""

import ast
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from config.environment import ROOT
from core.errors import every_refusal
from marketplace import clauses
from marketplace.policy import patterns

DOCUMENT = ROOT / "docs" / "policy.md"
_INVARIANT = re.compile(r"test_(i\d+)_")
_CHECK = ROOT / "marketplace" / "policy" / "check.py"
_FINDING = re.compile(r'Finding\(\s*"(P_\w+)",\s*"([PR][\d.]+)"')


def table() -> str:
    """marketplace/data/policy.json as it should be."""
    rules, tests = _rules(), _tests()
    held = {
        name: {"rules": sorted(rules.get(name, set())), "tests": sorted(tests.get(name, set()))}
        for name in clauses.sayings()
    }
    return json.dumps(held, ensure_ascii=False, indent=1) + "\n"


def document() -> str:
    """docs/policy.md as it should be."""
    held = json.loads(table())
    lines = [
        "# Clauses, rules and tests",
        "",
        "Made by `manage.py policy_docs` from the code; a test finds it stale. The page is `/policy/`.",
        "",
        "| clause | says | so the platform | rules | tests |",
        "|---|---|---|---|---|",
    ]
    for name, text in clauses.sayings().items():
        rules = "<br>".join(f"`{rule}`" for rule in held[name]["rules"]) or "–"
        tests = "<br>".join(f"`{test}`" for test in held[name]["tests"]) or "later"
        lines.append(f"| {name} | {text['says']} | {text['so']} | {rules} | {tests} |")
    return "\n".join(lines) + "\n"


def _rules() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    pairs = [(clause, kind.code) for kind in every_refusal() for clause in kind.basis]
    pairs += [(rule.clause, rule.code) for rule in (*patterns.RULES, patterns.FEE_PASSED_ON)]
    pairs += [(clause, code) for code, clause in _FINDING.findall(_CHECK.read_text())]
    for clause, name in pairs:
        found.setdefault(clause, set()).add(name)
    return found


def _tests() -> dict[str, set[str]]:
    """Clause → tests; raises KeyError where clauses.toml names a test that is not there."""
    found: dict[str, set[str]] = {}
    places: dict[str, str] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text())
        for test, names in _named_tests(tree):
            places[test] = f"{path.relative_to(ROOT / 'tests')}::{test}"
            for name in names:
                found.setdefault(name, set()).add(places[test])
    for clause, text in clauses.sayings().items():
        found.setdefault(clause, set()).update(places[test] for test in text.get("tests", ()))
    return found


def _named_tests(tree: ast.Module) -> Iterator[tuple[str, set[str]]]:
    of_module = {name for node in tree.body if isinstance(node, ast.Assign) for name in _marks([node.value])}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            names = of_module | set(_marks(node.decorator_list))
            if invariant := _INVARIANT.match(node.name):
                names.add(invariant[1].upper())
            yield node.name, names


def _marks(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """The arguments of every `pytest.mark.clause(…)` among `nodes`."""
    for node in nodes:
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.clause":
                yield from (str(a.value) for a in call.args if isinstance(a, ast.Constant))


def outputs() -> dict[Path, str]:
    """Both files with what they should hold."""
    return {clauses.TABLE: table(), DOCUMENT: document()}
