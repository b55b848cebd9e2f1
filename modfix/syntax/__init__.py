"""Cells as syntax: LibCST trees, and the index of what a module defines and reads."""
