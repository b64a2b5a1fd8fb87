"""Every string that people read is in the English catalogue, complete, with the same places for facts."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from config.environment import ROOT

ENGLISH = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
_PLACES = re.compile(r"%\([a-z_]+\)[sd]|%\([a-z_]+\)\.\df|\{[a-z]+\}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Names of places and fields of work stay Chinese where they are examples of what to type.
_EXAMPLES = ("水利",)


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="en")


def messages() -> list[Message]:
    return [message for message in catalogue(ENGLISH) if message.id]


def texts(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [str(message.string)]


def sources(message: Message) -> list[str]:
    return list(message.id) if isinstance(message.id, tuple | list) else [str(message.id)]


def test_nothing_is_left_untranslated_or_guessed():
    assert [m.id for m in messages() if m.fuzzy or not all(texts(m))] == []


def test_translations_keep_the_places_for_facts():
    for message in messages():
        for text in texts(message):
            assert sorted(_PLACES.findall(text)) == sorted(_PLACES.findall(sources(message)[0])), message.id


def test_no_chinese_is_left_in_english():
    for message in messages():
        for text in texts(message):
            bare = text
            for example in _EXAMPLES:
                bare = bare.replace(example, "")
            assert not _CHINESE.search(bare), text


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="needs gettext")
@pytest.mark.slow
def test_the_catalogue_holds_every_string_of_the_source(tmp_path):
    copy = tmp_path / "project"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "shots", "node_modules", "__pycache__", "docs"))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "makemessages", "--locale", "en", "--no-obsolete"],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    fresh = {str(sources(m)[0]) for m in catalogue(copy / "locale/en/LC_MESSAGES/django.po") if m.id}
    kept = {str(sources(m)[0]) for m in messages()}
    assert fresh - kept == set(), "run `make messages` and translate what is new"
    assert kept - fresh == set(), "run `make messages`: these are used no more"
