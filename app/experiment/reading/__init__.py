"""What people have, as texts and files, and what was understood of it."""
