"""The command: what it says of files, when it refuses, and what it hands to the page."""

import os
import socket
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.experiment import link, presets
from app.server import handed
from app.server.handed import File, Files, Hand
from tests.conftest import ROOT
from unrolled import __version__, cli, described, home, serve

CASES = ROOT / "tests" / "app" / "cases"
TABLE = b"day,rain,sun\n1,3.5,0\n2,4,1.5\n3,2,0\n"


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Hand:
    """A hand of this test alone."""
    made = Hand()
    monkeypatch.setattr(handed, "HAND", made)
    return made


def weights(inputs: int = 2, hidden: int = 3) -> bytes:
    """Return the weights of an Elman network, as `.npz`."""
    file = BytesIO()
    shapes = {"W_xh": (hidden, inputs), "W_hh": (hidden, hidden), "b_h": (hidden,)}
    shapes |= {"W_hy": (1, hidden), "b_y": (1,)}
    np.savez(file, **{name: np.full(shape, 0.25) for name, shape in shapes.items()})  # type: ignore[arg-type]
    return file.getvalue()


def refusal(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    """Run a line that is refused; return its one sentence."""
    try:
        code = cli.main([str(word) for word in words])
    except SystemExit as end:
        code = end.code  # type: ignore[assignment]
    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert said.err.count("\n") == 1
    return said.err.strip()


def test_a_file_is_told_with_its_sizes_names_and_first_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, network = tmp_path / "rain.csv", tmp_path / "w.npz"
    table.write_bytes(TABLE)
    network.write_bytes(weights())
    assert cli.main(["read", str(table), str(network), str(CASES / "own.jsonl")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:7] == [
        "rain.csv: a sequence, T = 3 steps, B = 1 sequence, D = 3 inputs",
        "  3 columns, 3 rows.",
        "  Title row left out.",
        "  Column “day” is an index: used as an input.",
        "  step 1            1         3.5           0",
        "  step 2            2           4         1.5",
        "  step 3            3           2           0",
    ]
    assert "  or --option 'leave_out=[1]': leave out column day" in lines
    assert "w.npz: weights, D = 2 inputs, H = 3 hidden units, K = 1 output" in lines
    assert "  W_hh (3, 3) begins         0.25        0.25        0.25        0.25" in lines
    assert lines[-1] == "  first answers              'up'      'down'"


def test_an_option_that_was_offered_reads_the_file_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "rain.csv"
    table.write_bytes(TABLE)
    assert cli.main(["read", str(table), "--option", "leave_out=[1]"]) == 0
    assert "  step 2            4         1.5" in capsys.readouterr().out.splitlines()


def test_an_option_that_makes_no_difference_is_said_to_make_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "rain.csv"
    table.write_bytes(TABLE)
    options = ["leave_ot=[1]", "grouped=x", "leave_out=[1]"]
    words = [word for option in options for word in ("--option", option)]
    assert cli.main(["read", str(table), *words]) == 0
    idle = [line for line in capsys.readouterr().out.splitlines() if "changes nothing" in line]
    assert idle == [
        "  Option leave_ot=[1] changes nothing here.",
        '  Option grouped="x" changes nothing here.',
    ]


def test_what_a_file_holds_cannot_command_the_terminal() -> None:
    result = {"kind": "text", "T": 1, "notices": ["Column “\x1b[2J” left out."], "choices": []}
    shown = described.described("a\x07b", result, [("it begins", ["\x1b]0;x\n"])])
    assert all(line.isprintable() for line in shown.split("\n"))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["gone.csv"], "unrolled: gone.csv: no such file or directory"),
        (["read", "gone.csv"], "unrolled read: gone.csv: no such file or directory"),
        (["lesson", "gone.md"], "unrolled lesson: gone.md: no such file or directory"),
        (["read", ROOT], "is a directory"),
        (["read", ROOT.anchor], f"unrolled read: {ROOT.anchor}: is a directory"),
        (["lesson", CASES / "own-tab.csv"], "expected a first line “# Title”, got none"),
        ([CASES / "own-tab.csv", CASES / "own-cr.csv"], "got own-tab.csv and own-cr.csv"),
        ([ROOT / "docs/pictures/player.png"], "unrolled: player.png: expected .csv"),
        (["--port", "0"], "port: expected a number from 1 to 65535, got 0"),
        (["--port", "x"], "invalid int value: 'x'"),
        (["--host", "nowhere.invalid"], "expected a name or an address of this machine"),
        (["--host", "192.0.2.1"], "expected a name or an address of this machine"),
        (["--host", "a..b"], "expected a name or an address of this machine, got 'a..b'"),
        (["--allowed-hosts", "a/b"], "expected hosts such as lab.example.org, got 'a/b'"),
        (["--scheduler", "x"], "expected tcp://host:port, got 'x'"),
        (["worksheet", "--grade", "99", "--out", "x"], "grade: expected"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_code_2(
    words: list[object], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sentence in refusal(capsys, *words)


def test_a_name_that_is_no_text_is_shown_without_what_cannot_be(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\x1b.csv"))
    path.write_bytes(TABLE)
    data = serve.files_of([path]).data
    assert data is not None
    assert data.name == "\N{REPLACEMENT CHARACTER}" * 2 + ".csv"
    assert data.content == TABLE


def test_version_and_help_need_no_package(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(home, "find_spec", lambda name: None if name == "streamlit" else name)
    for option in ("--version", "--help"):
        with pytest.raises(SystemExit) as end:
            cli.main([option])
        assert end.value.code == 0
    said = capsys.readouterr().out
    assert said.startswith(f"unrolled {__version__}\n")
    assert "unrolled read FILE" in said
    assert refusal(capsys) == "unrolled: the app needs streamlit: pip install -r requirements.txt"
    assert "the app needs streamlit" in refusal(capsys, "read", "x")


def test_a_port_in_use_leads_to_the_next_that_is_free() -> None:
    with socket.create_server(("localhost", 0)) as taken:
        port = taken.getsockname()[1]
        assert serve.free_port("localhost", port) == serve.free_port("localhost", port + 1) > port
        with pytest.raises(ValueError, match="port: expected a free one"):
            serve.free_port("localhost", port, count=1)


def test_files_are_handed_once_and_to_their_secret_alone() -> None:
    hand, files = Hand(), Files(File("a.csv", b"1"))
    assert hand.query() == ""
    hand.hold_out(files)
    name, _, secret = hand.query().removeprefix("?").partition("=")
    assert (name, len(secret) >= 20) == ("files", True)
    for wrong in ("", "é", secret[:-1], secret + "x"):
        with pytest.raises(ValueError, match="expected the address that was printed"):
            hand.take(wrong)
    assert hand.take(secret) is files
    assert hand.query() == ""
    with pytest.raises(ValueError, match="expected the address that was printed"):
        hand.take(secret)


def page(hand: Hand, files: Files | None = None) -> AppTest:
    """Return the front page as the printed address opens it."""
    if files is not None:
        hand.hold_out(files)
    app = AppTest.from_file(ROOT / "app" / "main.py", default_timeout=60)
    app.query_params["files"] = hand.query().partition("=")[2] or "spent"
    return app.run()


def experiment(app: AppTest) -> Any:
    return link.decode(app.query_params["e"])


def test_the_page_opens_data_and_weights_and_says_what_it_made_of_them(hand: Hand) -> None:
    app = page(hand, Files(File("rain.csv", TABLE), File("w.npz", weights())))
    shown = experiment(app)
    assert not app.exception
    assert not app.error
    assert shown.sizes == (3, 1, 2, 3, 1)
    assert shown.title == "w"
    np.testing.assert_array_equal(shown.x()[:, 0], [[3.5, 0], [4, 1.5], [2, 0]])  # but the index
    np.testing.assert_array_equal(shown.parameters().W_hh, np.full((3, 3), 0.25))
    (said,) = [info.value for info in app.info]
    for sentence in ("From rain.csv.", "Title row left out.", "x had 3 inputs: cut to 2."):
        assert sentence in said
    assert "files" not in app.query_params
    assert app.run().error == []
    other = page(hand)
    assert experiment(other) == presets.default()
    assert "expected the address that was printed" in other.error[0].value
    assert "files" not in other.query_params


def test_the_page_offers_the_ways_on_for_what_it_cannot_read_as_it_is(hand: Hand) -> None:
    app = page(hand, Files(File("notes.toml", b"[project]\nname = 'x'\n")))
    assert experiment(app) == presets.default()
    assert "notes.toml: expected numbers in closed brackets" in app.error[0].value


def test_the_page_opens_a_lesson(hand: Hand) -> None:
    content = (ROOT / "assets" / "lessons" / "tour.md").read_bytes()
    app = page(hand, Files(lesson=File("tour.md", content)))
    assert not app.exception
    assert experiment(app) == presets.PRESETS["by_hand"].experiment
    assert app.query_params["scene"] == "1"
    assert "files" not in app.query_params


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A process in which the app was never imported, beside an `app` of somebody else."""
    before = {name: sys.modules[name] for name in sys.modules if name.partition(".")[0] == "app"}
    for name in before:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.setattr(home, "_put_aside", {})
    (tmp_path / "app.py").write_text("OURS = False\n", encoding="utf-8")
    yield tmp_path
    for name in [*sys.modules]:
        if name.partition(".")[0] == "app":
            del sys.modules[name]
    sys.modules.update(before)


def test_the_app_is_found_without_hiding_an_app_of_somebody_else(elsewhere: Path) -> None:
    import app as theirs

    path = [*sys.path]
    with home.the_app():
        from app.experiment import link as first
    with home.the_app():
        from app.experiment import link as second
    assert first is second
    assert Path(str(first.__file__)).is_relative_to(home.HOME)
    assert sys.modules["app"] is theirs
    assert "app.experiment" not in sys.modules
    assert sys.path == path
    assert isinstance(theirs, ModuleType)
    assert Path(str(theirs.__file__)).parent == elsewhere
