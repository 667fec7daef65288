"""Fast loops for cells whose lines are known beforehand; every other cell runs by its lines.

A kernel computes what the interpreter computes, in fewer and larger operations; the tests hold it
to that.
"""

from rnn_core.cells import Cell
from rnn_core.kernels.gru import GRU_KERNEL
from rnn_core.kernels.gru_before import GRU_BEFORE_KERNEL
from rnn_core.kernels.kernel import Kernel, KernelRun
from rnn_core.kernels.lstm import LSTM_KERNEL
from rnn_core.kernels.through import Carried, carry_back, unroll

__all__ = ["KERNELS", "Carried", "Kernel", "KernelRun", "carry_back", "kernel_of", "unroll"]

KERNELS: dict[str, Kernel] = {
    kernel.cell.name: kernel for kernel in (GRU_KERNEL, GRU_BEFORE_KERNEL, LSTM_KERNEL)
}


def kernel_of(cell: Cell) -> Kernel | None:
    """Return the kernel for exactly these lines; None where there is none."""
    found = KERNELS.get(cell.name)
    return found if found is not None and (cell is found.cell or cell == found.cell) else None
