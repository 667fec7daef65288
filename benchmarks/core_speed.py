"""Compare one forward and one backward pass with `torch.nn.RNN` and autograd, on one thread.

Run it with `python -m benchmarks.core_speed`. It prints a table of CPU-time ratios beside the
targets the project set itself and fails on nothing; it needs PyTorch. Ours and PyTorch's runs
take turns, so that whatever else the machine does hits both, and the best of each counts.
"""

import argparse
import importlib
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks._one_thread import on_one_thread

Run = Callable[[], None]


@dataclass(frozen=True)
class Case:
    """One size, and the ratio to stay under."""

    steps: int
    batch: int
    inputs: int
    hidden: int
    target: float
    activation: str = "tanh"

    def __str__(self) -> str:
        sizes = f"{self.steps}, {self.batch}, {self.inputs}, {self.hidden}"
        return sizes if self.activation == "tanh" else f"{sizes}, {self.activation}"


CASES = (
    Case(20, 1, 1, 4, 0.05),
    Case(200, 1, 2, 8, 0.06),
    Case(1000, 1, 2, 16, 0.07),
    Case(5000, 1, 1, 32, 0.075),
    Case(100, 32, 8, 64, 0.45),
    Case(200, 64, 16, 128, 0.95),
    Case(784, 100, 1, 100, 0.65, "relu"),
    Case(500, 128, 64, 256, 1.0),
    Case(200, 256, 64, 512, 1.0),
)
SECONDS_PER_CASE = 3.0
MIN_ROUNDS, MAX_ROUNDS = 3, 400

VANISHING = (
    Case(5000, 1, 1, 32, 1.5, "identity"),
    Case(200, 64, 16, 128, 1.5),
    Case(200, 256, 64, 512, 1.5),
)
"""Backward passes through the subnormal numbers, over one where gradients keep their size."""


def main() -> None:
    """Print the table, in a process that was started with one thread."""
    on_one_thread()
    cases = chosen_of(CASES, __doc__)
    print("CPU time of forward + backward, ours / torch.nn.RNN, one thread")
    print_table(cases, our_run, torch_run, lambda case: case.target)
    print_vanishing()


def chosen_of(cases: Sequence[Case], about: str | None) -> Sequence[Case]:
    """Return the cases whose numbers stand on the command line, all where there are none."""
    parser = argparse.ArgumentParser(description=about)
    numbers = range(len(cases))
    parser.add_argument(
        "sizes", nargs="*", type=int, help=f"from 0 to {len(cases) - 1}; all unless given"
    )
    given = parser.parse_args().sizes
    if any(number not in numbers for number in given):
        parser.error(f"sizes: expected numbers from 0 to {len(cases) - 1}, got {given}")
    return [cases[number] for number in given] or cases


def print_table(
    cases: Iterable[Case],
    ours_of: Callable[[Case, str], Run],
    torchs_of: Callable[[Case, str], Run],
    target_of: Callable[[Case], float],
) -> None:
    """Print a line for each case and dtype: our time, PyTorch's, the ratio and its target."""
    print_head("ours ms", "torch ms")
    for case in cases:
        for dtype in ("float64", "float32"):
            print_ratio(case, dtype, ours_of(case, dtype), torchs_of(case, dtype), target_of(case))


def print_head(first: str, second: str) -> None:
    """Print what the columns of a table are."""
    print(f"{'T, B, D, H':24}{'dtype':>9}{first:>11}{second:>11}{'ratio':>8}{'target':>8}")


def print_ratio(
    case: object, dtype: str, first: Run, second: Run, target: float | None = None
) -> None:
    """Print the line of one case: both times, their ratio, and whether it is within its target."""
    one, other = take_turns(first, second)
    ratio = one / other
    line = f"{case!s:24}{dtype:>9}{one * 1e3:11.3f}{other * 1e3:11.3f}{ratio:8.3f}"
    if target is not None:
        line += f"{target:8.3f}{'' if ratio <= target else '  missed'}"
    print(line, flush=True)


def print_vanishing() -> None:
    """Print what gradients that vanish into the subnormal range cost, against healthy ones."""
    print("\nCPU time of backward where gradients vanish / where they keep their size, both ours")
    print_head("vanish ms", "keep ms")
    for case in VANISHING:
        for dtype in ("float64", "float32"):
            gone, kept = (
                our_backward(case, dtype, vanishes=vanishes) for vanishes in (True, False)
            )
            print_ratio(case, dtype, gone, kept, case.target)


