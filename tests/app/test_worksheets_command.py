"""The command that writes worksheets: which files it makes, and what it refuses."""

import pytest

from app.listings.worksheets import FORMATS
from scripts import worksheet


@pytest.mark.parametrize("name", FORMATS)
def test_the_command_writes_every_format(name, tmp_path, capsys):
    given = ["--grade", "1", "--seed", "7", "--count", "3", "--format", name]
    assert worksheet.main([*given, "--out", str(tmp_path / "new")]) == 0
    paths = capsys.readouterr().out.split()
    assert len(paths) == (1 if FORMATS[name].all else 3)
    assert sorted(map(str, (tmp_path / "new").iterdir())) == sorted(paths)


def test_files_of_several_sheets_are_in_the_order_of_their_seeds(tmp_path, capsys):
    given = ["--grade", "2", "--seed", "9", "--count", "2", "--format", "latex"]
    assert worksheet.main([*given, "--out", str(tmp_path)]) == 0
    names = [path.rpartition("/")[2] for path in capsys.readouterr().out.split()]
    assert names == sorted(names) == [f"worksheet-one-unit-tanh-{k}.tex" for k in ("09", "10")]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("with", {"worksheet-one-unit-tanh-0.tex": (1, 1)}),
        (
            "apart",
            {"worksheet-one-unit-tanh-0.tex": (1, 0), "worksheet-one-unit-tanh-0-key.tex": (0, 1)},
        ),
        ("none", {"worksheet-one-unit-tanh-0.tex": (1, 0)}),
    ],
)
def test_a_key_stands_on_the_last_page_in_a_file_of_its_own_or_nowhere(key, expected, tmp_path):
    given = ["--grade", "2", "--format", "latex", "--key", key, "--out", str(tmp_path)]
    assert worksheet.main(given) == 0
    texts = {path.name: path.read_text() for path in tmp_path.iterdir()}
    found = {
        name: (text.count(r"\hfill Date"), text.count(r"\bfseries Key: "))
        for name, text in texts.items()
    }
    assert found == expected
    for name, text in texts.items():
        filled = text.count(r"\filled{") - text.count(r"\newcommand{\filled}")
        assert (filled > 0) == bool(expected[name][1])  # no answer in a sheet without its key


def test_the_same_command_writes_the_same_bytes(tmp_path):
    for folder in ("a", "b"):
        given = ["--grade", "2", "--count", "2", "--format", "qti", "--out", str(tmp_path / folder)]
        assert worksheet.main(given) == 0
    one_file, other = (next((tmp_path / folder).iterdir()) for folder in ("a", "b"))
    assert one_file.read_bytes() == other.read_bytes()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--grade", "6"], "grade: expected a whole number from 1 to 5, got 6"),
        (["--grade", "x"], "argument --grade: invalid int value: 'x'"),
        (["--grade", "1", "--seed", "-1"], "seed: expected a whole number"),
        (["--grade", "1", "--count", "0"], "count: expected a whole number from 1 to 1000, got 0"),
        (["--grade", "1", "--key", "x"], "argument --key: invalid choice: 'x'"),
        (["--grade", "1", "--format", "docx"], "argument --format: invalid choice: 'docx'"),
        ([], "the following arguments are required: --grade"),
    ],
)
def test_the_command_refuses_in_one_sentence(given, said, tmp_path, capsys):
    with pytest.raises(SystemExit) as end:
        worksheet.main([*given, "--out", str(tmp_path)])
    assert end.value.code == 2
    message = capsys.readouterr().err
    assert said in message
    assert message.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_into_is_said(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit) as end:
        worksheet.main(["--grade", "1", "--out", str(tmp_path / "file")])
    assert end.value.code == 2
    assert "out: expected a folder" in capsys.readouterr().err
