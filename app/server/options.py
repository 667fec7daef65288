"""What the operator says of one server, behind `--` on the command line or in the environment.

    streamlit run app/main.py -- --scheduler tcp://host:8786 --allowed-hosts lab.example.org

An option of several values takes words or a list with commas. A word on the command line counts
before the environment, which is for containers: `UNROLLED_ALLOWED_HOSTS=lab.example.org`.
"""

import os
import re
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

SCHEDULER = "--scheduler"
ALLOWED_HOSTS = "--allowed-hosts"
FRAME_ANCESTORS = "--frame-ancestors"
ENVIRONMENT = {
    ALLOWED_HOSTS: "UNROLLED_ALLOWED_HOSTS",
    FRAME_ANCESTORS: "UNROLLED_FRAME_ANCESTORS",
}
ADDRESS = re.compile(r"tcp://([A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})")
NAME = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?"
HOST = re.compile(rf"\*|(?:\*\.)?{NAME}|\[[0-9A-Fa-f:.]+\]")
ANCESTOR = re.compile(
    rf"(?:https?://)?(?:(?:\*\.)?{NAME}|\[[0-9A-Fa-f:.]+\])(?::(?:\d{{1,5}}|\*))?"
)
LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Options:
    """The options of one server."""

    scheduler: str | None = None  # tcp://host:port of a Dask scheduler
    allowed_hosts: tuple[str, ...] = ()  # names the server answers to, besides this machine's own
    frame_ancestors: tuple[str, ...] = ()  # hosts whose pages may show the app in a frame


def read(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Options:
    """Read the arguments behind the script's name; those of other programs are left alone.

    Raises
    ------
    ValueError
        A scheduler's address is missing or not tcp://host:port, or a host is not a host's name.
    """
    parser = ArgumentParser(add_help=False, allow_abbrev=False)
    for option in (SCHEDULER, ALLOWED_HOSTS, FRAME_ANCESTORS):
        parser.add_argument(option, nargs="*", dest=option)
    words = vars(parser.parse_known_args(arguments)[0])
    given = words[SCHEDULER]
    return Options(
        None if given is None else _address(given[0] if given else ""),
        _hosts(words[ALLOWED_HOSTS], environment, ALLOWED_HOSTS, HOST, _host),
        _hosts(words[FRAME_ANCESTORS], environment, FRAME_ANCESTORS, ANCESTOR, str),
    )


def _address(text: str) -> str:
    found = ADDRESS.fullmatch(text)
    if found is None or not 1 <= int(found[2]) <= 65535:
        raise ValueError(f"{SCHEDULER}: expected tcp://host:port, got {text[:LONGEST_SHOWN]!r}")
    return text


def _hosts(
    words: list[str] | None,
    environment: Mapping[str, str],
    option: str,
    form: re.Pattern[str],
    normal: Callable[[str], str],
) -> tuple[str, ...]:
    name = option
    if words is None:
        name, words = ENVIRONMENT[option], [environment.get(ENVIRONMENT[option], "")]
    elif not any(words):
        raise ValueError(f"{name}: expected at least one host, got nothing")
    hosts = [host for word in words for host in re.split(r"[,\s]+", word) if host]
    for host in hosts:
        if form.fullmatch(host) is None:
            raise ValueError(
                f"{name}: expected hosts such as lab.example.org, got {host[:LONGEST_SHOWN]!r}"
            )
    return tuple(dict.fromkeys(map(normal, hosts)))


def _host(text: str) -> str:
    return text.lower().strip("[]")
