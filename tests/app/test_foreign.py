"""Files of other programs are named, and the line that is offered makes a file that opens."""

import io
import json
import os
import pickle
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.io
import torch
from safetensors.torch import load as load_torch

from app.experiment.reading.foreign import SAVE, SAVING, foreign
from app.views.explore.sections import introduction


class Net(torch.nn.Module):
    """A module of a class that the reader does not know."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn = torch.nn.RNN(2, 3)
        self.fc = torch.nn.Linear(3, 1)


def state() -> dict[str, torch.Tensor]:
    torch.manual_seed(1)
    return Net().state_dict()


def saved(value: object, **options: object) -> bytes:
    buffer = io.BytesIO()
    torch.save(value, buffer, **options)
    return buffer.getvalue()


def arrays() -> dict[str, np.ndarray]:
    return {name: tensor.numpy() for name, tensor in state().items()}


def npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, b"")
    return buffer.getvalue()


def matlab() -> bytes:
    buffer = io.BytesIO()
    scipy.io.savemat(buffer, {"W_hh": np.eye(2)})
    return buffer.getvalue()


def line_of(sentence: str) -> str:
    return sentence.split("in Python: ", 1)[1]


RUN_EACH = """
import contextlib, json, os, sys, traceback
for asked in sys.stdin:
    line, folder = json.loads(asked)
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            exec(line, {"__name__": "__main__"})
    except Exception:
        print(json.dumps(traceback.format_exc()), flush=True)
    else:
        print(json.dumps(None), flush=True)
