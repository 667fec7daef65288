"""Scripts that repeat a run without this project: in plain NumPy, and in PyTorch."""

from app.views.training.scripts.numpy_run import numpy_run
from app.views.training.scripts.torch_run import torch_run

__all__ = ["numpy_run", "torch_run"]
