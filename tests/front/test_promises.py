"""What every page promises: no inline code, no third party, every sentence of a script in the reader's language."""

import re

import pytest

from bidding.templatetags.replay_parts import replay_texts
from bidding.templatetags.room_parts import room_texts
from config.environment import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))
STYLES = sorted((ROOT / "static" / "css").rglob("*.css"))
_CJK = re.compile(r"[\u4e00-\u9fff]")
_INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son[a-z]+=\"", re.IGNORECASE)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_holds_no_inline_script_or_style(template):
    assert _INLINE.findall(template.read_text()) == []


def test_scripts_say_only_what_the_page_gave_them():
    known = {*room_texts(), *replay_texts()}
    said = {name for script in SCRIPTS for name in re.findall(r"texts\.(\w+)", script.read_text())}
    assert said <= known
    assert known - said <= {"good", "slow", "connecting", "reconnecting", "down"}, "a sentence that nobody says"


def test_no_style_or_script_names_another_host():
    for file in [*SCRIPTS, *STYLES]:
        found = set(re.findall(r"https?://[\w.]+", file.read_text())) - {"http://www.w3.org"}
        assert not found, file


def test_scripts_know_chinese_only_as_commands():
    for script in SCRIPTS:
        lines = [line for line in script.read_text().splitlines() if _CJK.search(line) and not line.startswith("//")]
        assert all(script.name == "commands.js" or "（" in line for line in lines), script


def test_every_style_sheet_and_script_is_short_enough_to_read():
    for file in [*SCRIPTS, *STYLES]:
        assert len(file.read_text().splitlines()) < 700, file
