"""Work: what is kept, measured, done in turn, and done in other threads and processes."""
