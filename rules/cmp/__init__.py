"""Composition: how models are put together."""
