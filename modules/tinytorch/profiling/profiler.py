"""What a model costs: parameters, memory, arithmetic and time."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from typing import Protocol

from tinytorch.core.layers import Linear
from tinytorch.core.tensor import Tensor

BYTES_PER_VALUE = 4
BYTES_PER_MB = 1e6
MS_PER_SECOND = 1e3


class Model(Protocol):
    """Anything with a forward pass and parameters; one with ``layers`` is looked into."""

    def forward(self, x: Tensor) -> Tensor:
        """Map (batch, in_features) to (batch, out_features)."""
        ...

    def parameters(self) -> Sequence[Tensor | None]:
        """All tensors that training would change; None stands for an absent bias."""
        ...


class Profiler:
    """Measures a model without changing it."""

    def count_parameters(self, model: Model) -> int:
        """The number of entries in all parameters, biases included."""
        return sum(tensor.size for tensor in _tensors(model))

    def count_nonzero(self, model: Model) -> int:
        """The number of entries in all parameters, biases included, that are not 0."""
        return sum(int((tensor.data != 0).sum()) for tensor in _tensors(model))

    def measure_memory(self, model: Model, input_shape: tuple[int, ...]) -> dict[str, float]:
        """The memory of one forward pass, in MB (10**6 bytes) of 32-bit values.

        ``input_shape`` is (batch, in_features). The keys are ``parameter_memory_mb``,
        ``activation_memory_mb`` (the input and each layer's output) and ``total_mb``.
        """
        parameters = self.count_parameters(model) * BYTES_PER_VALUE / BYTES_PER_MB
        values = _entries(input_shape)
        for _, output_shape in _steps(model, input_shape):
            values += _entries(output_shape)
        activations = values * BYTES_PER_VALUE / BYTES_PER_MB
        return {
            "parameter_memory_mb": parameters,
            "activation_memory_mb": activations,
            "total_mb": parameters + activations,
        }

    def count_flops(self, model: Model, input_shape: tuple[int, ...]) -> int:
        """The floating-point operations of one forward pass over ``input_shape``.

        ``input_shape`` is (batch, in_features). A Linear layer costs 2 * in_features operations
        for each output value (a multiplication and an addition each), and one more with a bias;
        any other layer costs one operation for each output value.
        """
        total = 0
        for layer, output_shape in _steps(model, input_shape):
            total += _entries(output_shape) * _operations_per_value(layer)
        return total

    def measure_latency(
        self, model: Model, x: Tensor, warmup: int = 3, iterations: int = 20
    ) -> float:
        """The median time of a forward pass over ``x``, in milliseconds.

        The first ``warmup`` passes are not timed. Raises ValueError if ``warmup`` is negative
        or ``iterations`` is less than 1.
        """
        if warmup < 0 or iterations < 1:
            raise ValueError(
                "measure_latency expects warmup >= 0 and iterations >= 1, "
                f"got {warmup} and {iterations}"
            )
        for _ in range(warmup):
            model.forward(x)
        return statistics.median(_milliseconds(model, x) for _ in range(iterations))


def _tensors(model: Model) -> list[Tensor]:
    return [tensor for tensor in model.parameters() if tensor is not None]


def _layers(model: object) -> list[object]:
    layers = getattr(model, "layers", None)
    return [model] if layers is None else list(layers)


def _steps(model: object, input_shape: tuple[int, ...]) -> list[tuple[object, tuple[int, ...]]]:
    """Each layer with the shape that it puts out, in order."""
    steps = []
    shape = input_shape
    for layer in _layers(model):
        if isinstance(layer, Linear):
            shape = (*shape[:-1], layer.out_features)
        steps.append((layer, shape))
    return steps


def _operations_per_value(layer: object) -> int:
    if not isinstance(layer, Linear):
        return 1
    return 2 * layer.in_features + (layer.bias is not None)


def _entries(shape: tuple[int, ...]) -> int:
    count = 1
    for length in shape:
        count *= length
    return count


def _milliseconds(model: Model, x: Tensor) -> float:
    start = time.perf_counter()
    model.forward(x)
    return (time.perf_counter() - start) * MS_PER_SECOND
