"""Tables beside the figures: exact, and honest about what they leave out."""

import numpy as np

from app.figures.run import payload
from tests.app.figure_cases import charts, run, unpacked


def test_tables_hold_the_numbers_to_the_last_bit_and_say_what_is_left_out() -> None:
    trace, grads = run(1500, 20)
    (table,) = charts(payload(trace, grads))["hidden"]["tables"]
    cells = unpacked(table["cells"])
    assert cells.shape == (200, 16)
    assert table["rows"][0] == "0"
    assert table["rows"][-1] == "1500"
    np.testing.assert_array_equal(cells[:100], trace.h[:100, 0, :16])
    np.testing.assert_array_equal(cells[-100:], trace.h[-100:, 0, :16])
    assert "first and the last 100 of 1501 steps" in table["note"]
    assert "first 16 of 20 columns" in table["note"]
