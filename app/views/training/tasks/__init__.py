"""What is learnt: the tasks that the page offers, and data of the reader's own."""
