"""The page "Training": how a network learns, update by update."""
