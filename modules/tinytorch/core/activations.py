"""Activations: functions of a tensor that keep its shape and have no parameters."""

from __future__ import annotations

import numpy as np

from tinytorch.core.tensor import Tensor


class Activation:
    """What all activations share: they can be called, and they have nothing to train."""

    def forward(self, x: Tensor) -> Tensor:
        """Apply the function to ``x`` of any shape; the result has the same shape."""
        raise NotImplementedError

    def parameters(self) -> list[Tensor]:
        """Nothing: activations are not trained."""
        return []

    def __call__(self, x: Tensor) -> Tensor:
        return self.forward(x)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class ReLU(Activation):
    """max(x, 0), entry by entry."""

    def forward(self, x: Tensor) -> Tensor:
        """Replace each negative entry of ``x`` (any shape) by 0."""
        return Tensor(np.maximum(x.data, 0.0))


class Sigmoid(Activation):
    """1 / (1 + exp(-x)), entry by entry."""

    def forward(self, x: Tensor) -> Tensor:
        """Map each entry of ``x`` (any shape) into (0, 1), without overflow for large ones."""
        decay = np.exp(-np.abs(x.data))
        return Tensor(np.where(x.data >= 0, 1.0, decay) / (1.0 + decay))


class Tanh(Activation):
    """The hyperbolic tangent, entry by entry."""

    def forward(self, x: Tensor) -> Tensor:
        """Map each entry of ``x`` (any shape) into (-1, 1)."""
        return Tensor(np.tanh(x.data))


class Softmax(Activation):
    """exp(x) scaled to sum to 1 along the last axis."""

    def forward(self, x: Tensor) -> Tensor:
        """Turn logits of shape (…, classes) into probabilities of the same shape."""
        powers = np.exp(x.data - np.max(x.data, axis=-1, keepdims=True))
        return Tensor(powers / np.sum(powers, axis=-1, keepdims=True))
