"""Files as cells without loss, and edits on them."""
