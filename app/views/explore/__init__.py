"""The page "Explore": what happens at each step, and where each number comes from."""
