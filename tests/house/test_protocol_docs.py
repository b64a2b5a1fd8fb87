"""docs/protocol.md says what the code does."""

from config import documents, policy_table
from core.errors import every_refusal
from marketplace import clauses


def test_the_tables_of_kinds_and_refusals_are_up_to_date():
    assert documents.protocol() == documents.PROTOCOL.read_text(), "run `manage.py document`"


def test_every_refusal_has_a_code_of_its_own_a_message_and_a_basis_of_known_form():
    kinds = every_refusal()
    assert len({kind.code for kind in kinds}) == len(kinds)
    for kind in kinds:
        assert kind.code.startswith("E_"), kind
        assert str(kind.message) or kind.__subclasses__(), kind
        assert kind.__doc__, kind
        assert all(clause[0] in "PRI" for clause in kind.basis), kind


def test_the_policy_table_is_up_to_date():
    documents.load_every_package()
    for path, text in policy_table.outputs().items():
        assert path.read_text() == text, f"{path.name}: run `manage.py policy_docs`"


def test_every_clause_that_a_rule_names_is_known():
    known = set(clauses.sayings())
    for kind in every_refusal():
        for clause in kind.basis:
            assert clause in known or clause.startswith("R"), (kind.code, clause)
