"""Measuring what a model costs: parameters, memory, arithmetic and time."""
