"""What the operator may say on the command line."""

import pytest

from app import options


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:8786", "tcp://dask.example:1", "tcp://[::1]:65535"]
)
@pytest.mark.parametrize("together", [True, False])
def test_a_scheduler_is_read(address: str, together: bool) -> None:
    words = [f"--scheduler={address}"] if together else ["--scheduler", address]
    assert options.read([*words, "--other"]).scheduler == address


@pytest.mark.parametrize("arguments", [[], ["-q", "tests/app"], ["--schedulers", "x"]])
def test_without_one_there_is_none(arguments: list[str]) -> None:
    assert options.read(arguments).scheduler is None


@pytest.mark.parametrize(
    "text",
    [
        *("", "127.0.0.1:8786", "tcp://", "tcp://host", "tcp://host:0", "tcp://host:65536"),
        *("http://host:1", "tcp://host:1/x", "tcp://a b:1", "tcp://host:1\n", "inproc://a"),
    ],
)
def test_anything_else_is_one_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"^--scheduler: expected tcp://host:port, got ") as found:
        options.read(["--scheduler", text])
    assert "\n" not in str(found.value)


def test_a_missing_address_is_told() -> None:
    with pytest.raises(ValueError, match=r"^--scheduler: expected tcp://host:port, got ''$"):
        options.read(["--scheduler"])
