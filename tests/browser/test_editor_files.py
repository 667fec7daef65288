"""Files and texts that are opened, dropped or pasted into the sidebar, in a real browser."""

import json
import pickle
import re
import time
from pathlib import Path

import torch
from playwright.sync_api import FilePayload, Page, expect
from safetensors.torch import save as save_torch

from app.experiment import sequences, weights_file
from tests.browser import steps
from tests.browser.editing import PATIENCE_S, becomes, cell, choose, held, paste
from tests.experiments import six_steps

HOSTILE = "</script><img src=x onerror=alert(1)>"


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
