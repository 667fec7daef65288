"""Tools of the repository, run as `python -m scripts.<name>` from its top folder."""
