"""docs/checks.md names tests that exist, and all twenty-five promises."""

import re

from config.environment import ROOT

_ROW = re.compile(r"^\| (\d+) \| .+? \| (.+) \|$", re.MULTILINE)


def test_each_of_the_twenty_five_names_tests_that_exist():
    rows = {int(number): re.findall(r"`([^`]+)`", named) for number, named in _ROW.findall(_table())}
    assert list(rows) == list(range(1, 26))
    for number, named in rows.items():
        assert named, number
        for one in named:
            file, _, name = one.partition("::")
            text = (ROOT / "tests" / file).read_text()
            assert not name or re.search(rf"^(async )?def {name}\(", text, re.MULTILINE), (number, one)


def _table() -> str:
    return (ROOT / "docs" / "checks.md").read_text()
