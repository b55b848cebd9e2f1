"""The editor server: what editors hear of a module while it is written (LSP 3.17, over stdio)."""
