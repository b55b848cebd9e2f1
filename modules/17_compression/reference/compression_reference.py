"""Reference implementation of module 17, compression.

It has the public names, signatures, contracts and errors that the module asks of a student, and
none of the module's text. ``test_contract.py`` compares any implementation with this one.

Conventions: shares that go in (``sparsity``, ``prune_ratio``, ``rank_ratio``, ``alpha``) are
fractions from 0 to 1; sparsities that come out are percent from 0 to 100. A weight matrix is a
parameter with two axes, shape (in_features, out_features); biases are never counted. A count
that is derived from a share is ``round(share * n)``, Python's rounding.

Sources
    Eckart, Young (1936), The Approximation of One Matrix by Another of Lower Rank.
    Han, Pool, Tran, Dally (2015), Learning both Weights and Connections for Efficient Neural
    Networks.
    Hinton, Vinyals, Dean (2015), Distilling the Knowledge in a Neural Network.
    Li, Kadav, Durdanovic, Samet, Graf (2017), Pruning Filters for Efficient ConvNets.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypedDict, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from tinytorch.core.layers import Linear
from tinytorch.core.tensor import Tensor

Array = NDArray[np.float64]


class Model(Protocol):
    """Anything with parameters; None stands for an absent bias."""

    def parameters(self) -> Sequence[Tensor | None]:
        """All tensors that training would change."""
        ...


class LayeredModel(Model, Protocol):
    """A model that shows its layers."""

    @property
    def layers(self) -> Sequence[object]:
        """The layers in the order of the forward pass."""
        ...


ModelT = TypeVar("ModelT", bound=Model)
LayeredModelT = TypeVar("LayeredModelT", bound=LayeredModel)


class CompressionStats(TypedDict):
    """What ``compress_model`` reports."""

    #: The number of all parameters, biases included.
    original_params: int
    #: Percent of weights that were zero before.
    original_sparsity: float
    #: Percent of weights that are zero after.
    final_sparsity: float
    #: The difference of the two, in percentage points.
    sparsity_increase: float
    #: The number of weights that are not zero after.
    nonzero_weights: int
    #: The number of weights divided by ``nonzero_weights``; infinite if none is left.
    compression_ratio: float
    #: The techniques in the order in which they were applied.
    applied_techniques: list[str]


def measure_sparsity(model: Model) -> float:
    """The share of entries of all weight matrices that are exactly 0, in percent (0 to 100).

    Raises ValueError if the model has no weight matrix.
    """
    values = _flat(_weights_of(model, "measure_sparsity"))
    return float(np.mean(values == 0.0) * 100.0)


def magnitude_prune(model: ModelT, sparsity: float = 0.9) -> ModelT:
    """Zero the weights of smallest magnitude, in place, and return the model.

    One ranking over all weight matrices, after Han et al. (2015). ``sparsity`` is a fraction from
    0 to 1; of n weights exactly ``round(sparsity * n)`` are chosen, and among equal magnitudes
    those that come first. Biases stay. Raises ValueError for a sparsity out of range and for a
    model without a weight matrix; nothing is changed then.
    """
    _check_share("magnitude_prune", "sparsity", sparsity)
    weights = _weights_of(model, "magnitude_prune")
    values = _flat(weights)
    smallest = np.argsort(np.abs(values), kind="stable")[: round(sparsity * values.size)]
    keep = np.ones(values.size, dtype=bool)
    keep[smallest] = False
    borders = np.cumsum([weight.size for weight in weights])[:-1]
    for weight, kept in zip(weights, np.split(keep, borders), strict=True):
        weight.data[...] = np.where(kept.reshape(weight.shape), weight.data, 0.0)
    return model


def structured_prune(model: LayeredModelT, prune_ratio: float = 0.5) -> LayeredModelT:
    """Zero the weakest output channels of each Linear layer, in place, and return the model.

    A channel is a column of the weight, of shape (in_features, out_features), with its bias; its
    strength is the column's L2 norm. Li et al. (2017) rank filters by L1 norms and find L2 to
    behave alike. In each layer of ``model.layers`` the ``round(prune_ratio * out_features)``
    weakest channels go, and among equal ones those that come first. Raises ValueError for a ratio
    out of 0 to 1 and for a model without a Linear layer; nothing is changed then.
    """
    _check_share("structured_prune", "prune_ratio", prune_ratio)
    linear_layers = [layer for layer in model.layers if isinstance(layer, Linear)]
    if not linear_layers:
        raise ValueError("structured_prune expects at least one Linear weight in model.layers")
    for layer in linear_layers:
        _silence_weakest_channels(layer, prune_ratio)
    return model


def low_rank_approximate(
    weight_matrix: Tensor | ArrayLike, rank_ratio: float = 0.5
) -> tuple[Array, Array, Array]:
    """Factor a matrix of shape (m, n) into U (m, r), S (r,) falling, and V (r, n).

    r is ``round(rank_ratio * min(m, n))``, but at least 1. ``(U * S) @ V`` is a matrix of rank r
    at most that is closest to the given one in the Frobenius norm (Eckart & Young, 1936); its
    squared distance is the sum of the squared singular values left out. Raises ValueError unless
    the matrix has two axes, entries, and only finite ones, and the ratio is from 0 to 1.
    """
    matrix = _array(weight_matrix)
    if matrix.ndim != 2 or matrix.size == 0 or not np.isfinite(matrix).all():
        raise ValueError(
            "low_rank_approximate expects a weight_matrix of shape (m, n) with finite entries, "
            f"got shape {matrix.shape}"
        )
    _check_share("low_rank_approximate", "rank_ratio", rank_ratio)
    rank = max(1, round(rank_ratio * min(matrix.shape)))
    left, strengths, right = np.linalg.svd(matrix, full_matrices=False)
    return left[:, :rank], strengths[:rank], right[:rank]


class KnowledgeDistillation:
    """The loss of Hinton, Vinyals and Dean (2015) for a student that imitates a teacher.

    ``alpha * T**2 * KL(teacher || student) + (1 - alpha) * cross_entropy``, where both
    distributions of the divergence are softened by the temperature T, the cross-entropy is that
    of the student at temperature 1, and both are means over the batch, in nats.
    """

    def __init__(
        self, teacher: Any, student: Any, temperature: float = 3.0, alpha: float = 0.7
    ) -> None:
        """Keep all four under their names.

        Raises ValueError unless ``temperature`` is finite and above 0 and ``alpha`` is a fraction
        from 0 to 1.
        """
        if not (math.isfinite(temperature) and temperature > 0.0):
            raise ValueError(
                f"KnowledgeDistillation expects a finite temperature > 0, got {temperature}"
            )
        _check_share("KnowledgeDistillation", "alpha", alpha)
        self.teacher = teacher
        self.student = student
        self.temperature = temperature
        self.alpha = alpha

    def distillation_loss(
        self,
        student_logits: Tensor | ArrayLike,
        teacher_logits: Tensor | ArrayLike,
        true_labels: Tensor | ArrayLike,
    ) -> float:
        """The loss of a batch, a float of at least 0.

        Both logits have the shape (batch, classes), neither of them 0; the labels are class
        indices of shape (batch,), from 0 to classes - 1. Raises ValueError for anything else.
        """
        student, teacher = _array(student_logits), _array(teacher_logits)
        if student.ndim != 2 or student.size == 0 or student.shape != teacher.shape:
            raise ValueError(
                "distillation_loss expects student_logits and teacher_logits of one shape "
                f"(batch, classes), got {student.shape} and {teacher.shape}"
            )
        labels = _class_indices(_array(true_labels), *student.shape)
        soft = self.temperature**2 * _divergence(
            teacher / self.temperature, student / self.temperature
        )
        return self.alpha * soft + (1.0 - self.alpha) * _cross_entropy(student, labels)


def compress_model(model: Any, compression_config: Mapping[str, float]) -> CompressionStats:
    """Apply the requested techniques to the model, in place, and report what happened.

    The configuration maps techniques to ratios from 0 to 1: ``low_rank`` (every weight matrix
    becomes its approximation of that share of its rank), ``structured_prune`` and
    ``magnitude_prune``. They are applied in this order, whatever the order of the keys: a
    low-rank reconstruction would fill the zeros of the pruners, and the ranking of single weights
    counts the zeros of silent channels.

    Weights change, and biases under ``structured_prune``; the configuration does not. Raises
    ValueError for an unknown technique, a ratio out of range and a model without a weight matrix;
    nothing is changed then.
    """
    _check_config(compression_config)
    weights = _weights_of(model, "compress_model")
    before = measure_sparsity(model)
    applied = [name for name in _TECHNIQUES if name in compression_config]
    for name in applied:
        _TECHNIQUES[name](model, compression_config[name])
    after = measure_sparsity(model)
    nonzero = int(np.count_nonzero(_flat(weights)))
    total = sum(weight.size for weight in weights)
    return {
        "original_params": sum(tensor.size for tensor in _tensors_of(model)),
        "original_sparsity": before,
        "final_sparsity": after,
        "sparsity_increase": after - before,
        "nonzero_weights": nonzero,
        "compression_ratio": total / nonzero if nonzero else math.inf,
        "applied_techniques": applied,
    }


def _check_share(function: str, name: str, value: float) -> None:
    """Refuse what is not a fraction; NaN fails both comparisons."""
    if not 0.0 <= value <= 1.0:
        raise ValueError(f"{function} expects 0 <= {name} <= 1, got {value}")


def _check_config(config: Mapping[str, float]) -> None:
    for name, ratio in config.items():
        if name not in _TECHNIQUES:
            raise ValueError(
                f"compress_model expects techniques among {tuple(_TECHNIQUES)}, got {name!r}"
            )
        _check_share("compress_model", name, ratio)


def _tensors_of(model: Model) -> list[Tensor]:
    return [tensor for tensor in model.parameters() if tensor is not None]


def _weights_of(model: Model, function: str) -> list[Tensor]:
    weights = [tensor for tensor in _tensors_of(model) if tensor.ndim == 2]
    if not weights:
        raise ValueError(f"{function} expects a model with at least one weight matrix, got none")
    return weights


def _flat(weights: Sequence[Tensor]) -> NDArray[np.float32]:
    """All entries of the matrices one after the other, row by row, shape (n,)."""
    return np.concatenate([weight.data.ravel() for weight in weights])


def _silence_weakest_channels(layer: Linear, prune_ratio: float) -> None:
    strengths = np.sqrt(np.square(layer.weight.data, dtype=np.float64).sum(axis=0))
    count = round(prune_ratio * strengths.size)
    weakest = np.argsort(strengths, kind="stable")[:count]
    layer.weight.data[:, weakest] = 0.0
    if layer.bias is not None:
        layer.bias.data[weakest] = 0.0


def _approximate_weights(model: Model, rank_ratio: float) -> None:
    for weight in _weights_of(model, "compress_model"):
        left, strengths, right = low_rank_approximate(weight, rank_ratio)
        weight.data[...] = (left * strengths) @ right


#: The techniques by name, in the order in which ``compress_model`` applies them.
_TECHNIQUES: dict[str, Callable[[Any, float], object]] = {
    "low_rank": _approximate_weights,
    "structured_prune": structured_prune,
    "magnitude_prune": magnitude_prune,
}


def _array(values: Tensor | ArrayLike) -> Array:
    return np.asarray(values.data if isinstance(values, Tensor) else values, dtype=np.float64)


def _class_indices(labels: Array, batch: int, classes: int) -> NDArray[np.int64]:
    if labels.shape != (batch,):
        raise ValueError(
            f"distillation_loss expects true_labels of shape ({batch},), got {labels.shape}"
        )
    if not np.isin(labels, np.arange(classes)).all():
        raise ValueError(
            f"distillation_loss expects true_labels that are whole numbers from 0 to {classes - 1}"
        )
    return labels.astype(np.int64)


def _log_softmax(logits: Array) -> Array:
    """Log-probabilities along the last axis; the shift by the maximum prevents overflow."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))


def _divergence(teacher: Array, student: Array) -> float:
    """KL(teacher || student) of logits of shape (batch, classes): the mean in nats."""
    log_p, log_q = _log_softmax(teacher), _log_softmax(student)
    return float((np.exp(log_p) * (log_p - log_q)).sum(axis=-1).mean())


def _cross_entropy(logits: Array, labels: NDArray[np.int64]) -> float:
    """The mean in nats of minus the log-probability of each label."""
    chosen = np.take_along_axis(_log_softmax(logits), labels[:, np.newaxis], axis=-1)
    return float(-chosen.mean())
