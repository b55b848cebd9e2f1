"""Which files, which rules, and what the rules find."""
