"""Format: files and cells that can be read."""
