"""nbgrader: metadata, ids and kinds of cells."""
