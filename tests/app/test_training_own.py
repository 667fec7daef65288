"""The reader's own data: kept for the session, never replaced in silence, never in the address."""

import base64
import gc
import json
import weakref
import zlib
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from app.views.training.runs import token
from app.views.training.runs.plan import Plan
from app.views.training.runs.probe import probe
from app.views.training.tasks.offers import (
    EXAMPLES,
    MOST_TYPED,
    OFFERS,
    OWN_DATA,
    OWN_TEXT,
    TaskChoice,
    task_of,
)
from app.views.training.tasks.own_file import MOST_BYTES, OwnFile
from rnn_core.training import Settings
from tests.app.training import charts, page, said

SECRET = "sequence,x1,y\n" + "".join(
    f"{n // 3},{n}.125,{'salary' if n // 3 % 2 else 'bonus'}\n" for n in range(60)
)
LONG_TEXT = "the quick brown fox jumps over the lazy dog. " * 100


def opened(name: str, content: str, filename: str = "mine.csv", **controls: str) -> AppTest:
    app = page(tr_task=OFFERS[name].title, **controls)
    app.file_uploader[0].upload(filename, content.encode(), "text/csv")
    return app.run()


def choose(app: AppTest, name: str) -> AppTest:
    app.selectbox(key="tr_task").set_value(name)
    return app.run()


def address(app: AppTest) -> dict[str, str]:
    """The address, whether AppTest keeps a value alone or in a list."""
    found = app.query_params.items()
    return {name: value if isinstance(value, str) else value[0] for name, value in found}


def drawn(app: AppTest) -> str:
    return json.dumps(charts(app)["tr_prediction"]["views"][0])


def test_a_file_is_read_named_and_kept_out_of_the_address() -> None:
    app = opened(OWN_DATA, SECRET)
    assert not app.exception
    assert "**mine.csv**, " in said(app)
    assert f"{len(SECRET):,} bytes" in said(app)
    assert "salary" in drawn(app)
    assert not app.text_area
    assert address(app)["tr_own_data_file"] == "mine.csv"
    assert "salary" not in json.dumps(dict(app.query_params))


def test_other_data_bring_their_length_along_and_what_is_chosen_for_them_stays() -> None:
    rows = "".join(f"{n},0.5,\n{n},0.25,{'up' if n % 2 else 'down'}\n" for n in range(10))
    app = opened(OWN_DATA, f"sequence,x1,y\n{rows}")
    assert "32 sequences of 2 steps each" in said(app)  # the example has four
    app.number_input(key="tr_length").set_value(5)
    assert "32 sequences of 5 steps each" in said(app.run())
    app.button(key="tr_own_data_remove").click()
    assert "32 sequences of 4 steps each" in said(app.run())


def test_a_file_its_settings_and_its_run_are_there_after_another_task() -> None:
    app = opened(OWN_DATA, SECRET)
    app.number_input(key="tr_updates").set_value(7)
    app = app.run()
    app.button(key="tr-step").click()
    app = app.run()
    before = drawn(app)
    assert "After 1 update: " in before
    app = choose(app, "sine")
    assert app.number_input(key="tr_updates").value == 800
    assert address(app)["tr_own_data_file"] == "mine.csv"
    app = choose(app, OWN_DATA)
    assert "**mine.csv**" in said(app)
    assert app.number_input(key="tr_updates").value == 7
    assert drawn(app) == before
    assert "1 of 7 updates made" in app.get("progress")[0].proto.text


def test_a_file_is_there_when_the_address_was_emptied() -> None:
    app = opened(OWN_DATA, SECRET)
    before = drawn(app)
    app.query_params.clear()  # as Streamlit does when the page changes
    app = app.run()
    assert drawn(app) == before
    assert address(app)["tr_own_data_file"] == "mine.csv"


def loaded_anew(kept: str = "{}") -> AppTest:
    """The page of an address that names a file, once the tab has said what it has kept."""
    app = page(tr_task=OFFERS[OWN_DATA].title, tr_own_data_file="mine.csv")
    assert "mine.csv is looked for in this tab." in said(app)
    assert not app.warning
    assert not app.get("bidi_component")  # nothing is shown of the example
    assert app.button(key="tr_own_data_without")
    app.session_state["unrolled"].files.hear("kept", "", kept)
    return app.run()


