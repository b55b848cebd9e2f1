"""The small NumPy core that the course's modules build on.

Only what the modules of this repository import lives here: tensors, fully connected layers,
activations and a profiler. There is no automatic differentiation.
"""
