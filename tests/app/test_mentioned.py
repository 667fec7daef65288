"""A lecture hall sees what a scene's text speaks of: which nodes these are."""

from typing import Any

import pytest

from app.components.graph_view.mention import Mention
from app.views.lessons import live
from tests.app.in_node import answer
from tests.conftest import ROOT

SCRIPT = ROOT / "tests" / "app" / "mentioned.js"


def test_a_text_speaks_of_its_numbers_and_of_the_symbols_of_its_formulas() -> None:
    text = "From $x_1$ = {x[1]} and $W_{hh}$ follows $h_t$; {|dL/dh[3]|}, {dL/dW_hh[1,1] @ 2}, {L}."
    expected = (
        Mention("x", (1,)),
        Mention("W_hh"),
        Mention("h", ("t",)),
        Mention("h", (3,)),
        Mention("W_hh", (1, 1), use=2),
        Mention("L"),
    )
    assert live.mentions(text) == expected


def test_what_names_nothing_of_a_run_is_not_spoken_of() -> None:
    assert live.mentions(r"$\varphi(a) = \tanh a$ is `h[1]`, **not** {}, {1/2}.") == ()


def node(name: str, **fields: Any) -> dict[str, Any]:
    about = {"id": name, "kind": "sum", "quantity": None, "t": None, "unit": None}
    return {**about, "parameter": None, "times": 0, **fields}


NODES = [
    node("W_hh", kind="parameter", parameter="W_hh"),
    node("h[1,1]", quantity="h", t=1, unit=1),
    node("h[1,2]", quantity="h", t=1, unit=2),
    node("W_hh h[1]", parameter="W_hh", t=2),
    node("h[2,1]", quantity="h", t=2, unit=1),
    node("L", quantity="L"),
]


def test_the_nodes_that_a_text_speaks_of_are_found_at_every_level() -> None:
    weight, first, loss = Mention("W_hh"), Mention("h", (1,)), Mention("L")
    cases: list[tuple[list[Mention], str, list[str]]] = [
        ([first, loss], "scalar", ["h[1,1]", "h[1,2]", "L"]),
        ([Mention("h", (1, 2))], "scalar", ["h[1,2]"]),
        ([weight, Mention("h", (2,))], "operation", ["h[2,1]"]),  # weights stand apart
        ([weight, Mention("h", ("t",))], "operation", ["W_hh"]),
        ([weight, Mention("W_hh", use=2)], "operation", ["W_hh h[1]", "W_hh"]),
        ([weight, loss], "rolled", ["L", "W_hh"]),
        ([Mention("q", (9,)), Mention("h", (77,))], "operation", []),
    ]
    asked = [
        {"nodes": NODES, "mentions": [each._asdict() for each in mentions], "level": level}
        for mentions, level, _ in cases
    ]
    assert answer(SCRIPT, asked) == [expected for *_, expected in cases]


def test_what_is_wanted_stands_in_the_middle_but_nothing_beyond_the_picture_is_shown() -> None:
    """Low and high of what is wanted, of the picture, and the room: 100 wide, or 2000."""
    rooms = [(450, 550, 0, 1000, 100), (0, 50, 0, 1000, 100), (950, 1000, 0, 1000, 100)]
    asked = [{"room": room} for room in [*rooms, (0, 50, 0, 1000, 2000)]]
    assert answer(SCRIPT, asked) == [500, 50, 950, 500]


def test_who_looks_at_a_box_looks_at_it_in_the_other_picture_of_the_level() -> None:
    """Three quarters down a picture of 100 to 300, which are 400 to 800 with taller boxes."""
    bounds = [
        {"left": 0, "right": 9, "top": low, "bottom": high}
        for low, high in ((100, 300), (400, 800))
    ]
    camera = {"position": {"x": 5, "y": 250}, "scale": 0.5}
    there, back = answer(
        SCRIPT,
        [
            {"camera": camera, "bounds": bounds},
            {"camera": {**camera, "position": {"x": 5, "y": 700}}, "bounds": bounds[::-1]},
        ],
    )
    assert there == {"position": {"x": 5, "y": 700}, "scale": 0.5}
    assert back == camera


def test_numbers_of_less_than_two_fifths_of_what_is_said_are_too_small() -> None:
    """24 pixels are said in a window of 1024; numbers are 15 high where the scale is 1."""
    assert answer(SCRIPT, [{"scale": 0.65}, {"scale": 0.63}]) == [False, True]


def test_what_is_too_far_to_be_seen_in_large_letters_beside_the_first_is_left_out() -> None:
    """Boxes of 10 by 10, a margin of 16 around them: the one at 300 fits no room of 200."""
    boxes = [{"x": x, "y": 0, "width": 10, "height": 10} for x in (0, 300, 100)]
    (found,) = answer(SCRIPT, [{"boxes": boxes, "most": {"x": 200, "y": 50}}])
    assert found == {"left": -12, "right": 112, "top": -12, "bottom": 12}


def test_what_counts_more_is_in_view_before_what_is_nearer() -> None:
    """The box of the first group at 100 leaves no room to that of the second, which is nearer."""
    groups = [[{"x": x, "y": 0, "width": 10, "height": 10} for x in xs] for xs in ([0, 100], [-60])]
    asked = [
        {"boxes": boxes, "most": {"x": 150, "y": 50}} for boxes in (groups, groups[0] + groups[1])
    ]
    by_group, by_distance = answer(SCRIPT, asked)
    assert by_group == {"left": -12, "right": 112, "top": -12, "bottom": 12}
    assert by_distance == {"left": -72, "right": 12, "top": -12, "bottom": 12}


