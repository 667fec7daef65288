"""What the front page computes beside the run itself."""
