"""Scripts that repeat a run without this project: in plain NumPy, and in PyTorch."""

from app.reproduce.training.numpy_run import numpy_run
from app.reproduce.training.torch_run import torch_run

__all__ = ["numpy_run", "torch_run"]