def test_an_edge_cuts_no_box_where_what_is_seen_can_be_moved_aside() -> None:
    """The box at 100 is cut by what is seen from -50 to 100; moved to the right, it is whole."""
    boxes = [{"x": x, "y": 0, "width": 20, "height": 20} for x in (0, 100)]
    case = {
        "boxes": boxes,
        "middle": {"x": 25, "y": 0},
        "wanted": {"left": -17, "right": 17, "top": -17, "bottom": 17},
        "most": {"x": 150, "y": 100},
    }
    narrow = {**case, "most": {"x": 120, "y": 100}}
    most_of_both = {**case, "most": {"x": 119, "y": 100}, "middle": {"x": 49, "y": 0}}
    moved, kept, full = answer(SCRIPT, [case, narrow, most_of_both])
    assert moved == {"x": 117 - 75, "y": 0}  # its edge stands beside the box, not at it
    assert kept == case["middle"]  # of a narrower room no edge is at a box
    assert full == most_of_both["middle"]  # a quarter of what is seen would be empty


def test_of_a_sheet_a_lecture_hall_sees_all_that_is_given_where_it_can_be_read() -> None:
    """In 640 pixels all of 868 fits at 0.737; all of 1968 would be below 0.45, and too small."""
    near, far = (
        [{"x": x, "y": 0, "width": 60, "height": 40} for x in (0, last)] for last in (776, 1876)
    )
    case = {"size": {"width": 640, "height": 300}}
    graph, sheet, too_large = answer(
        SCRIPT,
        [
            {**case, "nodes": near, "room": False},
            {**case, "nodes": near, "room": True},
            {**case, "nodes": far, "room": True},
        ],
    )
    assert graph > 1.5  # letters for the last row
    assert sheet == pytest.approx(640 / 868)
    assert too_large >= 0.45


def test_a_lecture_hall_sees_the_whole_height_where_half_of_the_picture_would_be_empty() -> None:
    """A tower of ten boxes of 80 in rows of 100, 994 with what is kept clear."""
    tower = [{"x": 1000, "y": -100 * k, "width": 74, "height": 80} for k in range(10)]
    beside = [
        {"x": 100 * k, "y": -100 * j, "width": 74, "height": 80}
        for k in range(10)
        for j in range(10)
    ]
    low = [box for box in beside if box["y"] > -400]
    case = {"spoken": [tower[-1:]], "size": {"width": 990, "height": 420}}
    empty, full, alone = answer(
        SCRIPT,
        [
            {**case, "boxes": tower + low},
            {**case, "boxes": tower + beside},
            {**case, "boxes": tower},  # there is nothing that could be beside it
        ],
    )
    assert empty == pytest.approx(420 / 994)
    assert full == alone == 1.6  # numbers of 24 pixels


def test_a_run_in_a_show_is_walked_along_in_letters_and_its_loss_is_seen_with_all() -> None:
    """Three steps of four rows, and above the last one six more; weights are far to the left."""
    steps = [
        {"x": 300 + 200 * t, "y": 100 * row, "width": 74, "height": 80}
        for t in range(3)
        for row in range(4)
    ]
    tower = [{"x": 700, "y": -100 * k, "width": 74, "height": 80} for k in range(1, 7)]
    weights = [{"x": 0, "y": 100 * k, "width": 74, "height": 80} for k in range(4)]
    timed = steps + tower
    size = {"width": 760, "height": 420}
    case = {"boxes": timed + weights, "timed": timed, "size": size}
    whole = 420 / 994  # ten rows, and what is kept clear
    start = {"position": {"x": 350, "y": -150}, "scale": whole}
    near, loss = answer(
        SCRIPT,
        [
            {**case, "walked": steps[5:7], "camera": start},
            {**case, "walked": tower[4:], "camera": start},
        ],
    )
    assert near["scale"] == pytest.approx(760 / 488)  # the width of the steps
    assert loss["scale"] == pytest.approx(whole)
    (again,) = answer(SCRIPT, [{**case, "walked": steps[5:7], "camera": near}])
    assert again is None  # it is in view


def test_letters_are_smaller_so_that_all_a_scene_speaks_of_is_in_view_if_readable() -> None:
    """Three boxes of 119 in rows of 140: 413 with what is kept clear; numbers are 15 high."""
    boxes = [{"x": 0, "y": 140 * k, "width": 74, "height": 119} for k in range(3)]
    case = {"boxes": boxes, "spoken": [boxes]}
    smaller, too_small = answer(
        SCRIPT, [{**case, "size": {"width": 990, "height": high}} for high in (340, 200)]
    )
    assert smaller == pytest.approx(340 / 413)
    assert too_small == pytest.approx(200 / 133)  # of the first alone
    far = [*boxes[:2], {**boxes[2], "y": 1000}]  # the first two take 273
    two, one = answer(
        SCRIPT,
        [
            {"boxes": far, "spoken": [far], "size": {"width": 990, "height": high}}
            for high in (320, 300)
        ],
    )
    assert two == pytest.approx(320 / 273)  # 17 pixels at least
    assert one == 1.6


def test_where_the_whole_height_is_seen_all_that_a_scene_speaks_of_is_in_view_if_it_fits() -> None:
    """From -44 to 1044 with what is kept clear, beside the boxes of 74 that are farther away."""
    row = [{"x": 200 * k, "y": 0, "width": 74, "height": 40} for k in range(-2, 9)]
    case = {"boxes": row, "timed": row, "size": {"width": 990, "height": 420}}
    both, one = answer(
        SCRIPT, [{**case, "spoken": [[row[7], row[2]]]}, {**case, "spoken": [[row[7]]]}]
    )
    assert both == 500
    assert one == 1000
