"""One page a file, each a plain function that draws the current experiment."""
