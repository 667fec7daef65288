"""The page "Without the loop": ways to make the time loop go away or shrink, and their price."""
