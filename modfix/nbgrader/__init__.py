"""What nbgrader itself does with a cell, done again here without importing it."""
