"""An experiment as the token of a link, and as a file.

A token is compact JSON (only what differs from the defaults), compressed, in URL-safe base64.
Floats travel as their shortest decimal form that reads back to the same bits.
"""

import base64
import binascii
import hashlib
import json
import zlib
from typing import Any, Literal

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.experiment.reading import json_text
from app.experiment.sources import Value, fault_of
from app.experiment.value import VERSION, Experiment

MAX_TOKEN = 6000  # characters; proxies cut addresses near 8 kB
MAX_NAME = 200  # characters of a node's name in an address: they are far shorter
MAX_FILE = 4_000_000  # bytes
MAX_INFLATED = 200_000  # bytes of JSON in a token: far above what compresses to MAX_TOKEN fairly

VERSIONS = (("version",), ("unrolled",), ("experiment", "version"))
"""Where a link or a file says its version."""

MARK = "kept."  # no letter of a token is a dot
MALFORMED = (
    "link: expected an experiment shared from this app, got something else or only a part of it"
)


def too_long(token: str) -> bool:
    """Whether the token has no place in an address; the file holds the experiment then."""
    return len(token) > MAX_TOKEN


def mark(token: str) -> str:
    """Return what the address holds in place of a token that is too long: a name for it."""
    return f"{MARK}{hashlib.sha256(token.encode()).hexdigest()[:20]}"


def is_mark(token: str) -> bool:
    """Whether the address holds the name of an experiment, not the experiment."""
    return token.startswith(MARK)


def encode(experiment: Experiment) -> str:
    """Return the token of an experiment; equal experiments give equal tokens."""
    return deflated(_json(experiment).encode())


def decode(token: str) -> Experiment:
    """Return the experiment of a token, equal to the last bit.

    Raises
    ------
    ValueError
        The token is too long, damaged, or not an experiment.
    """
    if too_long(token):
        raise ValueError(f"link: expected at most {MAX_TOKEN} characters, got {len(token)}")
    return _read(inflated(token, MAX_INFLATED), "link")


def decode_kept(token: str) -> Experiment:
    """Return the experiment of a token that a tab has kept: it may be as long as a file.

    Raises
    ------
    ValueError
        The token is too long, damaged, or not an experiment.
    """
    if len(token) > MAX_FILE:
        raise ValueError(f"link: expected at most {MAX_FILE:,} characters, got {len(token):,}")
    text = inflated(token, MAX_FILE)
    json_text.require_bounded(text, "link")
    return _read(text, "link")


def can_be_kept(token: str) -> bool:
    """Whether `decode_kept` would take the token of an experiment."""
    try:
        return len(token) <= MAX_FILE and bool(inflated(token, MAX_FILE))
    except ValueError:
        return False


def deflated(content: bytes) -> str:
    """Return a token that holds the bytes, in letters that an address takes."""
    packed = zlib.compress(content, level=9)
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def inflated(token: str, most: int) -> bytes:
    """Return what a token holds, of which at most so many bytes are made.

    Raises
    ------
    ValueError
        It is damaged, or holds more.
    """
    try:
        packed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        inflate = zlib.decompressobj()
        text = inflate.decompress(packed, most)
    except (binascii.Error, zlib.error, ValueError):
        raise ValueError(MALFORMED) from None
    if not inflate.eof or inflate.unused_data:
        raise ValueError(MALFORMED)
    return text


def to_file(experiment: Experiment) -> str:
    """Return the experiment as the text of a JSON file."""
    return json.dumps({"unrolled": VERSION, "experiment": _compact(experiment)}, allow_nan=False)


def from_file(content: bytes) -> Experiment:
    """Return the experiment in a file that `to_file` wrote.

    Raises
    ------
    ValueError
        The file is too large or holds something else.
    """
    if len(content) > MAX_FILE:
        raise ValueError(f"file: expected at most {MAX_FILE:,} bytes, got {len(content):,}")
    json_text.require_bounded(content, "file")
    try:
        return _Saved.model_validate_json(content, strict=True).experiment
    except ValidationError as error:
        raise ValueError(f"file: {_fault(error)}") from None


class _Saved(Value):
    """A file: read in one pass, for what has as many numbers as one experiment may is large."""

    unrolled: Literal[1]  # VERSION
    experiment: Experiment


def _fault(error: ValidationError) -> str:
    faults = error.errors(include_url=False, include_context=False)
    if faults[0]["type"] == "json_invalid":
        return "expected JSON saved from this app, got something else"
    if later := _later(faults):
        return later
    if any(len(fault["loc"]) <= 1 and fault["type"] != "value_error" for fault in faults):
        return "expected an experiment saved from this app, got other JSON"
    return fault_of(error, below=1)


def _read(text: bytes, what: str) -> Experiment:
    try:
        return Experiment.model_validate_json(text, strict=True)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False)
        raise ValueError(f"{what}: {_later(faults) or fault_of(error)}") from None


def _later(faults: list[ErrorDetails]) -> str:
    """Say that a later version of this app has made it, or that its version is none; or nothing.

    That comes before whatever else is not understood: a later version may say anything.
    """
    for fault in faults:
        if fault["type"] == "literal_error" and fault["loc"] in VERSIONS:
            found = fault["input"]
            if isinstance(found, int) and not isinstance(found, bool) and found > VERSION:
                return (
                    f"made by a later version of this app: expected version {VERSION}, "
                    f"got {str(found)[:20]}"
                )
            return f"expected version {VERSION}, got {str(found)[:20]!r}"
    return ""


def _json(experiment: Experiment) -> str:
    return json.dumps(
        _compact(experiment), separators=(",", ":"), allow_nan=False, ensure_ascii=False
    )


def _compact(experiment: Experiment) -> Any:
    fields = experiment.model_dump(exclude_defaults=True, exclude={"version"})
    return {**_short(fields), **version_field(experiment.version)}


def version_field(version: int) -> dict[str, int]:
    """Return what a link says of its version: nothing of the first, which links began without."""
    return {} if version == 1 else {"version": version}


def _short(value: Any) -> Any:
    """Write whole floats as integers, which read back as the same floats."""
    if isinstance(value, dict):
        return {key: _short(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_short(item) for item in value]
    if (
        isinstance(value, float)
        and value.is_integer()
        and abs(value) < 2**53
        and str(value) != "-0.0"
    ):
        return int(value)
    return value
