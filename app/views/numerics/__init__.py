"""The page "Numerics": why the naive loss breaks, and why the stable one is right."""
