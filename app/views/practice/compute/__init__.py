"""What the page Practice asks the core for, and what it reads of what is typed."""
