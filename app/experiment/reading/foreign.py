"""Files of other programs, known by their first bytes, and the line of Python that converts them.

Nothing is unpickled or unpacked here: only names inside a zip archive, headers, and a few bytes of
a pickle are looked at.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    UnicodeDecodeError,
    struct.error,
)
"""What `zipfile` raises over what it cannot read; RuntimeError when it is encrypted."""

LOOKED_AT = 200_000  # bytes of a pickle
STATE_KEYS = ("state_dict", "model_state_dict", "model_state", "model", "net", "weights")
TORCH_MAGIC = (
    b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"  # before its files were zip archives
)
SAVEZ = 'numpy.savez("{stem}.npz", '
SAVING = "from safetensors.torch import save_file"
SAVE = 'save_file({state}, "{stem}.safetensors")'
"""How tensors of PyTorch are saved, here and on the first visit: the way that is recommended."""
TORCH = f"import torch; {SAVING}; {SAVE}"


@dataclass(frozen=True)
class Kind:
    """A kind of file that is not opened here, and what to do with it."""

    what: str
    way: str  # with {name} and {stem} of the file; Python, unless it begins with a colon


def foreign(content: bytes, name: str = "") -> str | None:
    """Say what a file of another program is and how to get one that opens, in one sentence.

    What it holds decides, and its name only where the content cannot tell. None if it is no file
    of a known other program: `.npz`, `.safetensors`, a text.
    """
    kind = _kind(content, name.lower())
    if kind is None:
        return None
    return (
        "file: expected .csv, .json, .npz or .safetensors, "
        f"got {kind.what}; {way_on(kind.way, name)}"
    )


def way_on(way: str, name: str) -> str:
    """Return what to do with a file of this name: Python with {name} and {stem}, or in words."""
    safe = re.fullmatch(r"[\w -][\w. -]{0,39}", name) is not None and "." in name
    shown = name if safe else "model" + _ending(name)
    stem = shown.split(".")[0]
    stem += "_read" * shown.endswith(
        (".npz", ".csv", ".json", ".safetensors")
    )  # not over the file itself
    way = way.format(name=shown, stem=stem)
    return way[1:].strip() if way.startswith(":") else f"in Python: {way}"


def is_safetensors(content: bytes) -> bool:
    """Whether a file begins as that format does: the size of a header in JSON, and the header.

    The size comes first, so that its bytes may be those that another kind of file begins with.
    """
    return 2 <= int.from_bytes(content[:8], "little") <= len(content) - 8 and content[8:9] == b"{"


def _ending(name: str) -> str:
    return match[0] if (match := re.search(r"\.\w{1,11}$", name)) else ""


def _kind(content: bytes, name: str) -> Kind | None:
    if is_safetensors(content):
        return None
    if content[:4] == b"PK\x03\x04":
        return _zipped(content)
    for magic, found in BY_MAGIC:
        if content.startswith(magic):
            return found(content, name) if callable(found) else found
    if content[:1] == b"\x80" and content[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        if content[2:].startswith(TORCH_MAGIC):
            return _torch(content)
        return PICKLED_TENSORS if b"torch" in content[:LOOKED_AT] else PICKLE
    if re.match(rb"(?:\(?[dl]p\d+|c[\w.]{1,60})\n", content[:80]) and content.rstrip()[-1:] == b".":
        return PICKLE  # of protocol 0, a text
    if content[257:262] == b"ustar":
        return PACKED
    if content[4:8] == b"TFL3":
        return Kind("a model of TensorFlow Lite", KERAS_MODEL)
    binary = b"\0" in content[:1000] or not _is_text(content[:1000])
    if not binary:
        return None
    if name.endswith(".onnx") or _is_onnx(content):
        return ONNX
    return next((kind for ending, kind in BY_NAME.items() if name.endswith(ending)), None)


def _is_text(content: bytes) -> bool:
    return not any(byte < 9 or 13 < byte < 32 for byte in content)


def _is_onnx(content: bytes) -> bool:
    """Whether it begins as ONNX does: field 1 is a small version, field 2 a producer's name."""
    return re.match(rb"\x08[\x03-\x1e]\x12[\x01-\x40][\w .+-]{3,}", content) is not None


