"""Compare one training step with PyTorch's: forward, backward, clipping and Adam, one thread.

Run it with `python -m benchmarks.training_speed`. It prints a table of CPU-time ratios beside the
targets, which are those of forward and backward alone and a tenth more, and fails on nothing.
"""

from benchmarks._one_thread import on_one_thread
from benchmarks.core_speed import CASES, Case, Run, our_problem, print_table, torch_problem

ALLOWANCE = 1.1
RATE = 1e-3
MAX_NORM = 1.0


def main() -> None:
    """Print the table, in a process that was started with one thread."""
    on_one_thread()
    print("CPU time of one training step, ours / torch.nn.RNN with torch.optim.Adam, one thread")
    print_table(CASES, our_step, torch_step, lambda case: ALLOWANCE * case.target)


def our_step(case: Case, dtype: str) -> Run:
    """Return one update of ours, each from the parameters that the one before has made."""
    from rnn_core.training import OPTIMISERS, Clip, train_step

    params, x, target = our_problem(case, dtype)
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


def torch_step(case: Case, dtype: str) -> Run:
    """Return one update of PyTorch's."""
    import torch

    modules, loss = torch_problem(case, dtype)
    parameters = list(modules.parameters())
    adam = torch.optim.Adam(parameters, lr=RATE)

    def run() -> None:
        adam.zero_grad()
        loss().backward()
        torch.nn.utils.clip_grad_norm_(parameters, MAX_NORM)
        adam.step()

    return run


if __name__ == "__main__":
    main()
