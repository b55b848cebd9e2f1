"""modfix: lints, repairs and verifies the modules of a programming course."""

__version__ = "0.1.0"
