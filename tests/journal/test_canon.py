"""The canonical form is RFC 8785, whichever encoder writes it."""

from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from journal import canon

AT = "2026-11-23T06:05:00.000Z"
NAME = "GS-2026-000123"

flat = st.dictionaries(st.text(max_size=8), st.text(max_size=40), max_size=5)
deep = st.dictionaries(
    st.text(max_size=8), st.text(max_size=20) | st.integers(-(2**53) + 1, 2**53 - 1) | st.lists(flat), max_size=4
)


@given(data=flat | deep, seq=st.integers(1, 2**40))
def test_a_body_is_what_the_standard_s_own_library_writes(data: dict[str, Any], seq: int) -> None:
    entry = {"at": AT, "case": NAME, "data": data, "kind": "bid.placed", "seq": seq}
    assert canon.body(NAME, seq, AT, "bid.placed", data) == rfc8785.dumps(entry)


def test_control_characters_quotes_and_other_scripts_are_written_as_the_standard_says() -> None:
    data = {"label": '\x00\x1f\x7f"\\/\b\f\n\r\t\u2028银杏🌲', "amount": "1.00"}
    entry = {"at": AT, "case": NAME, "data": data, "kind": "bid.placed", "seq": 1}
    assert canon.body(NAME, 1, AT, "bid.placed", data) == rfc8785.dumps(entry)


@pytest.mark.parametrize("data", [{"n": float("nan")}, {"n": 2**60}, {"t": "\ud800"}, {"t": ["\ud800"]}])
def test_what_the_standard_cannot_carry_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        canon.body(NAME, 1, AT, "bid.placed", data)
