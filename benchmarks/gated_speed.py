"""Compare one forward and one backward pass of gated cells with PyTorch's, on one thread.

Run it with `python -m benchmarks.gated_speed`, with the number of a size to measure that alone. It
prints tables of CPU-time ratios, and fails on nothing; it needs PyTorch. In float32, where
PyTorch's LSTM is one fused kernel, there is no target.
"""

from typing import Any

from benchmarks._one_thread import on_one_thread
from benchmarks.core_speed import Case, Run, chosen_of, print_head, print_ratio

CASES = (
    Case(20, 1, 1, 4, 0.13),
    Case(200, 1, 2, 8, 0.13),
    Case(1000, 1, 2, 16, 0.12),
    Case(5000, 1, 1, 32, 0.14),
    Case(100, 32, 8, 64, 0.8),
    Case(200, 64, 16, 128, 1.1),
)

BY_LINES = (Case(20, 1, 1, 4, 0), Case(200, 1, 2, 8, 0))
"""Sizes at which cells without a kernel are measured."""


def main() -> None:
    """Print the tables, in a process that was started with one thread."""
    on_one_thread()
    cases = chosen_of(CASES, __doc__)
    for cell, module in (("lstm", "LSTM"), ("gru", "GRU"), ("gru_reset_before", "GRU")):
        print(f"CPU time of forward + backward, {cell} / torch.nn.{module}, one thread")
        print_head("ours ms", "torch ms")
        for case in cases:
            for dtype in ("float64", "float32"):
                runs = our_run(cell, case, dtype), torch_run(module, case, dtype)
                print_ratio(case, dtype, *runs, case.target if dtype == "float64" else None)
    print("CPU time of cells that run by their lines alone / of torch.nn.GRU, one thread")
    print_head("ours ms", "torch ms")
    for case in BY_LINES:
        runs = our_run("leaky", case, "float64"), torch_run("GRU", case, "float64")
        print_ratio(f"{case}, leaky", "float64", *runs)


def our_run(cell: str, case: Case, dtype: str) -> Run:
    """Return one forward and backward pass of ours, validation and all."""
    import numpy as np

    from rnn_core import Parameters, backward, forward

    rng = np.random.default_rng(0)
    params = Parameters.random(case.inputs, case.hidden, seed=0, cell=cell).astype(dtype)
    x = rng.normal(size=(case.steps, case.batch, case.inputs)).astype(dtype)
    target = rng.integers(0, 2, (case.batch, 1)).astype(dtype)

    def run() -> None:
        backward(forward(params, x, target))

    return run


def torch_run(module: str, case: Case, dtype: str) -> Run:
    """Return the same pass in PyTorch, with autograd."""
    import torch

    torch.set_num_threads(1)
    kind = getattr(torch, dtype)
    torch.manual_seed(0)
    network: Any = getattr(torch.nn, module)(case.inputs, case.hidden).to(kind)
    readout = torch.nn.Linear(case.hidden, 1).to(kind)
    modules = torch.nn.ModuleList([network, readout])
    x = torch.randn(case.steps, case.batch, case.inputs, dtype=kind)
    target = torch.randint(0, 2, (case.batch, 1)).to(kind)
    loss_of = torch.nn.functional.binary_cross_entropy_with_logits

    def run() -> None:
        modules.zero_grad()
        states, _ = network(x)
        loss_of(readout(states[-1]), target).backward()

    return run


if __name__ == "__main__":
    main()
