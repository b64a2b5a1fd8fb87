"""Every row of R10 has its rule, every rule its words in both languages, and the page about them is true."""

from django.utils.translation import override

import pytest

from flags import document
from flags.evidence_page import formula_of
from flags.rules import RULES, Rule
from flags.rulesets import CURRENT, flag_rules

_ROWS = "C1 C2 C3 C4 C6 C7 C8 C9 C10 C11 B1 B2 B3 B4 B5 B6 B7 B8 B9 B10 D1 D2 X1 X2 X3 X4 R1 R2 R3 R4"


def test_every_row_of_r10_is_a_rule_with_numbers() -> None:
    assert {rule.row for rule in RULES.values()} == set(_ROWS.split())
    assert set(flag_rules().sections) == {*_ROWS.split(), "life"}


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_a_rule_says_in_both_languages_what_it_is(rule: Rule) -> None:
    for text in (rule.name, rule.ground, rule.check, rule.finding, *rule.innocent):
        with override("zh-hans"):
            chinese = str(text)
        with override("en"):
            english = str(text)
        assert chinese
        assert english != chinese, chinese
        assert not any("\u4e00" <= sign <= "\u9fff" for sign in english), english
    for language in ("zh-hans", "en"):
        with override(language):
            assert "%(" not in formula_of(rule, CURRENT), "each place of the formula is a number of the rule set"
    assert rule.innocent, "whoever is flagged may be innocent"


def test_the_page_about_the_rules_is_true() -> None:
    assert document.PATH.read_text() == document.text(), "run manage.py flag_docs"
    assert all(f"## {code} " in document.text() for code in RULES)
