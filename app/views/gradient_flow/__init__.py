"""The page "Gradient flow": why gradients vanish or explode, and what helps."""
