"""What the documentation site has besides its pages: docs/conf.py takes it from here.

Lessons, notations and the reference of the library are written from what they describe.
"""
