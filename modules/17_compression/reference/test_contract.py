"""The contract of module 17, checked against any implementation (see ``conftest.py``).

Values come from closed forms where there are any, and from the reference otherwise. Errors are
part of the contract: a ValueError whose message names the argument that was refused.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tinytorch.core.activations import ReLU
from tinytorch.core.layers import Linear
from tinytorch.core.tensor import Tensor

FRACTIONS = [0.0, 0.1, 0.25, 0.29, 0.5, 0.58, 0.75, 0.9, 0.99, 1.0]
NOT_FRACTIONS = [-0.1, -1e-9, 1.0 + 1e-9, 2.0, 90.0, math.nan, math.inf, -math.inf]
STATS_KEYS = {
    "original_params",
    "original_sparsity",
    "final_sparsity",
    "sparsity_increase",
    "nonzero_weights",
    "compression_ratio",
    "applied_techniques",
}


class OneLayer:
    """A single Linear layer."""

    def __init__(self, in_features: int, out_features: int, bias: bool = True) -> None:
        self.only = Linear(in_features, out_features, bias=bias)
        self.layers: list[Any] = [self.only]

    def forward(self, x: Tensor) -> Tensor:
        return self.only.forward(x)

    def parameters(self) -> list[Tensor | None]:
        """The bias stands in the list even if it is None."""
        return [self.only.weight, self.only.bias]


class TwoLayers:
    """Linear, ReLU, Linear, with shapes (5, 7) and (7, 4) unless others are given."""

    def __init__(
        self, in_features: int = 5, hidden: int = 7, out_features: int = 4, bias: bool = True
    ) -> None:
        self.first = Linear(in_features, hidden, bias=bias)
        self.relu = ReLU()
        self.second = Linear(hidden, out_features, bias=bias)
        self.layers: list[Any] = [self.first, self.relu, self.second]

    def forward(self, x: Tensor) -> Tensor:
        return self.second.forward(self.relu.forward(self.first.forward(x)))

    def parameters(self) -> list[Tensor]:
        return self.first.parameters() + self.second.parameters()


class NoWeights:
    """A model with activations and a lone bias, but without a weight matrix."""

    def __init__(self, bias: bool) -> None:
        self.layers: list[Any] = [ReLU()]
        self.biases = [Tensor(np.zeros(3))] if bias else []

    def forward(self, x: Tensor) -> Tensor:
        return Tensor(np.maximum(x.data, 0.0))

    def parameters(self) -> list[Tensor]:
        return self.biases


class WithoutLayers:
    """A model that does not show its layers."""

    def __init__(self) -> None:
        self.hidden = Linear(6, 5)

    def forward(self, x: Tensor) -> Tensor:
        return self.hidden.forward(x)

    def parameters(self) -> list[Tensor]:
        return self.hidden.parameters()


def seeded(seed: int, **shape: Any) -> TwoLayers:
    """A model with distinct random weights and biases of which none is zero."""
    rng = np.random.default_rng(seed)
    model = TwoLayers(**shape)
    for tensor in model.parameters():
        tensor.data[...] = rng.uniform(0.1, 1.0, tensor.shape) * rng.choice([-1, 1], tensor.shape)
    return model


def single(weight: Any, bias: Any = None) -> OneLayer:
    """A model of one layer with this weight of shape (in_features, out_features)."""
    values = np.asarray(weight, dtype=np.float32)
    model = OneLayer(values.shape[0], values.shape[1], bias=bias is not None)
    model.only.weight.data[...] = values
    if model.only.bias is not None:
        model.only.bias.data[...] = bias
    return model


def pair(first: Any, second: Any) -> TwoLayers:
    """A model of two layers with these weights and no zero among its biases."""
    one, two = np.asarray(first), np.asarray(second)
    model = TwoLayers(one.shape[0], one.shape[1], two.shape[1])
    model.first.weight.data[...], model.second.weight.data[...] = one, two
    for layer in (model.first, model.second):
        assert layer.bias is not None
        layer.bias.data[...] = 0.001
    return model


def values_of(model: Any) -> list[NDArray[np.float32]]:
    """Copies of all parameters."""
    return [tensor.data.copy() for tensor in model.parameters() if tensor is not None]


def zeros_in(model: Any) -> int:
    """The number of zeros in all weight matrices."""
    return sum(int(np.sum(values == 0)) for values in values_of(model) if values.ndim == 2)


def assert_same(model: Any, expected: list[NDArray[np.float32]]) -> None:
    for got, wanted in zip(values_of(model), expected, strict=True):
        np.testing.assert_array_equal(got, wanted)


def assert_refuses(call: Callable[[], object], model: Any, names: str) -> None:
    """The call raises a ValueError that names the culprit, and leaves the model as it was."""
    before = values_of(model)
    with pytest.raises(ValueError, match=names):
        call()
    assert_same(model, before)


class TestMeasureSparsity:
    @pytest.mark.parametrize(
        ("weight", "percent"),
        [
            ([[1.0, 2.0], [3.0, 4.0]], 0.0),
            ([[0.0, 2.0], [3.0, 4.0]], 25.0),
            ([[0.0, 2.0], [0.0, 4.0]], 50.0),
            ([[0.0, 0.0], [0.0, 0.0]], 100.0),
            ([[-0.0, 1.0]], 50.0),
            ([[0.0, 1.0, 1.0]], 100.0 / 3.0),
            ([[1e-30, -1e-30]], 0.0),
            ([[math.nan, 1.0]], 0.0),
            ([[5.0]], 0.0),
        ],
    )
    def test_is_the_percentage_of_exact_zeros(
        self, implementation: ModuleType, weight: Any, percent: float
    ) -> None:
        assert implementation.measure_sparsity(single(weight)) == pytest.approx(percent)

    @pytest.mark.parametrize("bias", [0.0, 1.0])
    def test_ignores_biases(self, implementation: ModuleType, bias: float) -> None:
        model = single([[0.0, 1.0], [1.0, 1.0]], bias=[bias, bias])
        assert implementation.measure_sparsity(model) == pytest.approx(25.0)

    def test_pools_the_counts_of_layers(self, implementation: ModuleType) -> None:
        model = pair(np.zeros((1, 2)), np.ones((2, 8)))
        assert implementation.measure_sparsity(model) == pytest.approx(100.0 * 2 / 18)

    def test_takes_a_bare_layer(self, implementation: ModuleType) -> None:
        layer = single([[0.0, 1.0]]).only
        assert implementation.measure_sparsity(layer) == pytest.approx(50.0)

    def test_returns_a_float_and_changes_nothing(self, implementation: ModuleType) -> None:
        model = seeded(1)
        before = values_of(model)
        assert isinstance(implementation.measure_sparsity(model), float)
        assert_same(model, before)

    @pytest.mark.parametrize("bias", [False, True])
    def test_refuses_a_model_without_weights(self, implementation: ModuleType, bias: bool) -> None:
        model = NoWeights(bias)
        assert_refuses(lambda: implementation.measure_sparsity(model), model, "weight")


class TestMagnitudePrune:
    @pytest.mark.parametrize("sparsity", FRACTIONS)
    @pytest.mark.parametrize("shape", [(5, 7, 4), (1, 1, 1), (10, 5, 10), (3, 1, 2)])
    def test_agrees_with_the_reference(
        self,
        implementation: ModuleType,
        reference: ModuleType,
        shape: tuple[int, int, int],
        sparsity: float,
    ) -> None:
        model = seeded(2, in_features=shape[0], hidden=shape[1], out_features=shape[2])
        expected = reference.magnitude_prune(copy.deepcopy(model), sparsity)
        implementation.magnitude_prune(model, sparsity)
        assert_same(model, values_of(expected))

    @pytest.mark.parametrize("sparsity", FRACTIONS)
    @pytest.mark.parametrize("value", [1.0, -2.5])
    def test_zeroes_the_exact_count_among_ties(
        self, implementation: ModuleType, value: float, sparsity: float
    ) -> None:
        model = pair(np.full((4, 5), value), np.full((5, 6), value))
        implementation.magnitude_prune(model, sparsity)
        assert zeros_in(model) == round(sparsity * 50)

    @pytest.mark.parametrize(("sparsity", "count"), [(0.29, 29), (0.57, 57), (0.58, 58)])
    def test_rounds_to_the_nearest_count(
        self, implementation: ModuleType, sparsity: float, count: int
    ) -> None:
        model = single(np.arange(1.0, 101.0).reshape(10, 10))
        implementation.magnitude_prune(model, sparsity)
        assert zeros_in(model) == count

    def test_ranks_all_layers_together(self, implementation: ModuleType) -> None:
        model = pair([[0.1, -0.2], [0.3, 0.4]], [[-5.0, 6.0], [7.0, -8.0]])
        implementation.magnitude_prune(model, 0.5)
        assert not model.first.weight.data.any()
        assert model.second.weight.data.tolist() == [[-5.0, 6.0], [7.0, -8.0]]

    def test_ranks_by_magnitude_and_not_by_value(self, implementation: ModuleType) -> None:
        model = single([[-9.0, 0.5], [1.0, -8.0]])
        implementation.magnitude_prune(model, 0.5)
        assert model.only.weight.data.tolist() == [[-9.0, 0.0], [0.0, -8.0]]

    def test_counts_the_zeros_that_are_there(self, implementation: ModuleType) -> None:
        model = single([[0.0, 0.0, 0.0, 4.0], [1.0, 2.0, 3.0, 5.0]])
        implementation.magnitude_prune(model, 0.5)
        assert model.only.weight.data.tolist() == [[0.0, 0.0, 0.0, 4.0], [0.0, 2.0, 3.0, 5.0]]

    def test_leaves_biases_alone(self, implementation: ModuleType) -> None:
        model = single([[1.0, 2.0]], bias=[1e-6, -1e-6])
        before = values_of(model)[1]
        implementation.magnitude_prune(model, 1.0)
        np.testing.assert_array_equal(values_of(model)[1], before)

    def test_works_in_place_and_returns_the_model(self, implementation: ModuleType) -> None:
        model = seeded(3)
        tensors = model.parameters()
        assert implementation.magnitude_prune(model, 0.5) is model
        after = model.parameters()
        assert all(old is new for old, new in zip(tensors, after, strict=True))
        assert zeros_in(model) == round(0.5 * 63)

    def test_prunes_nine_tenths_by_default(self, implementation: ModuleType) -> None:
        model = single(np.arange(1.0, 101.0).reshape(4, 25))
        implementation.magnitude_prune(model)
        assert zeros_in(model) == 90

    def test_takes_a_bare_layer_and_an_absent_bias(self, implementation: ModuleType) -> None:
        model = single([[1.0, 2.0, 3.0, 4.0]])
        assert None in model.parameters()
        implementation.magnitude_prune(model, 0.25)
        implementation.magnitude_prune(model.only, sparsity=0.5)
        assert model.only.weight.data.tolist() == [[0.0, 0.0, 3.0, 4.0]]

    @pytest.mark.parametrize("sparsity", NOT_FRACTIONS)
    def test_refuses_what_is_not_a_fraction(
        self, implementation: ModuleType, sparsity: float
    ) -> None:
        model = seeded(4)
        assert_refuses(lambda: implementation.magnitude_prune(model, sparsity), model, "sparsity")

    @pytest.mark.parametrize("bias", [False, True])
    def test_refuses_a_model_without_weights(self, implementation: ModuleType, bias: bool) -> None:
        model = NoWeights(bias)
        assert_refuses(lambda: implementation.magnitude_prune(model, 0.5), model, "weight")


class TestStructuredPrune:
    @pytest.mark.parametrize("ratio", FRACTIONS)
    @pytest.mark.parametrize("bias", [True, False])
    def test_agrees_with_the_reference(
        self, implementation: ModuleType, reference: ModuleType, ratio: float, bias: bool
    ) -> None:
        model = seeded(5, in_features=6, hidden=9, out_features=5, bias=bias)
        expected = reference.structured_prune(copy.deepcopy(model), ratio)
        implementation.structured_prune(model, ratio)
        assert_same(model, values_of(expected))

    def test_ranks_by_the_euclidean_norm(self, implementation: ModuleType) -> None:
        # Column 0 has the norms L1 3, L2 3, max 3; column 1 has L1 4, L2 2.83, max 2.
        model = single([[3.0, 2.0], [0.0, -2.0]])
        implementation.structured_prune(model, 0.5)
        assert model.only.weight.data.tolist() == [[3.0, 0.0], [0.0, 0.0]]

    def test_does_not_rank_by_the_largest_entry(self, implementation: ModuleType) -> None:
        # Column 0 has L2 3.46 and the maximum 2; column 1 has L2 3 and the maximum 3.
        model = single([[2.0, 3.0], [2.0, 0.0], [2.0, 0.0]])
        implementation.structured_prune(model, 0.5)
        assert not model.only.weight.data[:, 1].any()
        assert model.only.weight.data[:, 0].tolist() == [2.0, 2.0, 2.0]

    def test_prunes_columns_and_not_rows(self, implementation: ModuleType) -> None:
        model = single([[1.0, 10.0, 30.0], [2.0, 20.0, 40.0]])
        implementation.structured_prune(model, 1 / 3)
        assert model.only.weight.data.tolist() == [[0.0, 10.0, 30.0], [0.0, 20.0, 40.0]]

    def test_silences_the_bias_of_a_pruned_channel_only(self, implementation: ModuleType) -> None:
        model = single([[1.0, 5.0, 3.0, 4.0]], bias=[9.0, 0.5, 7.0, 6.0])
        implementation.structured_prune(model, 0.5)
        assert model.only.bias is not None
        assert model.only.bias.data.tolist() == [0.0, 0.5, 0.0, 6.0]
        output = model.forward(Tensor([[2.0], [-3.0]])).data
        assert output[:, [0, 2]].tolist() == [[0.0, 0.0], [0.0, 0.0]]

    def test_ranks_each_layer_on_its_own(self, implementation: ModuleType) -> None:
        model = pair([[0.1, 0.2], [0.1, 0.2]], [[50.0, 60.0], [50.0, 60.0]])
        implementation.structured_prune(model, 0.5)
        assert model.first.weight.data.any(axis=0).tolist() == [False, True]
        assert model.second.weight.data.any(axis=0).tolist() == [False, True]

    @pytest.mark.parametrize(
        ("channels", "ratio", "count"),
        [(4, 0.5, 2), (3, 0.5, 2), (7, 0.25, 2), (100, 0.29, 29), (3, 0.1, 0), (1, 1.0, 1)],
    )
    def test_prunes_the_rounded_count_even_among_ties(
        self, implementation: ModuleType, channels: int, ratio: float, count: int
    ) -> None:
        model = single(np.ones((2, channels)))
        implementation.structured_prune(model, ratio)
        assert np.sum(~model.only.weight.data.any(axis=0)) == count

    def test_works_in_place_and_returns_the_model(self, implementation: ModuleType) -> None:
        model = seeded(6)
        tensors, layers = model.parameters(), list(model.layers)
        assert implementation.structured_prune(model, 0.5) is model
        assert all(old is new for old, new in zip(tensors, model.parameters(), strict=True))
        assert all(old is new for old, new in zip(layers, model.layers, strict=True))
        assert zeros_in(model) == 4 * 5 + 2 * 7

    def test_prunes_half_by_default(self, implementation: ModuleType) -> None:
        model = single(np.arange(1.0, 11.0).reshape(1, 10))
        implementation.structured_prune(model)
        assert zeros_in(model) == 5

    @pytest.mark.parametrize("ratio", NOT_FRACTIONS)
    def test_refuses_what_is_not_a_fraction(self, implementation: ModuleType, ratio: float) -> None:
        model = seeded(7)
        assert_refuses(lambda: implementation.structured_prune(model, ratio), model, "prune_ratio")

    def test_refuses_a_model_without_weights(self, implementation: ModuleType) -> None:
        model = NoWeights(bias=True)
        assert_refuses(lambda: implementation.structured_prune(model, 0.5), model, "weight")


class TestLowRankApproximate:
    @pytest.mark.parametrize(
        ("shape", "ratio", "rank"),
        [
            ((8, 8), 0.5, 4),
            ((12, 5), 0.6, 3),
            ((5, 12), 0.6, 3),
            ((100, 110), 0.29, 29),
            ((7, 7), 0.25, 2),
            ((6, 9), 0.0, 1),
            ((6, 9), 0.01, 1),
            ((6, 9), 1.0, 6),
            ((1, 9), 0.5, 1),
            ((9, 1), 1.0, 1),
        ],
    )
    def test_is_the_best_approximation_of_its_rank(
        self, implementation: ModuleType, shape: tuple[int, int], ratio: float, rank: int
    ) -> None:
        matrix = np.random.default_rng(8).standard_normal(shape)
        U, S, V = implementation.low_rank_approximate(matrix, ratio)
        assert (U.shape, S.shape, V.shape) == ((shape[0], rank), (rank,), (rank, shape[1]))
        dropped = np.linalg.svd(matrix, compute_uv=False)[rank:]
        error = np.linalg.norm(matrix - (U * S) @ V)
        assert error == pytest.approx(np.linalg.norm(dropped), abs=1e-6)
        np.testing.assert_allclose(U.T @ U, np.eye(rank), atol=1e-6)
        np.testing.assert_allclose(V @ V.T, np.eye(rank), atol=1e-6)

    def test_gives_singular_values_in_falling_order(self, implementation: ModuleType) -> None:
        _, S, _ = implementation.low_rank_approximate(np.diag([2.0, 9.0, 4.0, 1.0]), 0.75)
        np.testing.assert_allclose(S, [9.0, 4.0, 2.0], rtol=1e-6)

    def test_agrees_with_the_reference(
        self, implementation: ModuleType, reference: ModuleType
    ) -> None:
        matrix = np.random.default_rng(9).standard_normal((9, 6)) * 1e3
        U, S, V = implementation.low_rank_approximate(matrix, 0.5)
        u, s, v = reference.low_rank_approximate(matrix, 0.5)
        np.testing.assert_allclose((U * S) @ V, (u * s) @ v, rtol=1e-4, atol=1e-2)
        np.testing.assert_allclose(S, s, rtol=1e-5)

    def test_finds_a_matrix_of_low_rank_exactly(self, implementation: ModuleType) -> None:
        matrix = np.outer([1.0, -2.0, 3.0, 4.0], [5.0, 6.0, 0.0, -7.0])
        U, S, V = implementation.low_rank_approximate(matrix, 0.25)
        np.testing.assert_allclose((U * S) @ V, matrix, atol=1e-4)

    def test_keeps_half_of_the_rank_by_default(self, implementation: ModuleType) -> None:
        assert implementation.low_rank_approximate(np.eye(6))[1].shape == (3,)

    def test_takes_zeros(self, implementation: ModuleType) -> None:
        U, S, V = implementation.low_rank_approximate(np.zeros((4, 6)), 0.5)
        assert S.tolist() == [0.0, 0.0]
        assert not ((U * S) @ V).any()

    def test_leaves_its_argument_alone(self, implementation: ModuleType) -> None:
        matrix = np.random.default_rng(10).standard_normal((5, 4))
        before = matrix.copy()
        implementation.low_rank_approximate(matrix, 0.5)
        np.testing.assert_array_equal(matrix, before)

    @pytest.mark.parametrize("ratio", NOT_FRACTIONS)
    def test_refuses_what_is_not_a_fraction(self, implementation: ModuleType, ratio: float) -> None:
        with pytest.raises(ValueError, match="rank_ratio"):
            implementation.low_rank_approximate(np.eye(3), ratio)

    @pytest.mark.parametrize(
        "matrix",
        [
            np.ones(4),
            np.ones((2, 2, 2)),
            np.float64(3.0),
            np.ones((0, 3)),
            np.ones((3, 0)),
            np.array([[1.0, math.nan]]),
            np.array([[math.inf, 1.0]]),
        ],
        ids=["vector", "cube", "number", "no rows", "no columns", "nan", "infinity"],
    )
    def test_refuses_what_is_not_a_finite_matrix(
        self, implementation: ModuleType, matrix: Any
    ) -> None:
        with pytest.raises(ValueError, match="weight_matrix"):
            implementation.low_rank_approximate(matrix, 0.5)


def loss_of(
    implementation: ModuleType,
    student: Any,
    teacher: Any,
    labels: Any,
    temperature: float = 3.0,
    alpha: float = 0.7,
) -> Any:
    distillation = implementation.KnowledgeDistillation(
        None, None, temperature=temperature, alpha=alpha
    )
    return distillation.distillation_loss(student, teacher, labels)


def logits(seed: int, batch: int = 6, classes: int = 5) -> tuple[Any, Any, Any]:
    """Student and teacher logits of shape (batch, classes), and labels of shape (batch,)."""
    rng = np.random.default_rng(seed)
    student = 3.0 * rng.standard_normal((batch, classes))
    teacher = 3.0 * rng.standard_normal((batch, classes))
    return student, teacher, rng.integers(0, classes, batch)


class TestKnowledgeDistillation:
    def test_keeps_what_it_is_given(self, implementation: ModuleType) -> None:
        teacher, student = TwoLayers(), OneLayer(5, 4)
        distillation = implementation.KnowledgeDistillation(teacher, student)
        assert (distillation.teacher, distillation.student) == (teacher, student)
        assert (distillation.temperature, distillation.alpha) == (3.0, 0.7)
        distillation = implementation.KnowledgeDistillation(teacher, student, 2.0, 0.25)
        assert (distillation.temperature, distillation.alpha) == (2.0, 0.25)

    @pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0, 20.0])
    @pytest.mark.parametrize("alpha", [0.0, 0.3, 0.7, 1.0])
    @pytest.mark.parametrize("size", [(6, 5), (1, 2), (3, 1), (40, 10)])
    def test_agrees_with_the_reference(
        self,
        implementation: ModuleType,
        reference: ModuleType,
        temperature: float,
        alpha: float,
        size: tuple[int, int],
    ) -> None:
        batch = logits(11, *size)
        expected = loss_of(reference, *batch, temperature=temperature, alpha=alpha)
        got = loss_of(implementation, *batch, temperature=temperature, alpha=alpha)
        assert got == pytest.approx(expected, rel=1e-6, abs=1e-9)

    @pytest.mark.parametrize("temperature", [1.0, 2.0, 4.0])
    def test_soft_part_is_the_divergence_from_the_teacher_times_t_squared(
        self, implementation: ModuleType, temperature: float
    ) -> None:
        # KL(uniform || softmax([d, 0])) = log(cosh(d / 2)); the other direction differs.
        student, uniform = [[3.0, 0.0]] * 4, np.zeros((4, 2))
        expected = temperature**2 * math.log(math.cosh(3.0 / temperature / 2.0))
        got = loss_of(implementation, student, uniform, [0, 1, 0, 1], temperature, alpha=1.0)
        assert got == pytest.approx(expected, rel=1e-6)

    @pytest.mark.parametrize("temperature", [1.0, 5.0])
    def test_hard_part_is_the_cross_entropy_at_temperature_one(
        self, implementation: ModuleType, temperature: float
    ) -> None:
        student = [[2.0, 0.0], [2.0, 0.0]]
        expected = (math.log1p(math.exp(-2.0)) + math.log1p(math.exp(2.0))) / 2
        got = loss_of(implementation, student, np.ones((2, 2)), [0, 1], temperature, alpha=0.0)
        assert got == pytest.approx(expected, rel=1e-6)

    def test_alpha_weighs_the_soft_part(self, implementation: ModuleType) -> None:
        batch = logits(12)
        soft = loss_of(implementation, *batch, alpha=1.0)
        hard = loss_of(implementation, *batch, alpha=0.0)
        got = loss_of(implementation, *batch, alpha=0.9)
        assert got == pytest.approx(0.9 * soft + 0.1 * hard, rel=1e-6)
        assert soft != pytest.approx(hard, rel=0.1)

    @pytest.mark.parametrize("alpha", [0.0, 1.0])
    def test_is_a_mean_over_the_batch(self, implementation: ModuleType, alpha: float) -> None:
        student, teacher, labels = logits(13)
        once = loss_of(implementation, student, teacher, labels, alpha=alpha)
        thrice = loss_of(
            implementation,
            np.tile(student, (3, 1)),
            np.tile(teacher, (3, 1)),
            np.tile(labels, 3),
            alpha=alpha,
        )
        assert thrice == pytest.approx(once, rel=1e-6)

    def test_vanishes_for_a_perfect_imitation(self, implementation: ModuleType) -> None:
        _, teacher, labels = logits(14)
        # A constant on all logits of an example does not change its probabilities.
        got = loss_of(implementation, teacher + 7.0, teacher, labels, alpha=1.0)
        assert got == pytest.approx(0.0, abs=1e-6)

    def test_depends_on_each_label_only_through_the_hard_part(
        self, implementation: ModuleType
    ) -> None:
        student, teacher, labels = logits(15)
        others = (labels + 1) % 5
        for alpha, depends in [(1.0, False), (0.5, True)]:
            one = loss_of(implementation, student, teacher, labels, alpha=alpha)
            two = loss_of(implementation, student, teacher, others, alpha=alpha)
            assert (one != pytest.approx(two, rel=1e-6)) is depends

    @pytest.mark.parametrize(
        ("student", "teacher", "alpha", "expected"),
        [
            ([[1e4, 0.0]], [[1e4, 0.0]], 1.0, 0.0),
            ([[0.0, 1e4]], [[1e4, 0.0]], 1.0, 1e4),
            ([[0.0, 1e4]], [[1e4, 0.0]], 0.0, 1e4),
            ([[1e4, 0.0]], [[0.0, 1e4]], 0.0, 0.0),
            ([[-1e4, -1e4]], [[1e4, 1e4]], 1.0, 0.0),
            ([[1e4, 0.0], [1.0, 1.0]], [[1e4, 0.0], [2.0, 2.0]], 1.0, 0.0),
            ([[1e4, 0.0], [1.0, 1.0]], [[1e4, 0.0], [2.0, 2.0]], 0.0, math.log(2.0) / 2.0),
        ],
    )
    def test_is_stable_for_large_logits(
        self,
        implementation: ModuleType,
        student: list[list[float]],
        teacher: list[list[float]],
        alpha: float,
        expected: float,
    ) -> None:
        labels = [0] * len(student)
        got = loss_of(implementation, student, teacher, labels, temperature=1.0, alpha=alpha)
        assert got == pytest.approx(expected, rel=1e-6, abs=1e-6)

    def test_takes_tensors_and_returns_a_float(self, implementation: ModuleType) -> None:
        student, teacher, labels = logits(16)
        got = loss_of(implementation, Tensor(student), Tensor(teacher), Tensor(labels))
        assert isinstance(got, float)
        assert got == pytest.approx(loss_of(implementation, student, teacher, labels), rel=1e-5)

    def test_leaves_its_arguments_alone(self, implementation: ModuleType) -> None:
        student, teacher, labels = logits(17)
        before = student.copy(), teacher.copy(), labels.copy()
        loss_of(implementation, student, teacher, labels)
        for got, wanted in zip((student, teacher, labels), before, strict=True):
            np.testing.assert_array_equal(got, wanted)

    @pytest.mark.parametrize(
        ("student", "teacher"),
        [
            ((4, 3), (4, 2)),
            ((4, 3), (1, 3)),
            ((1, 3), (4, 3)),
            ((4, 3), (3, 4)),
            ((4, 1), (4, 3)),
            ((4,), (4,)),
            ((2, 4, 3), (2, 4, 3)),
            ((0, 3), (0, 3)),
            ((4, 0), (4, 0)),
        ],
    )
    def test_refuses_logits_that_do_not_match(
        self, implementation: ModuleType, student: Any, teacher: Any
    ) -> None:
        labels = np.zeros(student[0], dtype=int)
        with pytest.raises(ValueError, match="logits"):
            loss_of(implementation, np.zeros(student), np.zeros(teacher), labels)

    @pytest.mark.parametrize(
        "labels", [[0, 1], [0, 1, 2, 0], [[0], [1], [2]], [0, 1, 3], [0, 1, -1], [0, 1, 0.5], 1]
    )
    def test_refuses_labels_that_are_not_class_indices(
        self, implementation: ModuleType, labels: Any
    ) -> None:
        with pytest.raises(ValueError, match="labels"):
            loss_of(implementation, np.zeros((3, 3)), np.zeros((3, 3)), labels)

    @pytest.mark.parametrize("temperature", [0.0, -1.0, math.nan, math.inf])
    def test_refuses_a_temperature_that_is_not_positive(
        self, implementation: ModuleType, temperature: float
    ) -> None:
        with pytest.raises(ValueError, match="temperature"):
            implementation.KnowledgeDistillation(None, None, temperature=temperature)

    @pytest.mark.parametrize("alpha", NOT_FRACTIONS)
    def test_refuses_an_alpha_that_is_not_a_fraction(
        self, implementation: ModuleType, alpha: float
    ) -> None:
        with pytest.raises(ValueError, match="alpha"):
            implementation.KnowledgeDistillation(None, None, alpha=alpha)


CONFIGS: list[dict[str, float]] = [
    {},
    {"magnitude_prune": 0.8},
    {"structured_prune": 0.5},
    {"low_rank": 0.5},
    {"magnitude_prune": 0.75, "structured_prune": 0.25},
    {"magnitude_prune": 0.3, "low_rank": 0.5},
    {"magnitude_prune": 0.6, "structured_prune": 0.3, "low_rank": 0.4},
    {"magnitude_prune": 1.0, "structured_prune": 0.0, "low_rank": 1.0},
]


def config_id(config: dict[str, float]) -> str:
    return ", ".join(f"{name} {ratio}" for name, ratio in config.items()) or "empty"


class TestCompressModel:
    @pytest.mark.parametrize("config", CONFIGS, ids=config_id)
    def test_agrees_with_the_reference(
        self, implementation: ModuleType, reference: ModuleType, config: dict[str, float]
    ) -> None:
        model = seeded(18, in_features=8, hidden=12, out_features=6)
        twin = copy.deepcopy(model)
        expected = reference.compress_model(twin, config)
        stats = implementation.compress_model(model, config)
        assert stats.keys() >= STATS_KEYS
        for key in STATS_KEYS - {"applied_techniques"}:
            assert stats[key] == pytest.approx(expected[key]), key
        assert stats["applied_techniques"] == expected["applied_techniques"]
        for got, wanted in zip(values_of(model), values_of(twin), strict=True):
            np.testing.assert_allclose(got, wanted, atol=1e-4)

    def test_reports_percent_counts_and_ratio(self, implementation: ModuleType) -> None:
        model = single(np.arange(20.0).reshape(4, 5), bias=np.ones(5))
        stats = implementation.compress_model(model, {"magnitude_prune": 0.75})
        assert stats["original_params"] == 25
        assert stats["original_sparsity"] == pytest.approx(5.0)
        assert stats["final_sparsity"] == pytest.approx(75.0)
        assert stats["sparsity_increase"] == pytest.approx(70.0)
        assert stats["nonzero_weights"] == 5
        assert stats["compression_ratio"] == pytest.approx(4.0)
        assert stats["applied_techniques"] == ["magnitude_prune"]
        assert zeros_in(model) == 15

    def test_has_an_order_of_its_own(self, implementation: ModuleType) -> None:
        model = seeded(19)
        config = {"magnitude_prune": 0.9, "structured_prune": 0.25, "low_rank": 0.5}
        stats = implementation.compress_model(model, config)
        order = ["low_rank", "structured_prune", "magnitude_prune"]
        assert stats["applied_techniques"] == order
        assert zeros_in(model) == round(0.9 * 63)

    def test_low_rank_keeps_the_shape_and_lowers_the_rank(self, implementation: ModuleType) -> None:
        model = seeded(20, in_features=8, hidden=8, out_features=8)
        implementation.compress_model(model, {"low_rank": 0.25})
        for layer in (model.first, model.second):
            assert layer.weight.shape == (8, 8)
            assert np.linalg.matrix_rank(layer.weight.data.astype(np.float64), tol=1e-4) == 2

    def test_works_in_place_and_leaves_the_config_alone(self, implementation: ModuleType) -> None:
        model = seeded(21)
        tensors = model.parameters()
        config = {"magnitude_prune": 0.5, "low_rank": 0.5}
        implementation.compress_model(model, config)
        assert config == {"magnitude_prune": 0.5, "low_rank": 0.5}
        assert all(old is new for old, new in zip(tensors, model.parameters(), strict=True))
        assert all(tensor.data.dtype == np.float32 for tensor in tensors)
        assert zeros_in(model) == round(0.5 * 63)

    @pytest.mark.parametrize("technique", ["low_rank", "magnitude_prune"])
    def test_changes_no_bias(self, implementation: ModuleType, technique: str) -> None:
        model = seeded(22)
        before = [values for values in values_of(model) if values.ndim == 1]
        implementation.compress_model(model, {technique: 0.5})
        after = [values for values in values_of(model) if values.ndim == 1]
        for got, wanted in zip(after, before, strict=True):
            np.testing.assert_array_equal(got, wanted)

    def test_ratio_is_infinite_if_nothing_is_left(self, implementation: ModuleType) -> None:
        stats = implementation.compress_model(seeded(23), {"structured_prune": 1.0})
        assert stats["nonzero_weights"] == 0
        assert stats["compression_ratio"] == math.inf
        assert stats["final_sparsity"] == pytest.approx(100.0)

    def test_needs_layers_for_channels_only(self, implementation: ModuleType) -> None:
        model = WithoutLayers()
        config = {"magnitude_prune": 0.5, "low_rank": 0.5}
        stats = implementation.compress_model(model, config)
        assert stats["applied_techniques"] == ["low_rank", "magnitude_prune"]
        assert zeros_in(model) == 15

    @pytest.mark.parametrize("technique", ["magnitude_prune", "structured_prune", "low_rank"])
    @pytest.mark.parametrize("ratio", NOT_FRACTIONS)
    def test_refuses_a_ratio_before_it_changes_anything(
        self, implementation: ModuleType, technique: str, ratio: float
    ) -> None:
        model = seeded(24)
        config = {"low_rank": 0.5, "structured_prune": 0.5, "magnitude_prune": 0.5}
        config[technique] = ratio
        assert_refuses(lambda: implementation.compress_model(model, config), model, technique)

    def test_refuses_an_unknown_technique_before_it_changes_anything(
        self, implementation: ModuleType
    ) -> None:
        model = seeded(25)
        config = {"magnitude_prune": 0.5, "quantize": 0.5}
        assert_refuses(lambda: implementation.compress_model(model, config), model, "quantize")

    @pytest.mark.parametrize("config", CONFIGS, ids=config_id)
    def test_refuses_a_model_without_weights(
        self, implementation: ModuleType, config: dict[str, float]
    ) -> None:
        model = NoWeights(bias=True)
        assert_refuses(lambda: implementation.compress_model(model, config), model, "weight")
