"""What stands around graph and plots on the front page."""
