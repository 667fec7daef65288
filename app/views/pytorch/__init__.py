"""The page PyTorch: whether a framework agrees, and how its dynamic graph looks."""

from app.views.pytorch.page import render

__all__ = ["render"]
