"""Layers: functions of a tensor, most of them with parameters."""

from __future__ import annotations

import numpy as np

from tinytorch.core.tensor import Tensor


class Linear:
    """A fully connected layer: y = x @ weight + bias.

    ``weight`` has shape (in_features, out_features): column j holds the weights of output
    channel j. ``bias`` has shape (out_features,), or is None.
    """

    weight: Tensor
    bias: Tensor | None

    def __init__(self, in_features: int, out_features: int, bias: bool = True) -> None:
        """Draw the weights from a normal distribution of variance 2 / in_features.

        That is the scale of He et al. (2015), "Delving Deep into Rectifiers". The draw uses
        NumPy's global generator, so ``np.random.seed`` makes it repeatable. Biases start at 0.
        Raises ValueError unless both sizes are at least 1.
        """
        if in_features < 1 or out_features < 1:
            raise ValueError(
                "Linear expects in_features >= 1 and out_features >= 1, "
                f"got {in_features} and {out_features}"
            )
        self.in_features = in_features
        self.out_features = out_features
        scale = np.sqrt(2.0 / in_features)
        self.weight = Tensor(np.random.standard_normal((in_features, out_features)) * scale)
        self.bias = Tensor(np.zeros(out_features)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        """Map ``x`` of shape (…, in_features) to shape (…, out_features).

        Raises ValueError if the last axis of ``x`` has another length.
        """
        if x.ndim == 0 or x.shape[-1] != self.in_features:
            raise ValueError(f"Linear expects shape (…, {self.in_features}), got {x.shape}")
        product = x.matmul(self.weight)
        return product if self.bias is None else product + self.bias

    def parameters(self) -> list[Tensor]:
        """The weight, then the bias if there is one."""
        return [self.weight] if self.bias is None else [self.weight, self.bias]

    def __call__(self, x: Tensor) -> Tensor:
        return self.forward(x)

    def __repr__(self) -> str:
        return f"Linear({self.in_features}, {self.out_features}, bias={self.bias is not None})"


class Dropout:
    """Zero entries at random while training, scaled so that the expected value stays.

    Srivastava et al. (2014), "Dropout: A Simple Way to Prevent Neural Networks from
    Overfitting", in the form that scales while training and does nothing afterwards.
    """

    def __init__(self, p: float = 0.5) -> None:
        """``p`` is the probability that an entry is zeroed, 0 <= p < 1, else ValueError."""
        if not 0.0 <= p < 1.0:
            raise ValueError(f"Dropout expects 0 <= p < 1, got {p}")
        self.p = p

    def forward(self, x: Tensor, training: bool = False) -> Tensor:
        """Return ``x`` of any shape, with dropped entries if ``training``."""
        if not training:
            return x
        kept = np.random.random(x.shape) >= self.p
        return Tensor(np.where(kept, x.data / (1.0 - self.p), 0.0))

    def parameters(self) -> list[Tensor]:
        """Nothing: dropout is not trained."""
        return []

    def __call__(self, x: Tensor, training: bool = False) -> Tensor:
        return self.forward(x, training)