def _zipped(content: bytes) -> Kind | None:
    whole = True
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            pickled = next((n for n in names if n.endswith("data.pkl")), None)
            if pickled is not None:
                scripted = any("/code/" in n or n.endswith("constants.pkl") for n in names)
                entry = archive.getinfo(pickled)
                if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    return _torch(b"")
                with archive.open(entry) as stream:
                    return _torch(stream.read(LOOKED_AT), scripted=scripted)
    except DAMAGED:  # also the beginning of a large one, which has its directory at the end
        whole, names = False, _names_ahead(content)
        if names and names[0].endswith("data.pkl"):
            return _torch(content[:LOOKED_AT])
    if any(n.endswith(".npy") for n in names):
        return None
    if "config.json" in names and any(n.startswith("model.weights") for n in names):
        return KERAS
    if any(n.startswith("xl/") for n in names):
        return EXCEL
    if any(n.startswith("word/") for n in names):
        return Kind("a Word document", ": save its text as .txt")
    if "content.xml" in names:
        return Kind("an OpenDocument file", ": save the sheet as .csv")
    return PACKED if whole else None


def _names_ahead(content: bytes) -> list[str]:
    """Return the names that stand before the members of a zip archive, as far as it goes."""
    starts = [match.start() for match in re.finditer(rb"PK\x03\x04", content[:LOOKED_AT])]
    spans = [(s + 30, int.from_bytes(content[s + 26 : s + 28], "little")) for s in starts]
    return [content[at : at + length].decode("utf-8", "replace") for at, length in spans]


def _torch(pickled: bytes, *, scripted: bool = False) -> Kind:
    """Say how to convert a checkpoint, by what a look at its bytes finds, without unpickling."""
    what = "a checkpoint of PyTorch (a pickle: it can run code)"
    if scripted:
        state = 'torch.jit.load("{name}", "cpu").state_dict()'
        return Kind("a TorchScript program", TORCH.replace("{state}", state))
    if b"torch.nn.modules" in pickled or b"__main__" in pickled:
        state = 'torch.load("{name}", "cpu", weights_only=False).state_dict()'
        what = "a whole module of PyTorch (a pickle: it can run code, so only if you trust it)"
        return Kind(what, TORCH.replace("{state}", state))
    at = {key: place for key in STATE_KEYS if (place := pickled.find(_as_pickled(key))) >= 0}
    held = min(at, key=at.__getitem__, default=None)
    state = 'torch.load("{name}", "cpu", weights_only=True)' + (f'["{held}"]' if held else "")
    return Kind(what, TORCH.replace("{state}", state))


def _as_pickled(text: str) -> bytes:
    """Return a string as pickle's protocol 2, which PyTorch writes, holds it."""
    return b"X" + len(text).to_bytes(4, "little") + text.encode()


def _npy(content: bytes, _name: str) -> Kind:
    """Tell a table from a batch by the shape that the header states."""
    shape = re.search(rb"'shape': ?\(([\d, ]{0,40})\)", content[:1000])
    axes = len(re.findall(rb"\d+", shape[1])) if shape else 2
    if b"'|O'" in content[:1000]:
        return Kind(
            "Python objects in an array of NumPy (a pickle: only if you trust it)",
            "import numpy; " + SAVEZ + '**numpy.load("{name}", allow_pickle=True).item())',
        )
    load = 'numpy.load("{name}")'
    table = 'import numpy; numpy.savetxt("{stem}.csv", ' + load + ', delimiter=",")'
    cube = "import json, numpy; json.dump(" + load + '.tolist(), open("{stem}.json", "w"))'
    way = table if axes in (1, 2) else cube
    return Kind("one array of NumPy (.npy)", way)


def _hdf5(_content: bytes, name: str) -> Kind:
    if name.endswith(".mat"):
        return MATLAB_7_3
    if name.endswith(".weights.h5"):
        way = 'import numpy; model.load_weights("{name}"); ' + SAVEZ + "*model.get_weights())"
        return Kind("weights of Keras without their model (build it as `model`)", way)
    return Kind("HDF5, as Keras writes it", KERAS_MODEL)


