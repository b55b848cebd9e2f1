"""Runs a module again, step by step."""
