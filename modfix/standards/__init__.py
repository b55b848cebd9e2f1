"""The named standards, as TOML."""
