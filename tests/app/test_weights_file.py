"""Weights as files: what goes out comes back, PyTorch's come in, and nothing hostile does."""

import io
import json
import pickle
import zipfile

import numpy as np
import pytest
import torch
from safetensors.torch import save as save_torch

from app.experiment import weights_file
from app.experiment.weights_file import LARGEST_FILE, to_npz, to_safetensors, weights_in
from rnn_core import PARAMETER_NAMES, Parameters, forward


def params() -> Parameters:
    return Parameters.random(3, 5, 2, seed=4)


def same(one: Parameters, other: Parameters) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in PARAMETER_NAMES)


@pytest.mark.parametrize("write", [to_npz, to_safetensors])
def test_what_goes_out_comes_back_to_the_last_bit(write) -> None:
    assert same(weights_in(write(params())), params())


def test_numpy_and_torch_read_what_we_write() -> None:
    from safetensors.torch import load as load_torch

    with np.load(io.BytesIO(to_npz(params())), allow_pickle=False) as archive:
        assert np.array_equal(archive["W_hh"], params().W_hh)
    assert np.array_equal(load_torch(to_safetensors(params()))["b_h"].numpy(), params().b_h)


@pytest.mark.parametrize("prefixes", [("", ""), ("rnn.", "fc."), ("net.0.", "net.1.")])
@pytest.mark.parametrize("biased", [True, False])
def test_an_rnn_and_a_linear_layer_of_torch_are_one_network(prefixes, biased: bool) -> None:
    torch.manual_seed(1)
    rnn = torch.nn.RNN(3, 5, bias=biased, dtype=torch.float64)
    linear = torch.nn.Linear(5, 2, bias=biased, dtype=torch.float64)
    state = {prefixes[0] + name: value for name, value in rnn.state_dict().items()}
    state |= {prefixes[1] + name: value for name, value in linear.state_dict().items()}
    x = np.random.default_rng(0).normal(size=(7, 1, 3))
    found = forward(weights_in(save_torch(state)), x).logits[0, 0]
    expected = linear(rnn(torch.tensor(x))[0][-1])[0].detach().numpy()
    assert np.abs(found - expected).max() < 1e-14


def test_other_orders_and_kinds_of_numbers_are_read() -> None:
    buffer = io.BytesIO()
    arrays = {name: np.asfortranarray(array) for name, array in params().items()}
    arrays["W_xh"] = arrays["W_xh"].astype(">f4")
    arrays["b_y"] = np.array([1, 2])
    np.savez_compressed(buffer, **arrays)
    found = weights_in(buffer.getvalue())
    assert np.array_equal(found.W_hh, params().W_hh)
    assert np.array_equal(found.W_xh, params().W_xh.astype(np.float32))
    assert found.b_y.tolist() == [1, 2]


def npz(**arrays: object) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **{**dict(params().items()), **arrays})
    return buffer.getvalue()