def take_turns(first: Run, second: Run) -> tuple[float, float]:
    """Return the CPU seconds of one call of each: the best of many turns."""
    repeats = (_repeats(first), _repeats(second))
    times: tuple[list[float], list[float]] = ([], [])
    deadline = time.perf_counter() + SECONDS_PER_CASE
    rounds = 0
    while rounds < MIN_ROUNDS or (rounds < MAX_ROUNDS and time.perf_counter() < deadline):
        for run, count, found in zip((first, second), repeats, times, strict=True):
            found.append(_cpu_seconds(run, count))
        rounds += 1
    return _typical(times[0]), _typical(times[1])


def _typical(times: list[float]) -> float:
    """Return the median of the faster half: steadier than the minimum, less noisy than all."""
    return statistics.median(sorted(times)[: max(1, len(times) // 2)])


def _repeats(run: Run) -> int:
    run()
    return max(1, int(0.01 / max(_cpu_seconds(run, 1), 1e-6)))


def _cpu_seconds(run: Run, count: int) -> float:
    start = time.process_time()
    for _ in range(count):
        run()
    return (time.process_time() - start) / count


def our_problem(case: Case, dtype: str, core: Any = None) -> tuple[Any, Any, Any]:
    """Return parameters, input and target, by the core given or the one of this checkout."""
    import numpy as np

    core = core or importlib.import_module("rnn_core")
    rng = np.random.default_rng(0)
    params = core.Parameters.random(case.inputs, case.hidden, seed=0).astype(dtype)
    x = rng.normal(size=(case.steps, case.batch, case.inputs)).astype(dtype)
    return params, x, rng.integers(0, 2, (case.batch, 1)).astype(dtype)


def our_run(case: Case, dtype: str, core: Any = None) -> Run:
    """Return one forward and backward pass of a core, ours unless given, validation and all."""
    core = core or importlib.import_module("rnn_core")
    params, x, target = our_problem(case, dtype, core)

    def run() -> None:
        core.backward(core.forward(params, x, target, activation=case.activation))

    return run


def our_backward(case: Case, dtype: str, *, vanishes: bool) -> Run:
    """Return our backward pass of a network whose gradients vanish or keep their size.

    They keep it in an orthogonal network, a linear one or one with small inputs. They vanish in a
    linear one of spectral radius 0.8, and by PyTorch's default weights otherwise: about 0.5 a step.
    """
    import numpy as np

    from rnn_core import backward, forward, initialise

    linear = case.activation == "identity"
    scheme = "uniform_pytorch" if vanishes and not linear else "orthogonal"
    params = initialise(
        scheme,
        case.inputs,
        case.hidden,
        seed=0,
        spectral_radius=0.8 if vanishes and linear else None,
    ).astype(dtype)
    x = np.random.default_rng(0).normal(size=(case.steps, case.batch, case.inputs))
    trace = forward(params, x if vanishes else 1e-3 * x, 1.0, activation=case.activation)

    def run() -> None:
        backward(trace)

    return run


def torch_problem(case: Case, dtype: str) -> tuple[Any, Callable[[], Any]]:
    """Return an RNN with a linear readout, and its loss from the logit as a function to call."""
    import torch

    torch.set_num_threads(1)
    kind = getattr(torch, dtype)
    torch.manual_seed(0)
    network = torch.nn.RNN(case.inputs, case.hidden, nonlinearity=case.activation).to(kind)
    readout = torch.nn.Linear(case.hidden, 1).to(kind)
    x = torch.randn(case.steps, case.batch, case.inputs, dtype=kind)
    target = torch.randint(0, 2, (case.batch, 1)).to(kind)
    loss_of = torch.nn.functional.binary_cross_entropy_with_logits

    def loss() -> Any:
        states, _ = network(x)
        return loss_of(readout(states[-1]), target)

    return torch.nn.ModuleList([network, readout]), loss


def torch_run(case: Case, dtype: str) -> Run:
    """Return the same pass in PyTorch, with autograd."""
    modules, loss = torch_problem(case, dtype)

    def run() -> None:
        modules.zero_grad()
        loss().backward()

    return run


if __name__ == "__main__":
    main()