"""
TOO_LONG_S = 120
Run = Callable[[str, Path], None]


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    """Run a line of Python in a folder: one interpreter for all, which imports PyTorch once."""
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", RUN_EACH]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env
    ) as python:
        ask, answers = python.stdin, python.stdout
        assert ask is not None
        assert answers is not None

        def run_in(line: str, folder: Path) -> None:
            print(json.dumps([line, str(folder)]), file=ask, flush=True)
            late = threading.Timer(TOO_LONG_S, python.kill)
            late.start()
            answer = answers.readline()
            late.cancel()
            assert answer, f"none within {TOO_LONG_S} s: {line}"
            assert json.loads(answer) is None, json.loads(answer)

        yield run_in
        ask.close()


CONVERTED: dict[str, tuple[Callable[[], bytes], dict[str, np.ndarray]]] = {
    "state.pt": (lambda: saved(state()), arrays()),
    "old style.pth": (lambda: saved(state(), _use_new_zipfile_serialization=False), arrays()),
    "lightning.ckpt": (lambda: saved({"epoch": 3, "state_dict": state()}), arrays()),
    "resumed.pt": (lambda: saved({"model_state_dict": state(), "optim": {}}), arrays()),
    "nested.tar": (lambda: saved({"net": state()}), arrays()),
    "kept.pt": (lambda: saved(Net().state_dict(keep_vars=True)), {"fc.bias": np.zeros(1)}),
    "half.pt": (lambda: saved({"w": torch.ones(2, dtype=torch.bfloat16)}), {"w": np.ones(2)}),
    "weights.pkl": (lambda: pickle.dumps(arrays()), arrays()),
    "misnamed.npz": (lambda: pickle.dumps(arrays()), arrays()),
    "tensors.pickle": (lambda: pickle.dumps(dict(state())), arrays()),
    "weights0.pkl": (lambda: pickle.dumps(arrays(), protocol=0), arrays()),
    "objects.npy": (lambda: npy(np.array(arrays(), dtype=object)), arrays()),
    "weights.mat": (matlab, {"W_hh": np.eye(2)}),
}


@pytest.mark.parametrize("name", CONVERTED)
def test_the_line_that_is_offered_converts_the_file(name: str, tmp_path: Path, run: Run) -> None:
    make, expected = CONVERTED[name]
    (tmp_path / name).write_bytes(make())
    sentence = foreign(make(), name)
    assert sentence is not None
    run(line_of(sentence), tmp_path)
    (made,) = {*tmp_path.glob("*.npz"), *tmp_path.glob("*.safetensors")} - {tmp_path / name}
    is_tensors = made.suffix == ".safetensors"
    assert is_tensors == ("torch" in line_of(sentence))
    kept = load_torch(made.read_bytes()) if is_tensors else np.load(io.BytesIO(made.read_bytes()))
    for key, array in expected.items():
        found = kept[key].double().numpy() if is_tensors else kept[key]
        assert found.shape == array.shape
        assert name == "kept.pt" or np.array_equal(found, array)


def test_a_checkpoint_is_saved_in_the_way_that_the_first_visit_recommends() -> None:
    line = line_of(foreign(saved(state()), "model.pt") or "")
    for part in (SAVING, SAVE.partition("(")[0]):
        assert part in line
        assert part in introduction.SAVING
    assert 'save_file(model.state_dict(), "weights.safetensors")' in introduction.SAVING


@pytest.mark.parametrize("array", [np.arange(3.0), np.arange(6.0).reshape(3, 2)])
def test_a_table_of_numpy_becomes_csv(array: np.ndarray, tmp_path: Path, run: Run) -> None:
    (tmp_path / "x.npy").write_bytes(npy(array))
    run(line_of(foreign(npy(array), "x.npy") or ""), tmp_path)
    assert np.array_equal(np.loadtxt(tmp_path / "x.csv", delimiter=","), array)


def test_a_batch_of_numpy_becomes_json(tmp_path: Path, run: Run) -> None:
    cube = np.arange(12.0).reshape(3, 2, 2)
    (tmp_path / "x.npy").write_bytes(npy(cube))
    run(line_of(foreign(npy(cube), "x.npy") or ""), tmp_path)
    assert json.loads((tmp_path / "x.json").read_text()) == cube.tolist()


NAMED = {
    "model.keras": (zipped("config.json", "metadata.json", "model.weights.h5"), "Keras", "keras"),
    "table.xlsx": (zipped("[Content_Types].xml", "xl/workbook.xml"), "Excel", "read_excel"),
    "essay.docx": (zipped("[Content_Types].xml", "word/document.xml"), "Word", ".txt"),
    "sheet.ods": (zipped("mimetype", "content.xml"), "OpenDocument", ".csv"),
    "model.h5": (b"\x89HDF\r\n\x1a\n" + bytes(100), "Keras", "load_model"),
    "my.weights.h5": (b"\x89HDF\r\n\x1a\n" + bytes(100), "Keras", "load_weights"),
    "new.mat": (b"MATLAB 7.3 MAT-file, Platform" + bytes(200), "MATLAB", "h5py"),
    "model.onnx": (b"\x08\x0a\x12\x07pytorch\x1a\x052.4.0:\xb2\x05", "ONNX", "onnx.load"),
    "table.parquet": (b"PAR1" + bytes(9), "Parquet", "read_parquet"),
    "flax.msgpack": (b"\x81\xa6params\x82\x00", "Flax", "msgpack_restore"),
    "model.tflite": (b"\x1c\0\0\0TFL3" + bytes(20), "TensorFlow Lite", "keras"),
    "scan.pdf": (b"%PDF-1.7", "PDF", "paste"),
    "photo.png": (b"\x89PNG\r\n", "picture", "numbers"),
    "data.csv.gz": (b"\x1f\x8b\x08" + bytes(9), "packed", "unpack"),
    "old.xls": (b"\xd0\xcf\x11\xe0" + bytes(20), "Office", ".csv"),
    "script.pt": (zipped("m/data.pkl", "m/code/x.py", "m/constants.pkl"), "Script", "jit.load"),
}


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("renamed", [False, True])
def test_the_content_says_what_a_file_is(name: str, renamed: bool) -> None:
    content, what, way = NAMED[name]
    told_by_name = name in ("flax.msgpack", "my.weights.h5")
    kept = "data" if renamed and not told_by_name else name
    sentence = foreign(content, kept)
    assert sentence is not None
    assert sentence.startswith("file: expected ")
    assert way in sentence
    assert what in sentence


@pytest.mark.parametrize("make", [lambda: saved(Net()), lambda: saved(state())])
def test_no_pickle_is_opened(make: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    content = make()
    monkeypatch.setattr(pickle, "loads", lambda *_: pytest.fail("unpickled"))
    monkeypatch.setattr(pickle, "load", lambda *_: pytest.fail("unpickled"))
    assert "it can run code" in (foreign(content, "model.pt") or "")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"1,2\n3,4\n", "a.csv"),
        (b"", ""),
        ("größer, kleiner".encode("cp1252"), "t.txt"),
        ("x1;x2\n1;2".encode("utf-16"), "t.csv"),
        (b"PK\x03\x04 cut", "w.npz"),
        (zipped("W_hh.npy"), "w.npz"),
        (pd.DataFrame({"a": [1]}).to_csv().encode(), "model.pt"),
        (b"d1\n2.\n", "numbers.txt"),
        (b"\x02\x01\x00\x00\x00\x00\x00\x00{}", "w.safetensors"),
    ],
)
def test_texts_and_files_that_open_are_not_foreign(content: bytes, name: str) -> None:
    assert foreign(content, name) is None


@pytest.mark.parametrize(
    "name", ['"; rm -rf ~; ".pt', "a\nb.pt", "../../x.pt", "é<b>.pt", "x" * 999]
)
def test_a_hostile_name_is_not_part_of_the_line(name: str) -> None:
    sentence = foreign(saved(state()), name)
    assert sentence is not None
    assert len(sentence) < 310
    assert all(hostile not in sentence for hostile in ("rm -rf", "\n", "..", "<b>", "xxxx"))
