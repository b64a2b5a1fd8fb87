"""Frames that many sockets share are the frames that the library would have made for each."""

import pytest
from websockets.frames import Frame, Opcode

from config import frames


@pytest.mark.parametrize("length", [0, 1, 125, 126, 65535, 65536, 70000])
def test_a_frame_is_the_library_s_own(length: int) -> None:
    text = "a" * length
    assert frames._frame(text) == Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


def test_a_frame_counts_bytes_not_letters() -> None:
    text = "竞价" * 40
    assert frames._frame(text) == Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


def test_the_same_text_is_framed_once_and_another_anew() -> None:
    text = "".join(["now ", "¥1"])
    first = frames._frame(text)
    assert frames._frame(text) is first
    assert frames._frame("".join(["now ", "¥2"])) != first
    assert frames._frame(text) == first
