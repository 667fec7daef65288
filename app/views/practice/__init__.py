"""The page "Practice": a pass to do by hand, marked number by number."""
