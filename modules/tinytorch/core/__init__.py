"""Tensors, layers and activations."""
