"""Dates as inputs: days since the first one, counted by hand here."""

import pytest

from app.experiment.reading import sequence
from app.experiment.reading.days import days, orders
from app.experiment.reading.notice import Options, Unread
from tests.app.reading import case


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        (["2019-01-31", "2019-02-01", "2019-03-01", "2020-03-01"], [0, 1, 29, 395]),
        (["2020/02/28", "2020/03/01"], [0, 2]),  # a leap year
        (["1900-02-28", "1900-03-01"], [0, 1]),  # none
        (["2019-01", "2019-02", "2020-01"], [0, 31, 365]),
        (["12/2018", "01/2019"], [0, 31]),
        (["31.1.2019", "1.2.2019", "30.1.2019"], [0, 1, -1]),
        (["13/4/2019", "3/5/2019"], [0, 20]),  # 13 is no month
        (["4/13/2019", "5/3/2019"], [0, 20]),
        (["2019Q1", "2019-Q2", "Q1 2020"], [0, 90, 365]),
        (["31 Jan 2019", "Feb 1, 2019", "March 2019"], [0, 1, 29]),
        (["2019-01-31T06:00", "2019-01-31 18:30", "2019-02-01T06:00:00"], [0, 12.5 / 24, 1]),
        (["2019-01-31 00:00:00.5", "2019-01-31 00:00:01"], [0, 0.5 / 86400]),
        (["2019-01-31", "", "2019-02-02"], [0, 2]),
    ],
)
def test_days_since_the_first_date(cells: list[str], wanted: list[float]) -> None:
    order, *others = orders(cells)
    assert others == []
    assert days(cells, order) == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize(
    "cells",
    [
        ["12:30", "12:45"],  # no date
        ["1/2/19", "1/3/19"],  # no century
        ["2019-02-31", "2019-03-01"],  # no such day
        ["31/1/2019", "1/31/2019"],  # two orders
        ["2019-01-31 01:00 AM", "2019-01-31 01:00 PM"],
        ["2019-01-31T01:00+01:00", "2019-07-31T01:00+02:00"],
        ["2019-01-31 24:00", "2019-02-01 01:00"],
        ["0000-01-01", "0000-01-02"],
    ],
)
def test_where_the_day_is_not_told_none_is_offered(cells: list[str]) -> None:
    assert orders(cells) == {}


def test_where_a_date_means_two_days_both_are_offered() -> None:
    cells = ["3/4/2019", "5/4/2019"]
    assert list(orders(cells)) == ["day first", "month first"]
    assert days(cells, "day first") == [0, 2]
    assert days(cells, "month first") == [0, 61]
    assert list(orders(["3/3/2019", "4/4/2019"])) == ["day first"]  # the same day in both


def opened(text: str, options: Options) -> tuple[list[list[float]], str, dict[str, Options]]:
    found = sequence.read(text, "data.csv", options)
    buttons = {one.label: {one.option: one.value} for one in found.understood.choices}
    return [row for [row] in found.cube], found.understood.line, buttons


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_column_of_dates_can_be_used_and_left_out(separator: str) -> None:
    text = "Date,Temp,Rain\n2019-01-31,20,1\n2019-02-01,17,0\n2019-02-04,18,5\n"
    text = text.replace(",", separator)
    rows, said, buttons = opened(text, {})
    assert rows == [[20, 1], [17, 0], [18, 5]]
    assert "Column “Date” holds dates (“2019-01-31”): left out." in said
    rows, said, buttons = opened(text, buttons["use column Date as days since 2019-01-31"])
    assert rows == [[0, 20, 1], [1, 17, 0], [4, 18, 5]]
    assert "Column “Date”: days since 2019-01-31, used as an input." in said
    assert "index" not in said
    rows, said, _ = opened(text, buttons["leave out column Date"])
    assert rows == [[20, 1], [17, 0], [18, 5]]


def test_days_do_not_take_part_in_what_a_comma_means() -> None:
    text = "Zeit;x\n2019-01-31 06:00;1,5\n2019-01-31 18:00;2,25\n"
    _, _, buttons = opened(text, {})
    rows, _, _ = opened(text, buttons["use column Zeit as days since 2019-01-31"])
    assert rows == [[0, 1.5], [0.5, 2.25]]


def test_dates_alone_can_be_a_sequence() -> None:
    text = "2019-01-31\n2019-02-01\n2019-02-04\n"
    with pytest.raises(Unread, match="dates") as refused:
        opened(text, {})
    [choice] = [one for one in refused.value.choices if one.option == "days"]
    rows, _, _ = opened(text, {choice.option: choice.value})
    assert rows == [[0], [1], [4]]


def test_a_missing_date_is_a_gap() -> None:
    text = "d,x\n2019-01-31,1\n,2\n2019-02-02,3\n"
    _, _, buttons = opened(text, {})
    days_used = buttons["use column d as days since 2019-01-31"]
    with pytest.raises(Unread, match="a value is missing"):
        opened(text, days_used)
    rows, _, _ = opened(text, days_used | {"missing": "leave out"})
    assert rows == [[0, 1], [2, 3]]


@pytest.mark.parametrize(
    "wish", [[1], 1, "day first", {"column": 1}, {"column": "1", "order": "day first"}, {}, None]
)
def test_an_option_that_names_nothing_changes_nothing(wish: object) -> None:
    rows, said, _ = opened("d,x\n2019-01-31,1\n2019-02-01,2\n", {"days": wish})
    assert rows == [[1], [2]]
    assert "left out" in said


def test_the_case_of_the_issue_offers_it() -> None:
    assert "holds dates" in " ".join(case("seq-date-column.csv")["notices"])
