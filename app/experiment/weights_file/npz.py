"""NumPy's archive: a zip of `.npy` files, read without believing any size that it claims."""

import io
import re
import zipfile

import numpy as np

from app.experiment.reading.foreign import DAMAGED
from app.experiment.weights_file.stored import MOST_ARRAYS, Array, Stored, short_name

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How NumPy packs. The other ways of zip take gigabytes for a few bytes before they give any."""

MAGIC = b"\x93NUMPY"
MOST_HEADER_BYTES = 16_384
LENGTH_BYTES = {b"\x01\x00": 2, b"\x02\x00": 4, b"\x03\x00": 4}  # of the header's size, by version
DESCRIPTION = re.compile(rb"""['"]descr['"]\s{0,9}:\s{0,9}['"]([<>|=]?)([a-zA-Z])(\d{0,9})['"]""")
ORDER = re.compile(rb"""['"]fortran_order['"]\s{0,9}:\s{0,9}(True|False)""")
SHAPE = re.compile(rb"""['"]shape['"]\s{0,9}:\s{0,9}\(([\d,L ]{0,200})\)""")
KINDS = {"f": "float", "i": "int", "u": "uint", "b": "bool", "c": "complex"}
BFLOAT16 = ("V", "2")  # as JAX's numbers arrive in NumPy: two bytes of no known meaning


class _Content(io.BytesIO):
    """The bytes of a file; a damaged directory of a zip may point before its beginning."""

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        if whence == io.SEEK_SET and offset < 0:
            raise zipfile.BadZipFile("an offset before the beginning")
        return super().seek(offset, whence)


def stored(content: bytes) -> list[Stored]:
    """Return what the archive holds, in its order; no more than the headers is unpacked.

    Raises
    ------
    ValueError
        It is damaged, encrypted, packed in another way, or holds what is no array; one sentence.
    """
    try:
        with zipfile.ZipFile(_Content(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ARRAYS:
                raise ValueError(
                    f"weights file: expected at most {MOST_ARRAYS:,} arrays, got {len(entries):,}"
                )
            return [_header(content, archive, entry) for entry in entries if not entry.is_dir()]
    except DAMAGED:
        raise _damaged() from None


def _damaged() -> ValueError:
    return ValueError("weights file: expected a NumPy archive (.npz), got a damaged one")


def _header(content: bytes, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Stored:
    """Read what an array says of itself."""
    name = entry.filename.removesuffix(".npy")
    if entry.compress_type not in METHODS:
        raise ValueError(
            f"{short_name(name)}: expected an array stored or deflated, as NumPy packs it, "
            f"got another way of zip ({entry.compress_type})"
        )
    with archive.open(entry) as stream:
        start = stream.read(8)
        if start[:6] != MAGIC or start[6:] not in LENGTH_BYTES:
            raise ValueError(
                f"{short_name(name)}: expected an array as NumPy writes it, got another file"
            )
        length = int.from_bytes(stream.read(LENGTH_BYTES[start[6:]]), "little")
        header = stream.read(length) if length <= MOST_HEADER_BYTES else b""
    described, ordered, shaped = (p.search(header) for p in (DESCRIPTION, ORDER, SHAPE))
    if ordered is None or shaped is None:
        raise ValueError(f"{short_name(name)}: expected a header of NumPy, got another one")
    shape = tuple(int(number) for number in re.findall(rb"\d{1,19}", shaped[1]))
    start_of_numbers = 8 + LENGTH_BYTES[start[6:]] + length
    is_columns = ordered[1] == b"True"
    if described is None:
        kind, dtype = "a table of named columns", None
    else:
        kind, dtype = _type(*(part.decode() for part in described.groups()))

    def numbers() -> Array:
        if dtype is None:
            way = ': in NumPy, save array.astype("float64")' if kind == "float128" else ""
            raise ValueError(f"{short_name(name)}: expected real numbers, got {kind}{way}")
        count = int(np.prod(shape, dtype=np.int64))
        raw = _bytes(content, entry, start_of_numbers, count * dtype.itemsize)
        if len(raw) != count * dtype.itemsize:
            raise ValueError(
                f"{short_name(name)}: expected {count} numbers as its header says, got others"
            )
        read = from_bytes(raw, dtype, kind)
        return read.reshape(shape[::-1]).T if is_columns else read.reshape(shape)

    return Stored(name, shape, kind, numbers)


def _bytes(content: bytes, entry: zipfile.ZipInfo, start: int, count: int) -> bytes:
    """Unpack what follows the header, and one byte more if there is one."""
    try:
        with zipfile.ZipFile(_Content(content)) as archive, archive.open(entry) as stream:
            stream.read(start)
            return stream.read(count + 1)
    except DAMAGED:
        raise _damaged() from None


def _type(order: str, letter: str, width: str) -> tuple[str, "np.dtype[np.generic] | None"]:
    """Return the name of a type and how to read its bytes; None if they are no real numbers."""
    if (letter, width) == BFLOAT16:
        return "bfloat16", np.dtype("<u2")
    if letter in KINDS and width in ("1", "2", "4", "8", "16"):
        kind = KINDS[letter] + ("" if letter == "b" else str(8 * int(width)))
        readable = letter in "fiu" and int(width) <= 8 and (letter, width) != ("f", "1")
        return kind, np.dtype(
            f"{order.replace('|', '<') or '<'}{letter}{width}"
        ) if readable else None
    words = {"O": "Python objects (a pickle, which could run code)", "U": "words", "S": "words"}
    return words.get(letter, f"bytes of another kind ({letter}{width})"), None


def from_bytes(raw: bytes | memoryview, dtype: "np.dtype[np.generic]", kind: str) -> Array:
    """Return numbers as float64; a bfloat16 is the upper half of a float32."""
    read = np.frombuffer(raw, dtype)
    if kind == "bfloat16":
        return (read.astype("<u4") << 16).view("<f4").astype(float)
    return read.astype(float)
