"""Measurements against peers, run as `make bench`; each prints a table and fails on nothing."""
