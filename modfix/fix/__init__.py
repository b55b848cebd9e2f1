"""From findings to a repaired document, and from there to the file."""
