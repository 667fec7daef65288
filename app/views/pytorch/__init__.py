"""The page "PyTorch": whether a framework agrees, and how its dynamic graph looks."""
