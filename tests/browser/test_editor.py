"""The sidebar's controls in a real browser; the address tells which experiment Python holds."""

import json
import pickle
import re
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import torch
from playwright.sync_api import FilePayload, Locator, Page, expect
from safetensors.torch import save as save_torch

from app.experiment import changes, link, presets, sequences, weights_file
from app.experiment.value import Experiment
from tests.browser import steps
from tests.experiments import six_steps

PATIENCE_S = 15
HOSTILE = "</script><img src=x onerror=alert(1)>"


def held(page: Page) -> Experiment | None:
    """Return the experiment in the address."""
    token = parse_qs(urlsplit(page.url).query).get("e")
    return link.decode(token[0]) if token else None


def becomes(page: Page, wanted: Experiment) -> None:
    """Wait until the address holds the experiment."""
    until = time.monotonic() + PATIENCE_S
    while held(page) != wanted and time.monotonic() < until:
        page.wait_for_timeout(50)
    assert held(page) == wanted


def cell(page: Page, name: str) -> Locator:
    return page.get_by_label(name, exact=True)


def choose(page: Page, preset: str) -> Experiment:
    experiment = presets.PRESETS[preset].experiment
    cell(page, "Experiment").select_option(preset)
    becomes(page, experiment)
    steps.settled(page)
    return experiment


def paste(page: Page, name: str, text: str) -> None:
    """Paste into a cell as the clipboard would."""
    cell(page, name).click()
    cell(page, name).evaluate(
        """(input, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            const bubbles = { bubbles: true, cancelable: true };
            input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, ...bubbles }));
        }""",
        text,
    )


def upload(page: Page, name: str, content: bytes) -> None:
    file = FilePayload(name=name, mimeType="text/plain", buffer=content)
    cell(page, "File to open").set_input_files([file])


def drop(page: Page, section: str, name: str, content: bytes) -> None:
    """Drag a file over a section of the sidebar, see that it would be taken, and let go."""
    zone = page.locator("details.ur-e-zone").filter(has=page.locator("summary", has_text=section))
    summary = zone.locator("summary")
    files = page.evaluate_handle(
        """([name, content]) => {
            const files = new DataTransfer();
            files.items.add(new File([new Uint8Array(content)], name));
            return files;
        }""",
        [name, list(content)],
    )
    summary.dispatch_event("dragover", {"dataTransfer": files})
    expect(zone).to_have_class(re.compile("ur-e-over"))
    summary.dispatch_event("drop", {"dataTransfer": files})
    expect(zone).not_to_have_class(re.compile("ur-e-over"))


def choose_file(page: Page, button: str, name: str, content: bytes) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=button).click()
    file = FilePayload(name=name, mimeType="application/octet-stream", buffer=content)
    chooser.value.set_files(file)


def test_edit_a_cell(page: Page) -> None:
    before = choose(page, "by_hand")
    weight = cell(page, "W_hh row 2 column 1")
    weight.click()
    expect(weight).to_have_value("-1")
    weight.fill("1/3")
    weight.press("Enter")
    becomes(page, changes.with_cell(before, "W_hh", 1, 0, 1 / 3))
    weight.press("Tab")
    expect(weight).to_have_value("0.3333")
    weight.click()
    expect(weight).to_have_value("0.3333333333333333")


def test_focus_stays_through_the_rerun(page: Page) -> None:
    before = choose(page, "by_hand")
    cell(page, "x step 1 column 1").click()
    for text in ("0,5", "2e-1", "−3"):
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    after = changes.with_rows(before, "x", [[0.5], [0.2], [-3]])
    becomes(page, after)
    expect(cell(page, "x step 3 column 1")).to_be_focused()


def test_arrow_keys_walk_and_alt_arrows_nudge(page: Page) -> None:
    before = choose(page, "by_hand")
    cell(page, "W_hh row 1 column 1").click()
    for key, reached in (
        ("ArrowRight", "W_hh row 1 column 2"),
        ("ArrowDown", "W_hh row 2 column 2"),
        ("ArrowLeft", "W_hh row 2 column 1"),
        ("ArrowUp", "W_hh row 1 column 1"),
        ("Tab", "W_hh row 1 column 2"),
    ):
        page.keyboard.press(key)
        expect(cell(page, reached)).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    becomes(page, changes.with_cell(before, "W_hh", 0, 1, 1.2))


