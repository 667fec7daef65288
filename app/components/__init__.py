"""What is drawn by our own front ends; each is a Python side and a `frontend/` beside it."""
