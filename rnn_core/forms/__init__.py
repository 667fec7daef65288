"""Formulas as lists of elementary operations: what is printed, written and rounded step by step."""
