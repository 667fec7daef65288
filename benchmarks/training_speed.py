"""Compare one training step with PyTorch's: forward, backward, clipping and Adam, one thread.

Run it with `python -m benchmarks.training_speed`. It prints a table of CPU-time ratios beside the
targets, which are those of forward and backward alone and a tenth more, and fails on nothing.
"""

from collections.abc import Callable

from benchmarks._one_thread import on_one_thread
from benchmarks.core_speed import CASES, Case, take_turns

ALLOWANCE = 1.1
RATE = 1e-3
MAX_NORM = 1.0


def main() -> None:
    """Print the table, in a process that was started with one thread."""
    on_one_thread()
    print("CPU time of one training step, ours / torch.nn.RNN with torch.optim.Adam, one thread")
    print(f"{'T, B, D, H':24}{'dtype':>9}{'ours ms':>11}{'torch ms':>11}{'ratio':>8}{'target':>8}")
    for case in CASES:
        for dtype in ("float64", "float32"):
            ours, torchs = take_turns(our_step(case, dtype), torch_step(case, dtype))
            ratio, target = ours / torchs, ALLOWANCE * case.target
            verdict = "" if ratio <= target else "  missed"
            print(
                f"{case!s:24}{dtype:>9}{ours * 1e3:11.3f}{torchs * 1e3:11.3f}"
                f"{ratio:8.3f}{target:8.3f}{verdict}",
                flush=True,
            )


def our_step(case: Case, dtype: str) -> Callable[[], None]:
    """Return one update of ours, each from the parameters that the one before has made."""
    import numpy as np

    from rnn_core import Parameters
    from rnn_core.training import OPTIMISERS, Clip, train_step

    rng = np.random.default_rng(0)
    params = Parameters.random(case.inputs, case.hidden, seed=0).astype(dtype)
    x = rng.normal(size=(case.steps, case.batch, case.inputs)).astype(dtype)
    target = rng.integers(0, 2, (case.batch, 1)).astype(dtype)
    adam, clip = OPTIMISERS["adam"], Clip(norm=MAX_NORM)
    at = [(params, adam.start(params))]

    def run() -> None:
        update = train_step(
            *at[0],
            x,
            target,
            optimiser=adam,
            learning_rate=RATE,
            clip=clip,
            activation=case.activation,
        )
        at[0] = update.params, update.state

    return run


def torch_step(case: Case, dtype: str) -> Callable[[], None]:
    """Return one update of PyTorch's."""
    import torch

    torch.set_num_threads(1)
    kind = getattr(torch, dtype)
    torch.manual_seed(0)
    network = torch.nn.RNN(case.inputs, case.hidden, nonlinearity=case.activation).to(kind)
    readout = torch.nn.Linear(case.hidden, 1).to(kind)
    x = torch.randn(case.steps, case.batch, case.inputs, dtype=kind)
    target = torch.randint(0, 2, (case.batch, 1)).to(kind)
    parameters = [*network.parameters(), *readout.parameters()]
    adam = torch.optim.Adam(parameters, lr=RATE)
    loss_of = torch.nn.functional.binary_cross_entropy_with_logits

    def run() -> None:
        adam.zero_grad()
        states, _ = network(x)
        loss_of(readout(states[-1]), target).backward()
        torch.nn.utils.clip_grad_norm_(parameters, MAX_NORM)
        adam.step()

    return run


if __name__ == "__main__":
    main()
