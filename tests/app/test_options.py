"""What the operator may say on the command line."""

import pytest

from app.server import options


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


@pytest.mark.parametrize(
    ("arguments", "environment", "hosts"),
    [
        (["--allowed-hosts", "lab.example.org"], {}, ("lab.example.org",)),
        (["--allowed-hosts=A.example,b.example"], {}, ("a.example", "b.example")),
        (["--allowed-hosts", "a.example", "*.b.example", "--x"], {}, ("a.example", "*.b.example")),
        (["--allowed-hosts", "[::2]"], {"UNROLLED_ALLOWED_HOSTS": "other.example"}, ("::2",)),
        ([], {"UNROLLED_ALLOWED_HOSTS": "a.example, b.example"}, ("a.example", "b.example")),
        ([], {"UNROLLED_ALLOWED_HOSTS": ""}, ()),
        ([], {}, ()),
    ],
)
def test_hosts_are_named_on_the_command_line_or_in_the_environment(
    arguments: list[str], environment: dict[str, str], hosts: tuple[str, ...]
) -> None:
    assert options.read(arguments, environment).allowed_hosts == hosts


def test_pages_that_may_frame_the_app_are_named_with_scheme_and_port() -> None:
    read = options.read(["--frame-ancestors", "https://lms.example.org", "*.b.example:8443"], {})
    assert read.frame_ancestors == ("https://lms.example.org", "*.b.example:8443")
    environment = {"UNROLLED_FRAME_ANCESTORS": "https://lms.example.org"}
    assert options.read([], environment).frame_ancestors == ("https://lms.example.org",)


@pytest.mark.parametrize("option", ["--allowed-hosts", "--frame-ancestors"])
@pytest.mark.parametrize(
    "text",
    ["a.example; script-src *", "'none'", "a/b", "javascript:x", "a\r\nb:1;", "https://", "-"],
)
def test_a_host_that_is_none_is_one_sentence(option: str, text: str) -> None:
    with pytest.raises(ValueError, match=rf"^{option}: expected hosts such as ") as found:
        options.read([f"{option}={text}"], {})
    assert "\n" not in str(found.value)


def test_an_option_without_hosts_or_a_bad_environment_is_told_by_its_name() -> None:
    with pytest.raises(ValueError, match=r"^--allowed-hosts: expected at least one host"):
        options.read(["--allowed-hosts"], {})
    with pytest.raises(ValueError, match=r"^UNROLLED_ALLOWED_HOSTS: expected hosts such as "):
        options.read([], {"UNROLLED_ALLOWED_HOSTS": "https://lab.example.org/"})