def test_a_page_that_is_loaded_anew_has_the_file_that_the_tab_has_kept_and_how_it_is_read() -> None:
    app = opened(OWN_DATA, DIGITS)
    next(button for button in app.button if button.label == "y as classes").click()
    app = app.run()
    kept = json.dumps(app.session_state["unrolled"].files.sent())
    again = loaded_anew(kept)
    assert not again.warning
    assert f"**mine.csv**, {len(DIGITS):,} bytes" in said(again)
    assert drawn(again) == drawn(app)
    again.button(key="tr_own_data_as").click()  # as it was read at first
    assert drawn(again.run()) == drawn(opened(OWN_DATA, DIGITS))

    damaged = json.loads(kept)
    damaged["own_data"]["read"] = "{" * 500
    again = loaded_anew(json.dumps(damaged))
    assert f"**mine.csv**, {len(DIGITS):,} bytes" in said(again)
    assert again.session_state["unrolled"].files.held["own_data"].content == DIGITS.encode()
    assert drawn(again) == drawn(opened(OWN_DATA, DIGITS))


def test_what_the_tab_has_no_room_for_is_said_before_it_is_lost() -> None:
    app = opened(OWN_DATA, SECRET)
    assert "This tab keeps it" in said(app)
    app.session_state["unrolled"].files.hear("cannot", "own_data", "")
    app = app.run()
    assert "This tab has no room to keep it" in app.warning[0].value
    assert "This tab keeps it" not in said(app)


def test_who_has_only_the_address_is_told_what_is_missing_and_can_open_it_again() -> None:
    app = loaded_anew()
    assert not app.exception
    assert [warning.value for warning in app.warning] == [
        "mine.csv was open here, but this tab does not have it: a file stays with who opened it "
        "and is no part of a link. Open it again to go on."
    ]
    assert not app.get("bidi_component")  # nothing is shown of the example
    assert not [button for button in app.button if button.key == "tr-go"]
    app.file_uploader[0].upload("mine.csv", SECRET.encode(), "text/csv")
    app = app.run()
    assert not app.warning
    assert "salary" in drawn(app)


def test_without_the_lost_file_it_goes_on_with_the_text() -> None:
    app = loaded_anew()
    app.button(key="tr_own_data_without").click()
    app = app.run()
    assert app.text_area(key="tr_own_data").value == EXAMPLES[OWN_DATA]
    assert "tr_own_data_file" not in app.query_params


def test_a_removed_file_gives_way_to_the_text_that_stood_there() -> None:
    mine = "sequence,x,y\n" + "".join(f"{n},{n},{n % 2}\n" for n in range(9))
    app = opened(OWN_DATA, SECRET, tr_own_data=mine)
    app.button(key="tr_own_data_remove").click()
    app = app.run()
    assert app.text_area(key="tr_own_data").value == mine
    assert address(app)["tr_own_data"] == mine


def test_a_text_that_is_too_long_for_the_address_is_kept_whole_as_a_file_is() -> None:
    app = page(tr_task=OFFERS[OWN_TEXT].title)
    assert len(LONG_TEXT) > MOST_TYPED
    app.text_area(key="tr_own_text").set_value(LONG_TEXT)
    app = app.run()
    assert not app.exception
    assert f"**a long text that was pasted**, {len(LONG_TEXT):,} bytes" in said(app)
    assert "tr_own_text" not in app.query_params
    app.button(key="tr_own_text_remove").click()
    app = app.run()
    assert app.text_area(key="tr_own_text").value == EXAMPLES[OWN_TEXT]


def test_a_typed_text_is_part_of_the_address_and_a_link_with_it_opens() -> None:
    mine = "abc abd abe " * 20
    app = page(tr_task=OFFERS[OWN_TEXT].title)
    app.text_area(key="tr_own_text").set_value(mine)
    app = app.run()
    assert address(app)["tr_own_text"] == mine
    again = page(tr_task=OFFERS[OWN_TEXT].title, tr_own_text=mine)
    assert again.text_area(key="tr_own_text").value == mine
    assert drawn(again) == drawn(app)


