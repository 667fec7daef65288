"""What the page "Gradient flow" computes, one module for each of its sections."""
