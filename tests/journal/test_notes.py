"""Signed notes and checkpoints as C2SP writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.notes import Checkpoint, Forged, Malformed, Note, Signer, Verifier, sign

# The example of golang.org/x/mod/sumdb/note, the format's first implementation: key, and a note it signed.
KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
NOTE = (
    TEXT + "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
ROOT = bytes(range(32))


def test_the_published_note_is_verified_and_signed_the_same():
    assert Note.read(NOTE).signed_by([Verifier.read(KEY)]) == [Verifier.read(KEY)]
    signer = Signer.read(SECRET)
    assert str(signer.verifier) == KEY
    assert signer.secret() == SECRET
    assert sign(TEXT, [signer]) == NOTE


def test_a_changed_text_is_forged():
    with pytest.raises(Forged, match="forged"):
        Note.read(NOTE.replace("answer", "cause")).signed_by([Verifier.read(KEY)])


def test_a_note_of_unknown_keys_vouches_for_nothing():
    with pytest.raises(Forged, match="no known key"):
        Note.read(NOTE).signed_by([Signer.new("PeterNeumann").verifier])


def test_several_signatures_count_each_for_its_key():
    old, new, stranger = (Signer.new("market.example/log") for _ in range(3))
    note = Note.read(sign("text\n", [old, stranger, new]))
    assert note.signed_by([new.verifier, old.verifier]) == [old.verifier, new.verifier]
    swapped = Note(
        note.text,
        (
            note.signatures[0],
            note.signatures[1],
            note.signatures[2].__class__(
                note.signatures[2].name, note.signatures[2].key_id, note.signatures[0].signature
            ),
        ),
    )
    with pytest.raises(Forged, match="forged"):
        swapped.signed_by([new.verifier, old.verifier])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "x\n\n",
        TEXT,
        NOTE[:-1],
        NOTE.replace("— ", "- "),
        NOTE.replace("x08go/", "x08go"),
        NOTE + "\n",
        NOTE.replace("you", "y\x07u"),
        "x\n\n— a AAAA\n",
    ],
)
def test_what_is_no_note_is_refused(text):
    with pytest.raises(Malformed):
        Note.read(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        KEY[1:],
        KEY.replace("c74f20a3", "c74f20a4"),
        KEY.replace("ARpc", "AhpC"),
        KEY[:-1],
        "a b+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)
def test_what_is_no_key_is_refused(text):
    with pytest.raises(Malformed):
        Verifier.read(text)


def test_a_secret_is_never_shown():
    signer = Signer.new("market.example/log")
    tail = signer.secret().split("+", 4)[-1]
    assert tail not in repr(signer)
    with pytest.raises(Malformed) as refused:
        Signer.read(signer.secret() + "!")
    assert tail not in str(refused.value)
    with pytest.raises(Malformed):
        Signer.new("with blank")


@given(
    st.from_regex(r"[a-z0-9./]+", fullmatch=True),
    st.integers(0, 2**62),
    st.binary(min_size=32, max_size=32),
    st.lists(st.from_regex(r"[a-z]+ [a-z0-9:.-]+", fullmatch=True), max_size=3),
)
def test_a_checkpoint_reads_what_it_wrote(origin, size, root, more):
    made = Checkpoint(origin, size, root, tuple(more))
    assert Checkpoint.read(made.text) == made


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        Checkpoint("a", 1, ROOT).text[:-1],
        Checkpoint("a", 1, ROOT).text + "\n",
        Checkpoint("a", 1, ROOT).text.replace("1", "01"),
        Checkpoint("a", 1, ROOT).text.replace("1", "-1"),
        Checkpoint("a", 1, ROOT[:-1]).text,
        Checkpoint("", 1, ROOT).text,
    ],
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(Malformed):
        Checkpoint.read(text)