def test_a_file_that_is_too_large_is_one_sentence_and_what_was_there_stays() -> None:
    app = opened(OWN_DATA, "x" * (MOST_BYTES + 1))
    assert [error.value for error in app.error] == [
        f"file: expected at most {MOST_BYTES:,} bytes, got {MOST_BYTES + 1:,}"
    ]
    assert app.text_area(key="tr_own_data").value == EXAMPLES[OWN_DATA]


def test_a_file_that_is_no_text_is_one_sentence_and_can_be_removed() -> None:
    app = page(tr_task=OFFERS[OWN_DATA].title)
    app.file_uploader[0].upload("mine.csv", b"\xff\xfe\xfd\x00\xd8", "text/csv")
    app = app.run()
    assert not app.exception
    assert len(app.error) == 1
    app.button(key="tr_own_data_remove").click()
    assert not app.run().error


def test_the_name_of_a_file_is_text() -> None:
    app = opened(OWN_DATA, SECRET, "[a](https://evil.example/x) **b**.csv")
    shown = next(part.value for part in app.markdown if " bytes" in part.value)
    assert shown.startswith("**`")
    assert OwnFile.of("a\x00b\n" + "c" * 200, b"").name == "ab" + "c" * 78


def address_of(text: str) -> str:
    packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return zlib.decompress(packed).decode()


def test_a_pinned_run_on_a_file_is_not_in_the_address_and_says_how_long_it_lasts() -> None:
    app = opened(OWN_DATA, SECRET, tr="Compare")
    app.button(key="tr-pin").click()
    app = app.run()
    assert "tr_pins" not in app.query_params
    assert "A learns from a file of yours, which is no part of the address" in said(app)
    app = choose(app, "sine")
    app.button(key="tr-pin").click()
    app = app.run()
    text = address(app)["tr_pins"]
    assert '"sine"' in address_of(text)
    assert "salary" not in address_of(text)
    assert "own_data" not in address_of(text)
    assert "this pin lasts while this page is open." in said(app)


def test_a_pinned_run_on_a_file_does_not_bring_the_file_into_the_text_field() -> None:
    app = opened(OWN_DATA, SECRET, tr="Compare")
    app.button(key="tr-pin").click()
    app = choose(app.run(), "sine")
    assert not [button for button in app.button if button.key == "tr-set-A"]


def test_the_same_data_typed_are_in_the_address() -> None:
    plan = Plan(TaskChoice(OWN_DATA, EXAMPLES[OWN_DATA]), Settings(length=4, updates=9))
    assert token.decode(token.encode([plan])) == [plan]
    private = replace(plan, choice=replace(plan.choice, private=True))
    assert token.encode([private]) == ""
    assert token.decode(token.encode([private, plan])) == [plan]


def test_what_was_read_of_a_file_goes_with_who_holds_it() -> None:
    choice = TaskChoice(OWN_DATA, SECRET.replace("0.125", "7"), private=True)
    task = task_of(choice)
    assert task_of(choice) is task
    settings = Settings.of(task)
    assert probe(choice, settings) is probe(choice, settings)
    assert probe(choice, settings).x.base is None
    gone = weakref.ref(task)
    del task
    gc.collect()
    assert gone() is None


def test_the_session_keeps_nothing_of_another() -> None:
    first = opened(OWN_DATA, SECRET)
    second = page(tr_task=OFFERS[OWN_DATA].title)
    assert "**mine.csv**" in said(first)
    assert "mine.csv" not in said(second)
    assert second.text_area(key="tr_own_data").value == EXAMPLES[OWN_DATA]


@pytest.mark.parametrize("ending", ["csv", "tsv", "txt", "dat", "json", "jsonl"])
def test_the_files_that_are_read_are_offered(ending: str) -> None:
    app = page(tr_task=OFFERS[OWN_DATA].title)
    assert f".{ending}" in app.file_uploader[0].proto.type


