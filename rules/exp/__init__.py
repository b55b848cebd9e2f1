"""Exports: what a module gives to its package."""
