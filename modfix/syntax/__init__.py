"""Cells as syntax: their trees, and the index of what a module defines and reads."""