def test_tab_leads_from_a_field_to_the_next(page: Page) -> None:
    before = choose(page, "by_hand")
    cell(page, "W_hh row 1 column 1").click()
    for text in ("1", "2", "3", "4", "5", "6"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    expect(cell(page, "h_0 row 1")).to_be_focused()
    after = changes.with_rows(before, "W_hh", [[1, 2], [3, 4]])
    becomes(page, changes.with_rows(after, "b_h", [[5], [6]]))
    page.keyboard.press("Alt+c")
    expect(page.get_by_text("Copied h_0.")).to_be_visible()


def test_bad_cell_says_which_and_keeps_the_last_good_state(page: Page) -> None:
    before = choose(page, "by_hand")
    weight = cell(page, "W_hh row 2 column 1")
    weight.fill("abc")
    weight.press("Enter")
    said = page.get_by_text(
        "W_hh row 2 column 1: expected a number such as 0.5, 1/3 or -1e-3, got 'abc'"
    )
    expect(said).to_be_visible()
    expect(weight).to_have_attribute("aria-invalid", "true")
    expect(weight).to_have_value("abc")
    assert held(page) == before
    weight.fill("4")
    weight.press("Enter")
    becomes(page, changes.with_cell(before, "W_hh", 1, 0, 4))
    expect(said).to_be_hidden()
    expect(weight).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize(
    "texts",
    [
        [
            "1\t0\t0\n0\t2\t0\n0\t0\t3",
            "array([[1., 0., 0.],\n       [0., 2., 0.],\n       [0., 0., 3.]])",
            "[1 0 0; 0 2 0; 0 0 3]",
            r"\begin{bmatrix}1 & 0 & 0\\ 0 & 2 & 0\\ 0 & 0 & \frac{6}{2}\end{bmatrix}",
        ]
    ],
)
def test_paste_a_matrix(page: Page, texts: list[str]) -> None:
    before = choose(page, "by_hand")
    for text in texts:
        paste(page, "W_hh row 1 column 1", text)
        becomes(page, changes.with_rows(before, "W_hh", [[1, 0, 0], [0, 2, 0], [0, 0, 3]]))
        expect(cell(page, "W_hh row 3 column 3")).to_have_value("3")
        expect(cell(page, "H, hidden units")).to_have_value("3")
        cell(page, "Undo").click()
        becomes(page, before)


def test_undo_and_redo_by_button_and_by_key(page: Page) -> None:
    first = six_steps()
    second = choose(page, "by_hand")
    third = choose(page, "parity")
    cell(page, "Undo").click()
    becomes(page, second)
    expect(cell(page, "Experiment")).to_have_value("by_hand")
    page.keyboard.press("Control+z")
    becomes(page, first)
    expect(cell(page, "Undo")).to_be_disabled()
    page.keyboard.press("Control+Shift+Z")
    becomes(page, second)
    cell(page, "Redo").click()
    becomes(page, third)


def test_back_and_forward(page: Page) -> None:
    first = choose(page, "by_hand")
    second = choose(page, "parity")
    page.go_back()
    expect(cell(page, "Experiment")).to_have_value("by_hand")
    becomes(page, first)
    page.go_forward()
    expect(cell(page, "Experiment")).to_have_value("parity")
    becomes(page, second)


def test_sizes_and_choices(page: Page) -> None:
    experiment = choose(page, "by_hand")
    cell(page, "Increase T steps").click()
    expect(cell(page, "x step 4 column 1")).to_have_value("0")
    cell(page, "Activation φ").select_option("tanh")
    expect(cell(page, "Experiment").locator("option:checked")).to_have_text("Own (from By hand)")
    cell(page, "Undo").click()
    cell(page, "Undo").click()
    becomes(page, experiment)
    expect(cell(page, "Activation φ")).to_have_value("relu")
    hidden = cell(page, "H, hidden units")
    hidden.fill("65")
    hidden.press("Enter")
    expect(page.get_by_text("H: expected a size from 1 to 64, got 65")).to_be_visible()
    expect(hidden).to_have_value("2")


def test_long_sequence_is_a_window(page: Page) -> None:
    choose(page, "by_hand")
    cell(page, "T, time steps").fill("5000")
    cell(page, "T, time steps").press("Enter")
    grid = page.locator("[data-field=x]")
    expect(grid.get_by_text("5000 × 1")).to_be_visible()
    assert grid.locator("input").count() < 40
    grid.locator(".ur-e-grid-scroller").evaluate("element => element.scrollTop = 1e6")
    last = cell(page, "x step 5000 column 1")
    last.fill("0.5")
    last.press("Enter")
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        now = held(page)
        if now is not None and now.x()[-1, 0, 0] == 0.5:
            break
        page.wait_for_timeout(50)
    assert now is not None
    assert now.x()[-1, 0, 0] == 0.5
    assert now.sizes[0] == 5000


def test_share_link_opens_the_same_in_a_fresh_profile(open_page: Callable[..., Page]) -> None:
    page = open_page()
    choose(page, "text")
    cell(page, "W_hh row 1 column 1").fill("1/7")
    cell(page, "W_hh row 1 column 1").press("Enter")
    wanted = changes.with_cell(presets.PRESETS["text"].experiment, "W_hh", 0, 0, 1 / 7)
    becomes(page, wanted)
    other = open_page(steps.address_of(page))
    expect(cell(other, "W_hh row 1 column 1")).to_have_value("0.1429")
    assert held(other) == wanted


def test_save_and_open_a_file(page: Page, tmp_path: Path) -> None:
    wanted = choose(page, "irnn")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save file").click()
    saved = tmp_path / "saved.json"
    download.value.save_as(saved)
    assert download.value.suggested_filename == "IRNN.json"
    assert json.loads(saved.read_text(encoding="utf-8"))["unrolled"] == 1
    choose(page, "by_hand")
    upload(page, "saved.json", saved.read_bytes())
    becomes(page, wanted)


def test_open_a_table_and_a_text(page: Page) -> None:
    choose(page, "by_hand")
    upload(page, "two.csv", b"a;b\n0,5;1\n2;3\n")
    expect(cell(page, "x step 2 column 2")).to_have_value("3")
    now = held(page)
    assert now is not None
    assert now.x()[:, 0].tolist() == [[0.5, 1], [2, 3]]
    upload(page, "poem.txt", b"so much depends")
    expect(cell(page, "Text to read")).to_have_value("so much depends")


def test_hostile_files_and_texts_are_data(page: Page) -> None:
    before = choose(page, "by_hand")
    for field in ("b_h row 1", "x step 1 column 1", "target step 3 column 1"):
        cell(page, field).fill(HOSTILE)
        cell(page, field).press("Enter")
        expect(page.get_by_text(f"{field}: expected a number")).to_be_visible()
        assert page.locator("img[src=x]").count() == 0
        assert held(page) == before
    upload(page, f"{HOSTILE}.csv", HOSTILE.encode())
    expect(page.get_by_text("expected a number such as 0.5, 1/3 or -1e-3, got")).to_be_visible()
    upload(page, "bytes.csv", bytes(range(256)))
    expect(page.get_by_text("expected a text in UTF-8 or UTF-16, got other")).to_be_visible()
    upload(page, "large.csv", b"1\n" * 2_500_000)
    expect(
        page.get_by_text("file: expected at most 4,000,000 bytes, got 5,000,000")
    ).to_be_visible()
    paste(page, "b_h row 1", "1 " * 500_001)
    expect(page.get_by_text("b_h: expected at most 1,000,000 characters")).to_be_visible()
    assert held(page) == before
    cell(page, "Source").select_option("text")
    cell(page, "Text to read").fill(HOSTILE)
    cell(page, "Text to read").press("Tab")
    until = time.monotonic() + PATIENCE_S
    while getattr(getattr(held(page), "sequence", None), "text", "") != HOSTILE:
        assert time.monotonic() < until
        page.wait_for_timeout(50)
    assert page.locator("img[src=x]").count() == 0


def test_title_names_the_file(page: Page) -> None:
    before = choose(page, "by_hand")
    cell(page, "Title").fill("Homework 3")
    cell(page, "Title").press("Enter")
    becomes(page, before.replace(title="Homework 3"))
    expect(cell(page, "Experiment").locator("option:checked")).to_have_text("Homework 3")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save file").click()
    assert download.value.suggested_filename == "Homework 3.json"


def test_alphabet_is_edited_with_signs_for_blanks(page: Page) -> None:
    before = choose(page, "text")
    cell(page, "Alphabet").fill("tobe␣rnx")
    cell(page, "Alphabet").press("Enter")
    becomes(page, sequences.with_alphabet(before, "tobe rnx"))
    expect(page.get_by_text("One-hot over 8 characters: t o b e ␣ r n x.")).to_be_visible()
    cell(page, "Alphabet").fill("to")
    cell(page, "Alphabet").press("Enter")
    expect(page.get_by_text("text: expected characters of the alphabet, got ' '")).to_be_visible()
    expect(cell(page, "Alphabet")).to_have_attribute("aria-invalid", "true")


def test_files_are_dropped_where_they_belong(page: Page) -> None:
    before = choose(page, "by_hand")
    utf16 = "Größe\tb\n0,5\t1\n2\t3\n".encode("utf-16")
    drop(page, "Sequence", "two.csv", utf16)
    becomes(page, sequences.with_values(before.replace(title="two.csv"), [[[0.5, 1]], [[2, 3]]]))
    drop(page, "Sequence", "one.csv", "Länge\n1\n".encode("latin-1"))
    expect(cell(page, "T, time steps")).to_have_value("1")
    drop(page, "Sequence", "a.csv", b"1;x")
    refused = page.locator(".ur-e-section", has_text="Sequence").get_by_role("alert")
    expect(refused.filter(has_text="a.csv row 1 column 2: expected")).to_be_visible()
    weights = weights_file.to_npz(before.parameters())
    drop(page, "Sequence", "weights.npz", weights)
    expect(page.get_by_text("Given numbers")).to_be_attached()


def test_weights_of_torch_compute_what_torch_computes(page: Page) -> None:
    torch.manual_seed(3)
    rnn = torch.nn.RNN(1, 3, dtype=torch.float64)
    linear = torch.nn.Linear(3, 1, dtype=torch.float64)
    saved = {f"rnn.{name}": array for name, array in rnn.state_dict().items()}
    saved |= {f"fc.{name}": array for name, array in linear.state_dict().items()}
    x = torch.tensor(six_steps().x())
    logit = linear(rnn(x)[0][-1]).item()
    choose_file(page, "Open weights", "state.safetensors", save_torch(saved))
    steps.expect_headline(page, "H", "3")
    steps.expect_headline(page, "a", steps.shown(logit))
    large = dict(torch.nn.LSTM(300, 600).state_dict())  # more than is sent: its beginning is
    choose_file(page, "Open weights", "large.safetensors", save_torch(large))
    expect(page.get_by_text("got an LSTM: 4 gates of 600")).to_be_visible()
    choose_file(page, "Open weights", "state.npz", pickle.dumps(saved))
    said = "weights file: expected .csv, .json, .npz or .safetensors, got a pickle"
    expect(page.get_by_text(said)).to_be_visible()
    steps.expect_headline(page, "a", steps.shown(logit))
    with page.expect_download() as download:
        page.get_by_role("button", name="Save weights").click()
    assert download.value.suggested_filename == "state weights.npz"
    again = weights_file.weights_in(Path(download.value.path()).read_bytes())
    assert again.W_hy.tolist() == linear.weight.tolist()
    page.get_by_label("Undo", exact=True).click()
    becomes(page, six_steps())


def test_what_was_understood_of_a_file_is_said_and_changed_by_a_button(page: Page) -> None:
    before = choose(page, "by_hand")
    content = "Tag;Größe in m\n1;0,5\n2;0,25\n3;1\n".encode("cp1252")
    drop(page, "Sequence", "a.csv", content)
    rows = [[[1, 0.5]], [[2, 0.25]], [[3, 1]]]
    becomes(page, sequences.with_values(before.replace(title="a.csv"), rows))
    section = page.locator(".ur-e-section", has=page.locator("summary", has_text="Sequence"))
    expect(section.get_by_text("Column “Tag” is an index: used as an input.")).to_be_visible()
    expect(section.get_by_text("read as Windows-1252, a guess")).to_be_visible()
    page.get_by_role("button", name="leave out column Tag").click()
    rows = [[[0.5]], [[0.25]], [[1]]]
    becomes(page, sequences.with_values(before.replace(title="a.csv"), rows))
    expect(section.get_by_text("Column “Tag” left out.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(section.get_by_text("Column “Tag” left out.")).to_be_hidden()


def test_what_a_paste_drops_is_said_beside_it_and_a_matrix_is_turned(page: Page) -> None:
    choose(page, "by_hand")
    paste(page, "x step 1 column 1", "[[1, 0.5, 0.25], [0.8, 0.1, 0.4]]")
    expect(cell(page, "x step 2 column 3")).to_have_value("0.4")
    paste(page, "W_xh row 1 column 1", "[[0.1, 0.2], [0.4, 0.5], [0.7, 0.8]]")
    field = page.locator('[data-field="W_xh"]')
    expect(field.get_by_text("x: column 3 left out (D = 2 now).")).to_be_visible()
    field.get_by_role("button", name="these are for x W: transpose").click()
    expect(cell(page, "W_xh row 2 column 3")).to_have_value("0.8")
    expect(cell(page, "x step 2 column 3")).to_have_value("0.4")
    expect(field.get_by_text("Transposed: as for x W.")).to_be_visible()