def npy_claiming(shape: tuple[int, ...]) -> bytes:
    buffer = io.BytesIO()
    header = {"descr": "<f8", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(buffer, header)
    return buffer.getvalue()


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return buffer.getvalue()


def with_header(header: bytes) -> bytes:
    start = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little")
    return zipped(W_hh=start + header + bytes(72))


def packed(method: int, size: int = 1000) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("W_hh.npy", npy_claiming((5, 5)) + bytes(size))
    return buffer.getvalue()


def with_endless_dictionary(content: bytes) -> bytes:
    """An archive packed by LZMA whose header asks for a dictionary of 4 GiB."""
    at = content.index(b"W_hh.npy") + len(b"W_hh.npy") + 5
    return content[:at] + b"\xff\xff\xff\xff" + content[at + 4 :]


def tensors(header: object, body: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + body


def damaged(content: bytes) -> bytes:
    """The archive with a deflated member's bytes turned over."""
    at = content.index(b".npy") + 30
    return content[:at] + bytes(byte ^ 0xFF for byte in content[at : at + 40]) + content[at + 40 :]


def encrypted(content: bytes) -> bytes:
    """The archive with the flag set that says its members are encrypted."""
    places = (b"PK\x03\x04", 6), (b"PK\x01\x02", 8)
    changed = bytearray(content)
    for signature, offset in places:
        at = content.index(signature) + offset
        changed[at] |= 1
    return bytes(changed)


class Evil:
    def __reduce__(self):
        return (pytest.fail, ("unpickled",))


HOSTILE = {
    "nothing": b"",
    "text": b"W_hh = 1",
    "pickle": pickle.dumps({"W_hh": 1}),
    "cut archive": npz()[:200],
    "damaged archive": damaged(zipped(W_hh=npy_claiming((5, 5)) + bytes(200))),
    "encrypted archive": encrypted(npz()),
    "objects": npz(W_hh=np.array([Evil()], dtype=object)),
    "words": npz(W_hh=np.array(["a"])),
    "terabytes": zipped(W_hh=npy_claiming((10**6, 10**6))),
    "fewer numbers than claimed": zipped(W_hh=npy_claiming((5, 5))),
    "zip bomb": zipped(W_hh=npy_claiming((5, 5)) + bytes(50_000_000)),
    "no array": zipped(W_hh=b"hello"),
    "many arrays": zipped(**{f"a{i}": b"" for i in range(1000)}),
    "long header": zipped(W_hh=b"\x93NUMPY\x02\x00" + (2**31).to_bytes(4, "little")),
    "cube": npz(W_hh=np.zeros((2, 2, 2))),
    "missing": zipped(W_hh=npy_claiming((1, 1)) + bytes(8)),
    "not finite": npz(b_y=np.array([1.0, np.nan])),
    "does not fit": npz(b_y=np.array([1.0, 2.0, 3.0])),
    "header beyond the end": (2**60).to_bytes(8, "little") + b"{}",
    "bzip2": packed(zipfile.ZIP_BZIP2),
    "lzma": packed(zipfile.ZIP_LZMA),
    "zstd": packed(zipfile.ZIP_STORED).replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00\x00\x00\x00",
        b"PK\x01\x02\x14\x03\x14\x00\x00\x00\x5d\x00",
    ),
    "deep header": with_header(b"(" * 9000),
    "deep header of tuples": with_header(
        b"{'descr': '<f8', 'fortran_order': False, 'shape': " + b"(" * 4000 + b")" * 4000 + b"}"
    ),
    "header of code": with_header(
        b"{'descr': '<f8', 'fortran_order': False, 'shape': (__import__('os').getpid(),)}"
    ),
    "minus": with_header(b"{'descr': '<f8', 'fortran_order': False, 'shape': (-3, -3), }"),
    "long number": with_header(
        b"{'descr': '<f8', 'fortran_order': False, 'shape': (" + b"9" * 150 + b", 1), }"
    ),
    "structured": with_header(b"{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (3,)}"),
    "deep objects": tensors(b'{"a":' * 3000 + b"1" + b"}" * 3000),
    "overlap": tensors(
        {n: {"dtype": "F64", "shape": [1, 1], "data_offsets": [0, 8]} for n in ("W_hh", "W_xh")},
        bytes(8),
    ),
    "no json": tensors(b"{{{{"),
    "no text": tensors(b"\xff\xfe\xfa\xfb"),
    "deep json": tensors(b"[" * 16_000),
    "a list": tensors([1, 2]),
    "no shape": tensors({"W_hh": {}}),
    "huge shape": tensors({"W_hh": {"dtype": "F64", "shape": [10**9], "data_offsets": [0, 8]}}),
    "odd shape": tensors({"W_hh": {"dtype": "F64", "shape": ["5"], "data_offsets": [0, 8]}}),
    "integers": tensors({"W": {"dtype": "I64", "shape": [1], "data_offsets": [0, 8]}}, bytes(8)),
    "wrong offsets": tensors({"W": {"dtype": "F64", "shape": [4], "data_offsets": [0, 8]}}),
    "hostile name": tensors(
        {"</script><img src=x>": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]}}, bytes(8)
    ),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_does_not_fit_is_refused_in_one_sentence(content: bytes) -> None:
    with pytest.raises(ValueError, match="expected") as refused:
        weights_in(content)
    message = str(refused.value)
    assert "\n" not in message
    assert len(message) < 300
    assert message.isprintable()


def test_a_checkpoint_of_torch_is_refused_with_a_way_out() -> None:
    buffer = io.BytesIO()
    torch.save(torch.nn.RNN(1, 2).state_dict(), buffer)
    with pytest.raises(
        ValueError, match=r"a checkpoint of PyTorch \(a pickle.*; in Python: import"
    ):
        weights_in(buffer.getvalue())


def test_a_file_that_is_too_large_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights_file, "network", lambda *_: pytest.fail("opened"))
    with pytest.raises(ValueError, match="expected at most 2,900,000 bytes, got"):
        weights_in(npz(momentum=np.zeros(LARGEST_FILE // 8)))
    with pytest.raises(ValueError, match="expected a NumPy archive"):
        weights_in(b"PK" + bytes(LARGEST_FILE))


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ({"rnn.weight_ih_l1": (5, 5)}, "one layer in one direction"),
        ({"fc2.weight": (2, 5)}, "one weight of an nn.Linear"),
        ({"norm.scale": (5,)}, "nothing else"),
    ],
)
def test_a_deeper_network_of_torch_is_refused(extra: dict[str, tuple[int, ...]], said: str) -> None:
    state = {f"rnn.{n}": v for n, v in torch.nn.RNN(3, 5).state_dict().items()}
    state |= {f"fc.{n}": v for n, v in torch.nn.Linear(5, 2).state_dict().items()}
    state |= {name: torch.zeros(shape) for name, shape in extra.items()}
    with pytest.raises(ValueError, match=said):
        weights_in(save_torch(state))
