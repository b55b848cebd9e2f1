"""What students get of a module: cleared as nbgrader clears it, checked, and written on request."""
