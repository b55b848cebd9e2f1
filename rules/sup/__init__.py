"""Suppressions: comments that keep findings from being reported."""
