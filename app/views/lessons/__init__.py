"""Lessons: texts whose scenes stand above the app's own pages."""