DIGITS = "sequence,x1,y\n" + "".join(f"{n},{n % 5},\n{n},{n % 3},{n % 3}\n" for n in range(30))
DATED = "day,temperature\n" + "".join(f"2024-01-{n:02d},{n * n % 7}.5\n" for n in range(1, 31))


def test_what_was_understood_is_said_and_can_be_read_otherwise_also_by_a_link() -> None:
    app = page(tr_task=OFFERS[OWN_DATA].title, tr_own_data=DIGITS)
    assert "30 sequences of 2 steps with 1 input; an answer at the end of each." in said(
        app
    ).replace("`", "")
    other = next(button for button in app.button if button.label == "y as classes")
    before = drawn(app)
    other.click()
    app = app.run()
    assert not app.exception
    assert drawn(app) != before
    assert address(app)["tr_own_data_read"] == '{"answers":"classes"}'
    assert "the most probable answer is" in drawn(app)
    again = page(**address(app))
    assert drawn(again) == drawn(app)
    app.button(key="tr_own_data_as").click()
    app = app.run()
    assert drawn(app) == before
    assert "tr_own_data_read" not in app.query_params


def test_a_series_with_dates_is_cut_into_windows_and_the_dates_are_left_out_on_a_click() -> None:
    app = opened(OWN_DATA, DATED, "weather.csv")
    assert not app.exception
    told = " ".join([*(error.value for error in app.error), said(app)])
    assert "day" in told
    while app.error:
        leave = next(button for button in app.button if button.label.startswith("leave out"))
        leave.click()
        app = app.run()
    assert "cut into" in said(app)
    assert "windows of" in said(app)
    assert "tr_own_data_read" not in app.query_params  # of a file: it stays with the file


def test_dates_are_days_and_a_file_has_another_encoding_on_a_click() -> None:
    rows = "".join(f"{1 + n}.01.2019;{n},5\n" for n in range(30))
    app = page(tr_task=OFFERS[OWN_DATA].title)
    app.file_uploader[0].upload("mine.csv", f"день;y1\n{rows}".encode("cp1251"), "text/csv")
    app = app.run()
    for label in ("read as Windows-1251: “день”", "use column день as days since 2019-01-01"):
        next(button for button in app.button if button.label == label).click()
        app = app.run()
        assert not app.exception
        assert not app.error
    assert "Column “день”: days since 2019-01-01, used as an input." in said(app)


@pytest.mark.parametrize(
    "asked",
    [
        "[[[[",
        "5",
        '{"days": {"column": "1", "order": "day first"}}',
        '{"leave_out": 5}',
        '{"window": [1]}',
        "x" * 401,
        '{"a": {}}',
    ],
)
def test_how_to_read_the_data_is_checked_where_it_comes_from_an_address(asked: str) -> None:
    app = page(tr_task=OFFERS[OWN_DATA].title, tr_own_data_read=asked)
    assert not app.exception
    assert len(app.error) == 1
    assert app.error[0].value.startswith("how to read the data: expected what this page has put")
    assert "tr_own_data_read" not in app.query_params


def test_files_in_the_encodings_that_spreadsheets_write_are_read() -> None:
    for encoding in ("utf-16", "cp1252", "utf-8-sig"):
        app = page(tr_task=OFFERS[OWN_DATA].title)
        text = SECRET.replace("bonus", "Prämie").replace("\n", "\r\n")
        app.file_uploader[0].upload("mine.csv", text.encode(encoding), "text/csv")
        app = app.run()
        assert not app.error, encoding
        assert "20 sequences of 3 steps" in said(app).replace("`", "")
        assert "Pr\\u00e4mie" in drawn(app)


def test_a_pin_keeps_how_its_data_are_read() -> None:
    choice = TaskChoice(OWN_DATA, DIGITS, options='{"answers":"numbers"}')
    plan = Plan(choice, Settings.of(task_of(choice)))
    assert token.decode(token.encode([plan])) == [plan]
    assert task_of(choice).loss == "squared_error"
