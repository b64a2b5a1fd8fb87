"""docs/protocol.md says what the code does."""

from config import documents
from core.errors import every_refusal


def test_the_tables_of_kinds_and_refusals_are_up_to_date():
    assert documents.protocol() == documents.PROTOCOL.read_text(), "run `manage.py document`"


def test_every_refusal_has_a_code_of_its_own_a_message_and_a_basis_of_known_form():
    kinds = every_refusal()
    assert len({kind.code for kind in kinds}) == len(kinds)
    for kind in kinds:
        assert kind.code.startswith("E_"), kind
        assert str(kind.message), kind
        assert kind.__doc__, kind
        assert all(clause[0] in "PRI" for clause in kind.basis), kind
