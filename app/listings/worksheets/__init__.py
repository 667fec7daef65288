"""Worksheets, keys and question banks in the formats of courses."""

from app.listings.worksheets.formats import FORMATS, KEYS, Format

__all__ = ["FORMATS", "KEYS", "Format"]
