"""The browser for the tests: found, else installed, else said in one line."""

import pytest

from tests.plumbing import chromium


@pytest.fixture
def bare_machine(monkeypatch, tmp_path):
    """Nothing named Chromium anywhere, and no way to install one."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(chromium, "_PLACES", ())
    monkeypatch.setattr(chromium, "_playwrights_own", lambda: None)
    monkeypatch.setattr(chromium, "_try", lambda *_command, **_environment: None)
    return tmp_path


def test_a_chromium_on_the_path_is_used(bare_machine):
    program = bare_machine / "chromium"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert chromium.find() == str(program)


@pytest.mark.parametrize(("required", "verdict"), [("1", 1), ("", 0)])
def test_a_missing_one_is_said_in_one_line_and_fails_only_if_required(
    bare_machine, monkeypatch, capsys, required, verdict
):
    monkeypatch.setenv(chromium.REQUIRED, required)
    assert chromium.main() == verdict
    assert capsys.readouterr().out.splitlines()[-1] == chromium.MISSING