KERAS_MODEL = "import keras, numpy; " + SAVEZ + '*keras.models.load_model("{name}").get_weights())'
KERAS = Kind("a model of Keras", KERAS_MODEL)
EXCEL = Kind(
    "an Excel workbook",
    'import pandas; pandas.read_excel("{name}").to_csv("{stem}.csv", index=False)',
)
OLD_OFFICE = Kind("an old Office file (.xls)", ": save the sheet as .csv")
PACKED = Kind("a packed archive", ": unpack it and open the file in it")
ONNX = Kind(
    "a model of ONNX",
    "import numpy, onnx; "
    + SAVEZ
    + "**{{t.name: onnx.numpy_helper.to_array(t) "
    + 'for t in onnx.load("{name}").graph.initializer}})',
)
A_PICKLE = "a pickle (it can run code, so only if you trust it)"
UNPICKLED = 'pickle.load(open("{name}", "rb"))'
PICKLE = Kind(A_PICKLE, "import numpy, pickle; " + SAVEZ + "**" + UNPICKLED + ")")
PICKLED_TENSORS = Kind(A_PICKLE, f"import pickle; {SAVING}; " + SAVE.replace("{state}", UNPICKLED))
MATLAB = Kind(
    "a file of MATLAB",
    "import numpy, scipy.io; "
    + SAVEZ
    + '**{{k: v for k, v in scipy.io.loadmat("{name}").items() if k[0] != "_"}})',
)
MATLAB_7_3 = Kind(
    "a file of MATLAB (7.3, HDF5)",
    "import h5py, numpy; "
    + SAVEZ
    + '**{{k: v[()].T for k, v in h5py.File("{name}").items() if k[0] != "#"}})',
)
PARQUET = Kind(
    "a Parquet table",
    'import pandas; pandas.read_parquet("{name}").to_csv("{stem}.csv", index=False)',
)
FEATHER = Kind(
    "an Arrow table",
    'import pandas; pandas.read_feather("{name}").to_csv("{stem}.csv", index=False)',
)
PICTURE = Kind("a picture", ": type its numbers, or a text")
MSGPACK = Kind(
    "parameters of Flax (msgpack)",
    "import flax, numpy; "
    + SAVEZ
    + "**flax.traverse_util.flatten_dict(flax.serialization.msgpack_restore("
    + 'open("{name}", "rb").read()), sep="."))',
)
TENSORFLOW = Kind(
    "a checkpoint of TensorFlow",
    "import numpy, tensorflow as tf; r = tf.train.load_checkpoint("
    + '"."); '
    + SAVEZ
    + "**{{k: r.get_tensor(k) for k in r.get_variable_to_shape_map()}})",
)

BY_MAGIC: tuple[tuple[bytes, Kind | Callable[[bytes, str], Kind]], ...] = (
    (b"\x93NUMPY", _npy),
    (b"\x89HDF\r\n\x1a\n", _hdf5),
    (b"MATLAB 7.3 MAT-file", MATLAB_7_3),
    (b"MATLAB 5.0 MAT-file", MATLAB),
    (b"PAR1", PARQUET),
    (b"ARROW1", FEATHER),
    (b"FEA1", FEATHER),
    (b"GGUF", Kind("a language model (GGUF)", ": only recurrent networks are shown here")),
    (b"%PDF", Kind("a PDF", ": copy the numbers or the text out of it and paste them")),
    (b"\x89PNG", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"GIF8", PICTURE),
    (b"\xd0\xcf\x11\xe0", OLD_OFFICE),
    (b"\x1f\x8b", PACKED),
    (b"BZh", PACKED),
    (b"\xfd7zXZ\x00", PACKED),
    (b"7z\xbc\xaf", PACKED),
    (b"\x28\xb5\x2f\xfd", PACKED),
    (b"Rar!", PACKED),
    (b"SQLite format 3", Kind("a database (SQLite)", ": save the table as .csv")),
)

BY_NAME = {
    ".mat": MATLAB,
    ".msgpack": MSGPACK,
    ".ckpt": TENSORFLOW,
    ".index": TENSORFLOW,
    ".data-00000-of-00001": TENSORFLOW,
    ".pkl": PICKLE,
    ".pickle": PICKLE,
    ".pt": Kind("a checkpoint of PyTorch", TORCH.replace("{state}", 'torch.load("{name}", "cpu")')),
    ".pth": Kind(
        "a checkpoint of PyTorch", TORCH.replace("{state}", 'torch.load("{name}", "cpu")')
    ),
    ".h5": Kind("weights of Keras", KERAS_MODEL),
    ".keras": KERAS,
    ".xls": OLD_OFFICE,
    ".parquet": PARQUET,
}
