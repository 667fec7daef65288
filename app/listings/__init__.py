"""Scripts that reproduce an experiment without this project: for PyTorch, and for plain NumPy."""

from app.listings.numpy_script import numpy_script
from app.listings.torch_script import torch_script
from app.listings.writing import MAX_NUMBERS, printed

__all__ = ["MAX_NUMBERS", "numpy_script", "printed", "torch_script"]
