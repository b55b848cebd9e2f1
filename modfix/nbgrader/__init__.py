"""What nbgrader itself does with a cell, in our own implementation: importing nbgrader costs
seconds, and it tells one error at a time and no cell. Tests hold the two against each other."""
