"""Linear recurrences h_t = A_t h_{t-1} + b_t: as an approximation, and solved without a loop."""

from rnn_core.linear.constant import block_toeplitz, doubling, matrix_powers, toeplitz_matrix
from rnn_core.linear.prefix import SCANS, ScanLevel, ScanTree, prefix_scan, scan_tree
from rnn_core.linear.tangent import AROUND, Linearisation, linear_error, linearise

__all__ = [
    "AROUND",
    "SCANS",
    "Linearisation",
    "ScanLevel",
    "ScanTree",
    "block_toeplitz",
    "doubling",
    "linear_error",
    "linearise",
    "matrix_powers",
    "prefix_scan",
    "scan_tree",
    "toeplitz_matrix",
]
