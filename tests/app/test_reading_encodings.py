"""Bytes become characters: what is guessed is said, and can be another."""

import pytest

from app.experiment.reading import decoding, sequence
from app.experiment.reading.notice import Unread
from tests.app.reading import table


@pytest.mark.parametrize(
    ("encoding", "mark", "said"),
    [
        ("utf-8", b"\xef\xbb\xbf", ""),
        ("utf-8", b"", ""),
        ("utf-16-le", b"\xff\xfe", ""),
        ("utf-16-be", b"\xfe\xff", ""),
        ("utf-32-le", b"\xff\xfe\0\0", ""),
        ("utf-16-le", b"", "read as UTF-16, a guess"),
        ("utf-16-be", b"", "read as UTF-16, a guess"),
        ("cp1252", b"", "read as Windows-1252, a guess"),
        ("latin-1", b"", "read as Windows-1252, a guess"),
    ],
)
def test_encodings(encoding: str, mark: bytes, said: str) -> None:
    found, line, _ = table(mark + "größe;y\n1;2\n3;4\n".encode(encoding))
    assert found == [[1, 2], [3, 4]]
    assert said in line


@pytest.mark.parametrize(
    ("encoding", "word", "title"),
    [
        ("cp1251", "время", "Windows-1251"),
        ("koi8_r", "время", "KOI8-R"),
        ("cp1250", "prędkość", "Windows-1250"),
        ("cp932", "時間", "Shift-JIS"),
        ("gb18030", "时间", "GB 18030"),
        ("cp949", "시간", "Windows-949"),
        ("mac_roman", "Größe", "Mac Roman"),
    ],
)
def test_a_guessed_encoding_can_be_another_one_shown_by_a_word(
    encoding: str, word: str, title: str
) -> None:
    content = f"{word};y\n1;2\n3;4\n".encode(encoding)
    opened = sequence.read(content, "a.csv", {})
    assert "It is no UTF-8: read as Windows-1252, a guess." in opened.understood.sentences
    label = f"read as {title}: “{word}”"
    (choice,) = (one for one in opened.understood.choices if one.label == label)
    again = sequence.read(content, "a.csv", {choice.option: choice.value})
    assert f"leave out column {word}" in [one.label for one in again.understood.choices]
    assert f"It is no UTF-8: read as {title}, as you chose." in again.understood.sentences
    assert again.cube == opened.cube
    poem = sequence.read(word.encode(encoding) + b" 1", "poem.txt", {"encoding": encoding})
    assert poem.text == f"{word} 1"


def test_an_encoding_that_does_not_fit_or_is_unknown_is_not_taken() -> None:
    content = "größe;y\n1;2\n3;4\n".encode("cp1252")
    assert table(content, encoding="rot13")[0] == table(content, encoding=["cp932"])[0]
    with pytest.raises(Unread, match="expected Shift-JIS, as you chose, got other") as caught:
        sequence.read(b"\xfc\xfc;y\n1;2\n", "a.csv", {"encoding": "cp932"})
    assert next(one.label for one in caught.value.choices) == "read as Windows-1252: “üü”"
    assert not [label for label in table("größe;y\n1;2\n")[2] if label.startswith("read as")]


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\0\0", b"\0\1\2\3", bytes(range(256))])
def test_other_bytes_are_no_text(content: bytes) -> None:
    with pytest.raises(ValueError, match="expected") as caught:
        sequence.read(content, "a.csv", {})
    assert "\n" not in str(caught.value)


def test_characters_that_cannot_be_shown_are_left_out_and_named() -> None:
    text, said = decoding.cleaned("a\u200bb\x0cc\u2009d\u2028e\ufefff")
    assert text == "abc d\nef"
    assert said == (
        "Left out: 1 × form feed (U+000C), 1 × zero width space (U+200B), "
        "1 × zero width no-break space (U+FEFF).",
        "Read as blanks: 1 × thin space (U+2009).",
    )
