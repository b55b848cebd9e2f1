# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.16.0
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
"""
# Module 17: Compression — Doing the Same with Less

Welcome! In the last modules you made models *faster* without changing what they store. Now you
change what they store: you will throw weights away, measure what is lost, and find that a
trained network often notices surprisingly little.

## 🔗 Where you are
**You have built**: tensors, layers, activations, a training loop, and a profiler.
**You will build**: six tools that shrink a model and one number that tells how much they shrank.
**You can then**: fit a model into a memory budget and defend the choice with measurements.

```
   Layers ──▶ Training ──▶ Profiling ──▶ ★ Compression ★ ──▶ Deployment
  (build it)  (teach it)  (measure it)     (shrink it)        (ship it)
```

## 🎯 What you will be able to do
By the end of this module you can

1. **measure** sparsity in a way that neither flatters nor hides,
2. **prune** single weights by magnitude, with one threshold for the whole model,
3. **prune** whole output channels, which ordinary hardware can exploit,
4. **factor** a weight matrix by a truncated SVD and say why nothing of that rank does better,
5. **distil** a large teacher into a small student with softened targets,
6. **combine** the techniques in one pipeline and report honest statistics.

Plan for about four hours. Each part has the same rhythm: idea, picture, your implementation,
test.
"""

# %% [markdown]
"""
## 📦 Where this code lives in the final package

You work in `modules/17_compression/compression_dev.py`. The cells that carry an export
directive become part of the installed package:

```python
from tinytorch.optimization.compression import KnowledgeDistillation, compress_model
```

**Why it matters**

- **Learning**: every technique in one place, next to the test that pins its meaning down.
- **Production**: optimisation code stays apart from the layers that it optimises.
- **Consistency**: a model is anything with `parameters()`, `forward()` and, where the layers
  themselves matter, a list called `layers`. Nothing here depends on how the model was put
  together.

To try things out we need models made of several layers. A Sequential container would hide the
flow of data from layer to layer; whatever helps this notebook to build models serves its tests
only, and in the milestones you will write that flow out yourself.
"""

# %% nbgrader={"grade": false, "grade_id": "imports", "solution": true}
#| default_exp optimization.compression
#| export

import copy
from typing import Any

import numpy as np

from tinytorch.core.activations import ReLU
from tinytorch.core.layers import Linear
from tinytorch.core.tensor import Tensor

# Sequential container for model compression
class Sequential:
    """Sequential container for compression (not exported from core layers)."""
    def __init__(self, *layers):
        self.layers = list(layers)

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x) if hasattr(layer, 'forward') else layer(x)
        return x

    def __call__(self, x):
        return self.forward(x)

    def parameters(self):
        params = []
        for layer in self.layers:
            if hasattr(layer, 'parameters'):
                params.extend(layer.parameters())
        return params

# %% [markdown]
"""
## 🔬 Motivation: what does a weight cost?

Before you optimise anything, measure it. A weight is a 32-bit float, so it takes 4 bytes of
memory, and during a forward pass it takes part in one multiplication and one addition for each
example of the batch:

```
        one weight
            │
            ├── 4 bytes to store it
            ├── 4 bytes to move it from memory to the processor
            └── 2 operations for each example
```

Moving the weight is usually the dearest of the three. That is why a smaller model is not only a
smaller file: it is also less traffic, less energy and often less waiting.

The next cell builds one ordinary layer and looks at it from three sides. Run it, and read the
last table with one question in mind: *if half of the weights are nearly zero, what are we paying
for?*
"""

# %% nbgrader={"grade": false, "grade_id": "compression_motivation", "solution": false}
from tinytorch.profiling.profiler import Profiler

np.random.seed(17)
motivation_profiler = Profiler()
motivation_layer = Linear(784, 256)
motivation_batch = Tensor(np.random.randn(32, 784))
motivation_params = motivation_profiler.count_parameters(motivation_layer)
motivation_memory = motivation_profiler.measure_memory(motivation_layer, (32, 784))
motivation_flops = motivation_profiler.count_flops(motivation_layer, (32, 784))
motivation_latency = motivation_profiler.measure_latency(motivation_layer, motivation_batch)

print("🔬 What does one layer cost?")
print("=" * 60)
print()
print("A layer that maps 784 pixels to 256 features:")
print(f"   Parameters:         {motivation_params:>12,}")
print(f"   Parameter memory:   {motivation_memory['parameter_memory_mb']:>12.3f} MB")
print(f"   Activation memory:  {motivation_memory['activation_memory_mb']:>12.3f} MB")
print(f"   Operations, batch:  {motivation_flops:>12,}")
print(f"   Forward pass:       {motivation_latency:>12.3f} ms")
print()
print("📊 The same weights, where do they live?")
print(f"   {'Device':<22}{'Memory':>12}{'Copies that fit':>18}")
print("   " + "-" * 52)

motivation_devices = [
    ("Microcontroller", 0.25),
    ("Smart watch", 512.0),
    ("Phone", 6_000.0),
    ("Laptop", 16_000.0),
]
for motivation_name, motivation_megabytes in motivation_devices:
    motivation_copies = int(motivation_megabytes / motivation_memory["parameter_memory_mb"])
    print(f"   {motivation_name:<22}{motivation_megabytes:>9,.2f} MB{motivation_copies:>18,}")

motivation_magnitudes = np.abs(motivation_layer.weight.data)
motivation_largest = float(motivation_magnitudes.max())
motivation_relative = motivation_magnitudes / motivation_largest

print()
print("📊 How large are the weights, compared with the largest?")
print(f"   Largest magnitude:  {motivation_largest:.4f}")
print(f"   Median magnitude:   {float(np.median(motivation_magnitudes)):.4f}")
print(f"   Below  5% of it:    {100 * np.mean(motivation_relative < 0.05):.1f}%")
print(f"   Below 10% of it:    {100 * np.mean(motivation_relative < 0.10):.1f}%")
print(f"   Below 25% of it:    {100 * np.mean(motivation_relative < 0.25):.1f}%")
print()
print("💡 What to take from this")
print("   • Every weight costs the same, whatever it contributes")
print("   • Most weights are small, few are large")
print("   • A microcontroller cannot hold even this one layer")
print("   • So: find the weights that do little, and stop paying for them")
print()
print("🚀 Next: how to count what we stop paying for")

# %% [markdown]
"""
## 1. Introduction: what is model compression?

A trained network is like a suitcase packed in a hurry. It holds all that you need, and much that
you do not. *Compression* repacks it. There are four ways to repack, and you will write all four:

```
                          ┌──────────────────────────┐
                          │      trained model       │
                          └────────────┬─────────────┘
        ┌──────────────────┬───────────┴───────┬────────────────────┐
        ▼                  ▼                   ▼                    ▼
  zero out single     zero out whole     write a matrix as     train a smaller
  small weights       output channels    two thin factors      model to imitate
        │                  │                   │                    │
   magnitude          structured           low-rank             knowledge
   pruning            pruning              approximation        distillation
```

| technique | what goes away | what you need to profit from it |
|---|---|---|
| magnitude pruning | scattered entries | a sparse format, sparse kernels |
| structured pruning | whole columns | nothing: a smaller dense matrix |
| low-rank approximation | small singular values | two multiplications for one |
| distillation | the architecture itself | training data and time |

The first three change the weights of a model that exists. The last one trains another model. They
can be combined, and the last part of this module does so.

A word on the word *Sequential*: here it only means that the output of one layer is the input of
the next. Compression itself does not care, it sees a collection of weight matrices.
"""

# %% [markdown]
"""
## 2. Foundations: four ideas and their mathematics

**Sparsity** is the share of entries that are exactly zero. For weight matrices W₁ … W_L,

```
                      number of zero entries in W₁ … W_L
   sparsity = 100 ·  ────────────────────────────────────    (percent)
                      number of all entries in W₁ … W_L
```

Biases are left out. There are few of them, they start at zero, and counting them would make a
model that nobody has pruned look sparse.

**Magnitude** is the cheapest guess of importance. If y = W·x and the inputs are of similar size,
then setting w to zero changes y by |w|·|x|: the smallest weights do the least harm. Han and
others (2015) showed how far this goes with trained networks.

**Structure** asks for more. The norm of a column says how strongly an output channel listens to
*all* of its inputs; a column of norm zero is a feature that is always the same constant.

**Rank** counts independent directions. The singular value decomposition W = U·S·V lists the
directions in order of strength. Keep the first r:

```
   W  ≈  σ₁ u₁ v₁  +  σ₂ u₂ v₂  +  …  +  σᵣ uᵣ vᵣ          error² = σ²ᵣ₊₁ + … + σ²ₙ
```

Eckart and Young (1936) proved that no other matrix of rank r comes closer to W.

**Imitation** compares two distributions. The Kullback–Leibler divergence

```
   KL(p ‖ q) = Σ p·(log p − log q)   ≥ 0,   and 0 only if p = q
```

tells how badly the student's q describes the teacher's p. It is not symmetric, so it matters
which of the two comes first.
"""

# %% [markdown]
"""
## 3. Measuring sparsity

You cannot improve what you do not measure, and you can easily measure the wrong thing. Three
decisions hide in a function of five lines:

```
   layer 1: weight (4×3)          layer 2: weight (3×2)         counted?
   ┌               ┐              ┌          ┐
   │ 0.3  0    0.1 │              │ 0.5   0  │                  weights: yes
   │ 0    0.2  0   │              │ 0     0.4│
   │ 0.7  0    0.6 │              │ 0.2   0  │
   │ 0    0.9  0   │              └          ┘
   └               ┘
   bias: [0  0  0]                bias: [0  0]                  biases: no

   zeros = 6 + 3 = 9        weights = 12 + 6 = 18        sparsity = 50.0 percent
```

1. **What is counted?** Weight matrices only, which are the parameters with two axes.
2. **What is a zero?** Exactly 0. A weight of 0.000001 still has to be stored.
3. **How are layers combined?** By adding up the counts, not by averaging percentages: a layer
   with a million weights matters more than one with ten.

And what is the sparsity of a model without weights? There is no good answer, so the function
refuses instead of returning a number that somebody may believe.
"""

# %%
def measure_sparsity(model: Any) -> float:
    """
    Measure which share of a model's weights is exactly zero.

    TODO: Count zeros and entries over all weight matrices of the model.

    APPROACH:
    1. Go through model.parameters() and keep those whose data has two axes
    2. Add up how many entries they have and how many of these are exactly 0
    3. If there was no entry at all, raise a ValueError that says what was expected
    4. Return the share in percent

    Args:
        model: anything whose parameters() gives tensors; None entries are ignored

    Returns:
        The sparsity in percent, a float from 0.0 to 100.0. Biases are not counted.

    Raises:
        ValueError: if the model has no weight matrix

    EXAMPLE:
    >>> model = Sequential(Linear(4, 3), Linear(3, 2))
    >>> measure_sparsity(model)
    0.0
    >>> model.layers[0].weight.data[:] = 0.0
    >>> print(f"{measure_sparsity(model):.1f}")
    66.7

    HINTS:
    - param.data.ndim tells a weight matrix (2) from a bias (1)
    - np.count_nonzero counts the opposite of what you want
    - Percent, not fraction: multiply by 100
    """
    ### BEGIN SOLUTION
    n_weights = 0
    n_zeros = 0
    for param in model.parameters():
        if param is not None and param.data.ndim == 2:
            n_weights += param.data.size
            n_zeros += param.data.size - int(np.count_nonzero(param.data))
    if n_weights == 0:
        raise ValueError(
            "measure_sparsity expects a model with at least one weight matrix, got none"
        )
    return 100.0 * n_zeros / n_weights
    ### END SOLUTION

def test_unit_measure_sparsity():
    """🔬 The share of zero weights, in percent, without biases."""
    print("🔬 Unit Test: Measure Sparsity...")

    np.random.seed(3)
    model = Sequential(Linear(4, 3), Linear(3, 2))
    first, second = model.layers

    first.weight.data[:] = 1.0
    second.weight.data[:] = -2.0
    sparsity = measure_sparsity(model)
    assert sparsity == 0.0, f"No weight is zero (only biases are), expected 0.0, got {sparsity}"

    first.weight.data[0, :] = 0.0
    sparsity = measure_sparsity(model)
    expected = 100.0 * 3 / 18
    assert abs(sparsity - expected) < 1e-9, f"3 of 18 are zero: {expected:.3f}%, got {sparsity}"

    second.weight.data[:] = 0.0
    sparsity = measure_sparsity(model)
    expected = 100.0 * 9 / 18
    assert abs(sparsity - expected) < 1e-9, f"Add counts, not percentages: 50%, got {sparsity}"

    first.weight.data[:] = 1e-30
    second.weight.data[:] = 1e-30
    sparsity = measure_sparsity(model)
    assert sparsity == 0.0, f"Small is not zero, expected 0.0, got {sparsity}"

    first.weight.data[:] = 0.0
    second.weight.data[:] = 0.0
    first.bias.data[:] = 1.0
    sparsity = measure_sparsity(model)
    assert sparsity == 100.0, f"All weights are zero, expected 100.0, got {sparsity}"

    message = ""
    try:
        measure_sparsity(ReLU())
    except ValueError as error:
        message = str(error)
    assert message, "A model without weights has no sparsity: expected a ValueError with a message"

    print("✅ measure_sparsity works correctly!")

test_unit_measure_sparsity()

# %% [markdown]
"""
## 4. Magnitude pruning

Sort all weights of the model by absolute value, cut the list at the wanted share, set the lower
part to zero. That is all, except for the word *all*: one sorted list for the whole model, not one
for each layer.

```
   layer 1   ┌ 0.9  -0.1 ┐      layer 2   ┌ 0.05  0.02 ┐        sparsity = 0.5
             └ 0.8   0.7 ┘                └ 0.60 -0.03 ┘        remove 4 of 8

   sorted |w|:   0.02  0.03  0.05  0.1  │  0.6  0.7  0.8  0.9
                 └──── set to zero ────┘ │ └───── kept ─────┘

   layer 1   ┌ 0.9   0   ┐      layer 2   ┌  0     0   ┐
             └ 0.8   0.7 ┘                └ 0.60   0   ┘
             25 percent sparse            75 percent sparse
```

One global threshold lets the model decide where it can spare weights. With one threshold for each
layer, layer 1 would have lost 0.7 although layer 2 has nothing as large.

**Two details that cost people hours**

- *How many?* Exactly `round(sparsity * n)` of the n weights. `int()` rounds down and
  misses one now and then, because 0.29 times 100 is 28.999999999999996 for a computer.
- *Ties.* Comparing with a threshold (`|w| <= t`) removes every weight equal to t. If many weights
  are equal, that removes far more than was asked for. Choose *positions* instead of values.

Biases stay. They are few, and a missing bias shifts a whole channel.
"""

# %%
def magnitude_prune(model: Any, sparsity: float = 0.9) -> Any:
    """
    Set the smallest weights of a model to zero, in place.

    TODO: Prune by magnitude, with one ranking over all weight matrices.

    APPROACH:
    1. Check that sparsity lies between 0 and 1, else raise a ValueError
    2. Collect the weight matrices (two axes); without any, raise a ValueError
    3. Put all magnitudes into one long vector and rank them
    4. Mark the round(sparsity * n) smallest, and set these entries to 0 in their matrices
    5. Return the model

    Args:
        model: anything whose parameters() gives tensors; its weights are changed in place
        sparsity: the share of weights that will be zero, a fraction from 0.0 to 1.0

    Returns:
        The same model. Exactly round(sparsity * n) of its n weights were chosen for zero: those
        of smallest magnitude, and among equal ones those that come first.

    Raises:
        ValueError: if sparsity is not from 0 to 1, or if the model has no weight matrix;
            then nothing is changed

    EXAMPLE:
    >>> model = Sequential(Linear(10, 10), ReLU(), Linear(10, 10))
    >>> pruned = magnitude_prune(model, sparsity=0.8)
    >>> pruned is model
    True
    >>> measure_sparsity(model)
    80.0

    HINTS:
    - "not 0.0 <= sparsity <= 1.0" is also true for NaN
    - np.argsort(..., kind="stable") gives positions, so ties need no special care
    - A boolean mask as long as the vector can be cut up again, one piece for each matrix
    - param.data[mask] = 0.0 changes the tensor that the layer holds
    """
    ### BEGIN SOLUTION
    if not 0.0 <= sparsity <= 1.0:
        raise ValueError(f"magnitude_prune expects 0 <= sparsity <= 1, got {sparsity}")
    weights = [p for p in model.parameters() if p is not None and p.data.ndim == 2]
    if not weights:
        raise ValueError("magnitude_prune expects a model with at least one weight matrix")

    magnitudes = np.concatenate([np.abs(weight.data).ravel() for weight in weights])
    order = np.argsort(magnitudes, kind="stable")
    pruned = np.zeros(magnitudes.size, dtype=bool)
    pruned[order[:round(sparsity * magnitudes.size)]] = True

    start = 0
    for weight in weights:
        stop = start + weight.data.size
        weight.data[pruned[start:stop].reshape(weight.data.shape)] = 0.0
        start = stop
    return model
    ### END SOLUTION

def test_unit_magnitude_prune():
    """🔬 The smallest weights of the whole model go, exactly as many as asked for."""
    print("🔬 Unit Test: Magnitude Prune...")

    np.random.seed(4)
    model = Sequential(Linear(2, 2), ReLU(), Linear(2, 2))
    first, second = model.layers[0], model.layers[2]
    first.weight.data[:] = [[0.9, -0.1], [0.8, 0.7]]
    second.weight.data[:] = [[0.05, 0.02], [0.6, -0.03]]
    first.bias.data[:] = 0.001

    result = magnitude_prune(model, sparsity=0.5)
    assert result is model, "magnitude_prune must return the model that it was given"

    expected = np.array([[0.9, 0.0], [0.8, 0.7]], dtype=np.float32)
    assert np.array_equal(first.weight.data, expected), (
        f"One ranking for the whole model: expected {expected}, got {first.weight.data}"
    )
    expected = np.array([[0.0, 0.0], [0.6, 0.0]], dtype=np.float32)
    assert np.array_equal(second.weight.data, expected), (
        f"One ranking for the whole model: expected {expected}, got {second.weight.data}"
    )
    assert np.all(first.bias.data == np.float32(0.001)), "Biases must stay as they are"

    # Ties: eight equal weights, three of them have to go.
    first.weight.data[:] = 1.0
    second.weight.data[:] = -1.0
    magnitude_prune(model, sparsity=0.375)
    zeros = int(np.sum(first.weight.data == 0) + np.sum(second.weight.data == 0))
    assert zeros == 3, f"round(0.375 * 8) = 3 weights must be zero even with ties, got {zeros}"

    # Rounding: 0.29 * 100 is slightly less than 29.
    layer = Linear(10, 10)
    magnitude_prune(layer, sparsity=0.29)
    zeros = int(np.sum(layer.weight.data == 0))
    assert zeros == 29, f"round(0.29 * 100) = 29 weights must be zero, got {zeros}"

    # Nine tenths unless told otherwise.
    layer = Linear(10, 10)
    magnitude_prune(layer)
    zeros = int(np.sum(layer.weight.data == 0))
    assert zeros == 90, f"The default sparsity is 0.9, so 90 weights must be zero, got {zeros}"

    # The two ends.
    layer.weight.data[:] = 2.0
    magnitude_prune(layer, sparsity=0.0)
    assert np.all(layer.weight.data == 2.0), "sparsity=0 must not change any weight"
    magnitude_prune(layer, sparsity=1.0)
    assert np.all(layer.weight.data == 0.0), "sparsity=1 must set every weight to zero"

    for wrong in (-0.1, 1.1, float("nan")):
        message = ""
        try:
            magnitude_prune(Linear(2, 2), sparsity=wrong)
        except ValueError as error:
            message = str(error)
        assert message, f"sparsity={wrong} must raise a ValueError that says what was expected"

    print("✅ magnitude_prune works correctly!")

test_unit_magnitude_prune()

# %% [markdown]
"""
## 5. Structured pruning

Scattered zeros are hard to profit from: a dense matrix multiplication multiplies by them like by
any other number. If a whole column of the weight matrix is zero, the column can be cut out, and
what remains is an ordinary, smaller matrix.

```
            output channels                       output channels
             0    1    2    3                      0    1    2    3
          ┌                    ┐                ┌                    ┐
   in 0   │ 0.9  0.1  0.4  0.0 │                │ 0.9   0   0.4   0  │
   in 1   │ 0.2  0.0  0.8  0.1 │      ──▶       │ 0.2   0   0.8   0  │
   in 2   │ 0.7  0.2  0.5  0.1 │                │ 0.7   0   0.5   0  │
          └                    ┘                └                    ┘
   norm     1.16 0.22 1.02 0.14                         ▲          ▲
   bias     0.3  0.5  0.1  0.2                    0.3   0   0.1    0
                                                  (the bias goes with its channel)
```

Why does the bias go too? A channel with zero weights but bias 0.5 still puts out 0.5 for every
input. It is not gone, it has become a constant. Only with the bias at zero is the channel silent,
and only then can it be cut out without changing what comes after it.

**Which norm?** We follow the usual choice of the Euclidean norm (L2). Li and others (2017) rank
filters by the sum of magnitudes (L1) and report that the two behave alike. They do not always
agree: a column of one large weight and a column of several middling ones can swap places.

**Which channels compete?** Those of the same layer. Norms of different layers are not comparable,
because columns of different height add up a different number of terms.

⚠️ The last layer is treated like the others here. In practice you would spare it: its channels are
the classes.
"""

# %%
def structured_prune(model: Any, prune_ratio: float = 0.5) -> Any:
    """
    Silence the weakest output channels of every Linear layer, in place.

    TODO: Zero the columns of smallest norm, together with their biases.

    APPROACH:
    1. Check that prune_ratio lies between 0 and 1, else raise a ValueError
    2. Collect the Linear layers in model.layers; without any, raise a ValueError
    3. For each layer compute the L2 norm of every column of its weight
    4. Set the round(prune_ratio * out_features) weakest columns, and their biases, to 0
    5. Return the model

    Args:
        model: a model whose list model.layers holds Linear layers, among others; a Linear's
            weight has shape (in_features, out_features); changed in place
        prune_ratio: the share of output channels to silence in each layer, a fraction 0.0 to 1.0

    Returns:
        The same model.

    Raises:
        ValueError: if prune_ratio is not from 0 to 1, or if model.layers has no Linear layer;
            then nothing is changed

    HINTS:
    - isinstance(layer, Linear) tells which layers have a weight
    - np.linalg.norm(matrix, axis=0) gives one norm for each column
    - np.argsort puts the weakest first; kind="stable" decides ties by position
    - A layer may have no bias: then layer.bias is None
    """
    ### BEGIN SOLUTION
    if not 0.0 <= prune_ratio <= 1.0:
        raise ValueError(f"structured_prune expects 0 <= prune_ratio <= 1, got {prune_ratio}")
    linear_layers = [layer for layer in model.layers if isinstance(layer, Linear)]
    if not linear_layers:
        raise ValueError("structured_prune expects a model with at least one Linear weight matrix")

    for layer in linear_layers:
        norms = np.linalg.norm(layer.weight.data, axis=0)
        weakest = np.argsort(norms, kind="stable")[:round(prune_ratio * norms.size)]
        layer.weight.data[:, weakest] = 0.0
        if layer.bias is not None:
            layer.bias.data[weakest] = 0.0
    return model
    ### END SOLUTION

def test_unit_structured_prune():
    """🔬 The weakest columns go, whole, with their biases."""
    print("🔬 Unit Test: Structured Prune...")

    np.random.seed(5)
    model = Sequential(Linear(3, 4), ReLU(), Linear(4, 2, bias=False))
    first, second = model.layers[0], model.layers[2]
    # L2 norms: 3.00, 2.83, 5.20, 0.10. By L1 norms the first would be weaker than the second.
    first.weight.data[:] = [[3.0, 2.0, 3.0, 0.1], [0.0, 2.0, 3.0, 0.0], [0.0, 0.0, 3.0, 0.0]]
    first.bias.data[:] = [1.0, 2.0, 3.0, 4.0]
    # L2 norms: 4.00, 5.00. By the largest entry, 4 and 3, the second would be the weaker one.
    second.weight.data[:] = [[4.0, 3.0], [0.0, -3.0], [0.0, 2.0], [0.0, np.sqrt(3.0)]]

    result = structured_prune(model, prune_ratio=0.5)
    assert result is model, "structured_prune must return the model that it was given"

    silent = np.all(first.weight.data == 0, axis=0)
    assert silent.tolist() == [False, True, False, True], (
        f"Columns 1 and 3 have the smallest L2 norms, but these are zero: {np.flatnonzero(silent)}"
    )
    assert first.bias.data.tolist() == [1.0, 0.0, 3.0, 0.0], (
        f"The bias goes with its channel: expected [1, 0, 3, 0], got {first.bias.data.tolist()}"
    )
    assert first.weight.data[:, 0].tolist() == [3.0, 0.0, 0.0], "Kept columns must not change"
    assert np.all(first.weight.data[:, 2] == 3.0), "Kept columns must not change"
    assert np.all(second.weight.data[:, 0] == 0), "Each layer loses its own weakest channel"
    assert second.weight.data[:3, 1].tolist() == [3.0, -3.0, 2.0], "Kept columns must not change"

    # A silent channel puts out zero for every input.
    output = first.forward(Tensor(np.random.randn(5, 3)))
    assert np.all(output.data[:, [1, 3]] == 0), "A pruned channel must put out 0 for every input"

    # The count is rounded (0.4 of 4 channels are 1.6, that is 2), and the ends of the range count.
    for ratio, n_silent in [(0.0, 0), (0.4, 2), (1.0, 4)]:
        first.weight.data[:] = np.random.randn(3, 4)
        structured_prune(model, prune_ratio=ratio)
        silent = np.all(first.weight.data == 0, axis=0)
        assert silent.sum() == n_silent, (
            f"round({ratio} * 4) = {n_silent} channels must be silent, got {silent.sum()}"
        )
    assert measure_sparsity(model) == 100.0, "prune_ratio=1 must silence every channel"

    for wrong in (-0.1, 1.5, float("nan")):
        message = ""
        try:
            structured_prune(model, prune_ratio=wrong)
        except ValueError as error:
            message = str(error)
        assert message, f"prune_ratio={wrong} must raise a ValueError that says what was expected"

    print("✅ structured_prune works correctly!")

test_unit_structured_prune()

# %% [markdown]
"""
## 6. Low-rank approximation

Pruning removes entries. Low-rank approximation removes *directions*: it writes a matrix as a
product of thin ones and keeps only what is strong.

```
        W                    U            S            V
   ┌───────────┐         ┌──────┐     ┌ σ₁     ┐  ┌───────────┐
   │           │         │      │     │   σ₂   │  │  r × n    │
   │   m × n   │    ≈    │ m×r  │  ·  └     σᵣ ┘ ·└───────────┘
   │           │         │      │       r values
   │           │         │      │
   └───────────┘         └──────┘

   m·n numbers             m·r     +      r     +     r·n   numbers
```

With m = n = 512 and r = 64 that is 65,600 numbers instead of 262,144: a quarter. The saving
begins when r is less than m·n / (m + n + 1); above that the factors are *larger* than the matrix.

**How good is it?** The error is known before you compute it. It is the energy of the singular
values that were dropped:

```
   ‖W − U·S·V‖²  =  σ²ᵣ₊₁ + σ²ᵣ₊₂ + …            (sum of squares of all entries)
```

No matrix of rank r does better. Whether that is good *enough* depends on the matrix. Weights
fresh from a random generator have slowly falling singular values, so cutting half of them hurts.
Trained weights often fall fast.

**Shapes**: NumPy's `svd` returns the last factor already transposed, so that it can be multiplied
from the right as it is. We keep that and call it V, of shape (r, n).
"""

# %%
def low_rank_approximate(
    weight_matrix: Any, rank_ratio: float = 0.5
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """
    Factor a matrix into its strongest singular directions.

    TODO: Compute a singular value decomposition and keep the first part of it.

    APPROACH:
    1. Take the array out of a Tensor if need be, and check that it is a finite matrix
    2. Check that rank_ratio lies between 0 and 1
    3. Decide the rank: round(rank_ratio * min(m, n)), but at least 1
    4. Decompose, cut the three factors to that rank, return them

    Args:
        weight_matrix: an array or Tensor of shape (m, n), m and n at least 1; it is not changed
        rank_ratio: the share of the full rank min(m, n) to keep, a fraction from 0.0 to 1.0

    Returns:
        U of shape (m, r), S of shape (r,) in falling order, V of shape (r, n). The best
        approximation of rank r is (U * S) @ V.

    Raises:
        ValueError: if weight_matrix is not a matrix with entries, or holds NaN or infinity, or
            if rank_ratio is not from 0 to 1

    EXAMPLE:
    >>> matrix = np.outer([1.0, 2.0, 3.0], [4.0, 5.0])
    >>> U, S, V = low_rank_approximate(matrix, rank_ratio=0.5)
    >>> U.shape, S.shape, V.shape
    ((3, 1), (1,), (1, 2))
    >>> bool(np.allclose((U * S) @ V, matrix))
    True

    HINTS:
    - np.linalg.svd(matrix, full_matrices=False) gives factors of the small shapes
    - Slicing U takes columns, slicing V takes rows
    - float64 costs little here and keeps the error at what the mathematics says
    """
    ### BEGIN SOLUTION
    values = weight_matrix.data if isinstance(weight_matrix, Tensor) else weight_matrix
    matrix = np.asarray(values, dtype=np.float64)
    if matrix.ndim != 2 or matrix.size == 0 or not np.all(np.isfinite(matrix)):
        raise ValueError(
            "low_rank_approximate expects a weight_matrix of shape (m, n) with finite entries, "
            f"got shape {matrix.shape}"
        )
    if not 0.0 <= rank_ratio <= 1.0:
        raise ValueError(f"low_rank_approximate expects 0 <= rank_ratio <= 1, got {rank_ratio}")

    rank = max(1, round(rank_ratio * min(matrix.shape)))
    U, S, V = np.linalg.svd(matrix, full_matrices=False)
    return U[:, :rank], S[:rank], V[:rank, :]
    ### END SOLUTION

def test_unit_low_rank_approximate():
    """🔬 The factors have the promised shapes and the smallest possible error."""
    print("🔬 Unit Test: Low-Rank Approximate...")

    rng = np.random.default_rng(6)
    for m, n, ratio, rank in [(8, 6, 0.5, 3), (6, 8, 0.5, 3), (10, 100, 0.29, 3), (5, 4, 0.0, 1)]:
        matrix = rng.standard_normal((m, n))
        U, S, V = low_rank_approximate(matrix, rank_ratio=ratio)
        shapes = (U.shape, S.shape, V.shape)
        assert shapes == ((m, rank), (rank,), (rank, n)), (
            f"({m}, {n}) at {ratio}: expected rank {rank}, got the shapes {shapes}"
        )

        # Eckart and Young: the squared error is the energy of the singular values left out.
        error = np.sum((matrix - (U * S) @ V) ** 2)
        optimum = np.sum(np.linalg.svd(matrix, compute_uv=False)[rank:] ** 2)
        assert abs(error - optimum) < 1e-9, (
            f"The squared error must be the smallest possible {optimum:.6f}, got {error:.6f}"
        )
        assert np.allclose(U.T @ U, np.eye(rank)), "The columns of U must be orthonormal"
        assert np.allclose(V @ V.T, np.eye(rank)), "The rows of V must be orthonormal"
        assert np.all(S[:-1] >= S[1:]), f"The singular values must fall, got {S}"

    # All of the rank: nothing is lost.
    matrix = rng.standard_normal((7, 4))
    U, S, V = low_rank_approximate(matrix, rank_ratio=1.0)
    assert np.allclose((U * S) @ V, matrix), "rank_ratio=1 must reproduce the matrix"

    # A matrix that has rank 1 is found with one direction.
    matrix = np.outer(np.arange(1.0, 6.0), np.arange(1.0, 5.0))
    U, S, V = low_rank_approximate(Tensor(matrix), rank_ratio=0.25)
    assert np.allclose((U * S) @ V, matrix), "A rank-1 matrix must be reproduced by rank 1"

    for wrong_matrix, wrong_ratio in [
        (np.ones(4), 0.5), (np.ones((0, 4)), 0.5), (np.full((2, 2), np.nan), 0.5),
        (np.ones((2, 2)), -0.1), (np.ones((2, 2)), 1.1), (np.ones((2, 2)), float("nan")),
    ]:
        message = ""
        try:
            low_rank_approximate(wrong_matrix, rank_ratio=wrong_ratio)
        except ValueError as error:
            message = str(error)
        assert message, f"Shape {wrong_matrix.shape}, ratio {wrong_ratio}: expected a ValueError"

    print("✅ low_rank_approximate works correctly!")

test_unit_low_rank_approximate()

# %% [markdown]
"""
## 7. Knowledge distillation

A label says: *this is a cat*. A teacher says: *cat 0.90, dog 0.09, car 0.01*. The second tells the
student more, namely that cats look rather like dogs and not at all like cars. Hinton, Vinyals and
Dean (2015) train the student on both.

```
                        ┌───────────┐   logits    ┌───────────┐   soft targets
                  ┌────▶│  TEACHER  │────────────▶│ softmax/T │──────────┐
                  │     │  (large)  │             └───────────┘          ▼
      input x ────┤     └───────────┘                            ┌──────────────┐
                  │     ┌───────────┐   logits    ┌───────────┐  │ KL(teacher ‖ │
                  └────▶│  STUDENT  │──────┬─────▶│ softmax/T │─▶│     student) │──┐
                        │  (small)  │      │      └───────────┘  └──────────────┘  │ · α·T²
                        └───────────┘      │      ┌───────────┐  ┌──────────────┐  ├──▶ loss
                                           └─────▶│  softmax  │─▶│ cross-entropy│──┘ · (1−α)
                                                  └───────────┘  └──────▲───────┘
      label ────────────────────────────────────────────────────────────┘
```

**Temperature.** Dividing the logits by T flattens the distribution, so that small probabilities
become visible:

```
   logits [5, 2, 0]    T = 1:  0.946  0.047  0.006      almost a label
                       T = 3:  0.642  0.236  0.121      the order and the distances show
                       T = 9:  0.437  0.313  0.251      nearly flat
```

**Why T²?** Gradients of the soft part shrink like 1/T². The factor brings them back, so that you
can change T without having to change α as well.

**Numerical care.** Never take the logarithm of a softmax that may have underflowed to 0. Compute
log-probabilities directly: subtract the maximum, then the logarithm of the sum of exponentials.
"""

# %%
#| export
class KnowledgeDistillation:
    """
    The loss that lets a small student imitate a large teacher.

    loss = alpha * T**2 * KL(teacher || student, both softened by T)
           + (1 - alpha) * cross-entropy of the student against the labels

    Both parts are means over the batch, in nats.

    TODO: Implement the constructor, the two parts of the loss and their sum.

    APPROACH:
    1. Check and keep what the constructor is given
    2. Write log-probabilities once, in a way that does not overflow
    3. Build the divergence and the cross-entropy on them
    4. Weigh the two parts in distillation_loss

    HINTS:
    - Tensor and array arguments are both welcome
    - The temperature softens both models in the soft part, and neither in the hard part
    """

    def __init__(
        self, teacher: Any, student: Any, temperature: float = 3.0, alpha: float = 0.7
    ) -> None:
        """
        Keep the two models and the two knobs of the loss.

        Args:
            teacher: the model to imitate, kept as self.teacher
            student: the model that learns, kept as self.student
            temperature: T, softens both distributions; finite and greater than 0
            alpha: the weight of the soft part, a fraction from 0.0 to 1.0

        Raises:
            ValueError: if temperature or alpha is out of its range
        """
        ### BEGIN SOLUTION
        if not 0.0 < temperature < float("inf"):
            raise ValueError(
                f"KnowledgeDistillation expects a finite temperature > 0, got {temperature}"
            )
        if not 0.0 <= alpha <= 1.0:
            raise ValueError(f"KnowledgeDistillation expects 0 <= alpha <= 1, got {alpha}")
        self.teacher = teacher
        self.student = student
        self.temperature = temperature
        self.alpha = alpha
        ### END SOLUTION

    def distillation_loss(
        self, student_logits: Any, teacher_logits: Any, true_labels: Any
    ) -> float:
        """
        Compute the weighted loss of one batch.

        Args:
            student_logits: array or Tensor of shape (batch, classes)
            teacher_logits: array or Tensor of the same shape
            true_labels: the class index of each example, shape (batch,), from 0 to classes - 1

        Returns:
            The loss, a float of at least 0.

        Raises:
            ValueError: if the shapes do not fit together, the batch is empty, or a label is not
                the index of a class

        HINTS:
        - Check the shapes first: NumPy would broadcast (1, 3) against (4, 3) without a word
        - _soft_loss and _hard_loss do the work
        """
        ### BEGIN SOLUTION
        student = self._to_array(student_logits)
        teacher = self._to_array(teacher_logits)
        labels = self._to_array(true_labels)
        if student.ndim != 2 or student.size == 0 or student.shape != teacher.shape:
            raise ValueError(
                "distillation_loss expects student_logits and teacher_logits of one shape "
                f"(batch, classes), got {student.shape} and {teacher.shape}"
            )
        if labels.shape != (student.shape[0],):
            raise ValueError(
                f"distillation_loss expects true_labels of shape ({student.shape[0]},), "
                f"got {labels.shape}"
            )
        if not np.all(np.isin(labels, np.arange(student.shape[1]))):
            raise ValueError(
                "distillation_loss expects true_labels that are whole numbers from 0 to "
                f"{student.shape[1] - 1}"
            )
        soft = self._soft_loss(student, teacher)
        hard = self._hard_loss(student, labels.astype(np.int64))
        return float(self.alpha * self.temperature**2 * soft + (1.0 - self.alpha) * hard)
        ### END SOLUTION

    def _soft_loss(self, student_logits: np.ndarray, teacher_logits: np.ndarray) -> float:
        """
        KL(teacher || student) at the temperature, as a mean over the batch.

        Args: two arrays of shape (batch, classes). Returns: a float in nats, without T squared.
        """
        ### BEGIN SOLUTION
        teacher_log = self._log_softmax(teacher_logits / self.temperature)
        student_log = self._log_softmax(student_logits / self.temperature)
        divergences = np.sum(np.exp(teacher_log) * (teacher_log - student_log), axis=1)
        return float(np.mean(divergences))
        ### END SOLUTION

    def _hard_loss(self, student_logits: np.ndarray, labels: np.ndarray) -> float:
        """
        The cross-entropy against the labels at temperature 1, as a mean over the batch.

        Args: an array of shape (batch, classes) and integers of shape (batch,). Returns: a float
        in nats.
        """
        ### BEGIN SOLUTION
        log_probabilities = self._log_softmax(student_logits)
        return float(-np.mean(log_probabilities[np.arange(labels.size), labels]))
        ### END SOLUTION

    @staticmethod
    def _log_softmax(logits: np.ndarray) -> np.ndarray:
        """
        Log-probabilities along the last axis, without overflow.

        Args: an array of shape (batch, classes). Returns: an array of the same shape.

        HINTS:
        - Subtracting the largest logit of each row does not change the result
        """
        ### BEGIN SOLUTION
        shifted = logits - np.max(logits, axis=-1, keepdims=True)
        return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
        ### END SOLUTION

    @staticmethod
    def _to_array(values: Any) -> np.ndarray:
        """The values of a Tensor, an array or a list as a float64 array of the same shape."""
        return np.asarray(values.data if isinstance(values, Tensor) else values, dtype=np.float64)

def test_unit_knowledge_distillation():
    """🔬 Both parts of the loss, their weights, and the direction of the divergence."""
    print("🔬 Unit Test: Knowledge Distillation...")

    np.random.seed(7)
    teacher = Sequential(Linear(8, 16), ReLU(), Linear(16, 8), Linear(8, 2))
    student = Sequential(Linear(8, 2))
    x = Tensor(np.random.randn(4, 8))
    labels = np.array([0, 1, 1, 0])

    kd = KnowledgeDistillation(teacher, student)
    assert kd.temperature == 3.0, f"The default temperature is 3.0, got {kd.temperature}"
    assert kd.alpha == 0.7, f"The default alpha is 0.7, got {kd.alpha}"
    assert kd.teacher is teacher and kd.student is student, "Keep teacher and student as given"

    # Each part on its own, against what pencil and paper give. A uniform teacher and a student
    # whose two logits differ by d (after softening) diverge by log(cosh(d / 2)).
    uniform, tilted = np.zeros((3, 2)), np.array([[4.0, 0.0]] * 3)
    zeros = np.zeros(3, dtype=int)
    soft = KnowledgeDistillation(teacher, student, temperature=2.0, alpha=1.0)
    loss = soft.distillation_loss(tilted, uniform, zeros)
    expected = 2.0**2 * np.log(np.cosh(4.0 / 2.0 / 2.0))
    assert abs(loss - expected) < 1e-9, f"T² · KL(teacher ‖ student) is {expected:.6f}, got {loss}"

    hard = KnowledgeDistillation(teacher, student, temperature=2.0, alpha=0.0)
    loss = hard.distillation_loss(tilted, uniform, zeros)
    expected = np.log1p(np.exp(-4.0))
    assert abs(loss - expected) < 1e-9, f"The cross-entropy at T=1 is {expected:.6f}, got {loss}"

    # The sum of the two, weighted.
    both = KnowledgeDistillation(teacher, student, temperature=2.0, alpha=0.25)
    loss = both.distillation_loss(Tensor(tilted), Tensor(uniform), Tensor(zeros))
    expected = 0.25 * 4.0 * np.log(np.cosh(1.0)) + 0.75 * np.log1p(np.exp(-4.0))
    assert abs(loss - expected) < 1e-9, f"The weighted sum is {expected:.6f}, got {loss}"

    # Real models: a perfect imitation leaves nothing of the soft part.
    teacher_logits, student_logits = teacher.forward(x), student.forward(x)
    assert kd.distillation_loss(student_logits, teacher_logits, labels) > 0, "The loss is positive"
    loss = soft.distillation_loss(teacher_logits, teacher_logits, labels)
    assert abs(loss) < 1e-9, f"A student that equals its teacher has no soft loss, got {loss}"

    # Extreme logits must not overflow, nor drown those of another example.
    loss = kd.distillation_loss([[1e4, -1e4], [1.0, 0.0]], [[-1e4, 1e4], [0.0, 1.0]], [0, 1])
    assert np.isfinite(loss), f"Large logits must give a finite loss, got {loss}"

    for student_shape, teacher_shape, wrong_labels in [
        ((4, 2), (1, 2), [0, 0, 0, 0]), ((4, 2), (4, 2), [0, 0, 0]), ((2,), (2,), [0, 0]),
        ((2, 2), (2, 2), [0, 2]), ((2, 2), (2, 2), [0, -1]),
    ]:
        message = ""
        try:
            kd.distillation_loss(np.zeros(student_shape), np.zeros(teacher_shape), wrong_labels)
        except ValueError as error:
            message = str(error)
        assert message, (
            f"Shapes {student_shape}, {teacher_shape}, labels {wrong_labels}: expected a ValueError"
        )

    for knobs in ({"temperature": 0.0}, {"temperature": -1.0}, {"alpha": 1.1}, {"alpha": -0.1}):
        message = ""
        try:
            KnowledgeDistillation(teacher, student, **knobs)
        except ValueError as error:
            message = str(error)
        assert message, f"{knobs} must raise a ValueError that says what was expected"

    print("✅ KnowledgeDistillation works correctly!")

test_unit_knowledge_distillation()

# %% [markdown]
"""
## 8. The complete pipeline

Three of the techniques change a model in place, so they can follow one another. Does the order
matter? Very much:

```
   dense W ──▶ low rank ──▶ channels ──▶ single weights ──▶ sparse W        ✅ our order
                  │             │               │
            fills every     zeros whole     zeros what is
            entry anew      columns         small by now

   dense W ──▶ single weights ──▶ low rank ──▶ dense again!                  ✗ zeros are lost
```

A low-rank reconstruction is a sum of full outer products. Whatever was zero before is, in general,
no longer zero afterwards. So it has to come first. Channels come next, and the fine brush of
single weights comes last: it sees the zeros that are there already, and counts them towards the
share that it was asked for.

Note that the pipeline writes the low-rank *reconstruction* back into the weight. The shape stays,
the model stays usable as it is, and you can measure what the approximation does to the outputs.
Storing the two factors instead is a change of architecture.

**Statistics** are part of the contract. A pipeline that says only "compressed!" cannot be compared
with anything. Percent stays percent everywhere: the sparsities are from 0 to 100, and the increase
is in percentage points.
"""

# %%
def compress_model(model: Any, compression_config: dict[str, float]) -> dict[str, Any]:
    """
    Apply several compression techniques to a model and report what happened.

    TODO: Run the requested techniques in a sensible order and gather statistics.

    APPROACH:
    1. Check the whole configuration before anything is changed
    2. Measure the model as it is
    3. Apply low_rank, then structured_prune, then magnitude_prune, as far as requested
    4. Measure again and return the statistics

    Args:
        model: a model with parameters(), and with layers if structured_prune is requested; its
            weights (and, for structured_prune, biases) are changed in place, nothing else is
        compression_config: maps a technique to its ratio, a fraction from 0.0 to 1.0; it is not
            changed, and the order of its keys does not matter. The techniques are
            "low_rank" (every weight becomes its reconstruction from rank_ratio of its rank),
            "structured_prune" (prune_ratio) and "magnitude_prune" (sparsity)

    Returns:
        A dictionary with the keys
            original_params: the number of all parameters, biases included (int)
            original_sparsity: percent of zero weights before
            final_sparsity: percent of zero weights after
            sparsity_increase: the difference, in percentage points
            nonzero_weights: the number of weights that are not zero after (int)
            compression_ratio: the number of weights divided by nonzero_weights; infinite if no
                weight is left
            applied_techniques: the names in the order in which they were applied (list)

    Raises:
        ValueError: if a technique is unknown, a ratio is not from 0 to 1, or the model has no
            weight matrix; then nothing is changed

    EXAMPLE:
    >>> model = Sequential(Linear(20, 10), ReLU(), Linear(10, 10))
    >>> stats = compress_model(model, {"magnitude_prune": 0.75})
    >>> stats["applied_techniques"], stats["final_sparsity"], stats["compression_ratio"]
    (['magnitude_prune'], 75.0, 4.0)

    HINTS:
    - You have written all the parts: this function only calls them
    - A fixed tuple of names gives the order and the check for unknown ones at once
    - param.data[...] = new_values writes into the tensor that the layer holds
    """
    ### BEGIN SOLUTION
    techniques = ("low_rank", "structured_prune", "magnitude_prune")
    for name, ratio in compression_config.items():
        if name not in techniques:
            raise ValueError(f"compress_model expects techniques among {techniques}, got {name!r}")
        if not 0.0 <= ratio <= 1.0:
            raise ValueError(f"compress_model expects 0 <= {name} <= 1, got {ratio}")

    params = [param for param in model.parameters() if param is not None]
    weights = [param for param in params if param.data.ndim == 2]
    original_sparsity = measure_sparsity(model)

    applied = [name for name in techniques if name in compression_config]
    for name in applied:
        ratio = compression_config[name]
        if name == "low_rank":
            for weight in weights:
                U, S, V = low_rank_approximate(weight, rank_ratio=ratio)
                weight.data[...] = (U * S) @ V
        elif name == "structured_prune":
            structured_prune(model, prune_ratio=ratio)
        else:
            magnitude_prune(model, sparsity=ratio)

    final_sparsity = measure_sparsity(model)
    n_weights = sum(weight.data.size for weight in weights)
    nonzero_weights = sum(int(np.count_nonzero(weight.data)) for weight in weights)
    return {
        "original_params": sum(param.data.size for param in params),
        "original_sparsity": original_sparsity,
        "final_sparsity": final_sparsity,
        "sparsity_increase": final_sparsity - original_sparsity,
        "nonzero_weights": nonzero_weights,
        "compression_ratio": n_weights / nonzero_weights if nonzero_weights else float("inf"),
        "applied_techniques": applied,
    }
    ### END SOLUTION

def test_unit_compress_model():
    """🔬 The techniques in their order, the statistics, and nothing half done."""
    print("🔬 Unit Test: Compress Model...")

    np.random.seed(8)
    model = Sequential(Linear(10, 20), ReLU(), Linear(20, 10, bias=False))
    config = {"magnitude_prune": 0.8, "structured_prune": 0.25}
    stats = compress_model(model, config)

    assert config == {"magnitude_prune": 0.8, "structured_prune": 0.25}, "The config must stay"
    assert stats["applied_techniques"] == ["structured_prune", "magnitude_prune"], (
        f"Channels first, then single weights, got {stats['applied_techniques']}"
    )
    assert stats["original_params"] == 420, (
        f"400 weights and 20 biases make 420, got {stats['original_params']}"
    )
    assert stats["original_sparsity"] == 0.0, f"Dense at first, got {stats['original_sparsity']}"
    assert abs(stats["final_sparsity"] - 80.0) < 1e-9, (
        f"320 of 400 weights must be zero, 80 percent, got {stats['final_sparsity']}"
    )
    assert abs(stats["sparsity_increase"] - 80.0) < 1e-9, (
        f"From 0 to 80 percent are 80 points, got {stats['sparsity_increase']}"
    )
    assert stats["nonzero_weights"] == 80, f"80 weights are left, got {stats['nonzero_weights']}"
    assert abs(stats["compression_ratio"] - 5.0) < 1e-9, (
        f"400 weights to 80 is a ratio of 5, got {stats['compression_ratio']}"
    )
    assert abs(measure_sparsity(model) - 80.0) < 1e-9, "The model itself must be compressed"
    silent = sum(int(np.all(column == 0)) for column in model.layers[0].weight.data.T)
    assert silent >= 5, f"A quarter of 20 channels must be silent, got {silent}"

    # Low rank alone: the shape stays, the rank falls, nothing becomes sparse.
    layer = model.layers[0]
    layer.weight.data[:] = np.random.randn(10, 20)
    stats = compress_model(layer, {"low_rank": 0.3})
    rank = np.linalg.matrix_rank(layer.weight.data.astype(np.float64), tol=1e-4)
    assert layer.weight.shape == (10, 20), f"The shape must stay (10, 20), got {layer.weight.shape}"
    assert rank == 3, f"round(0.3 * 10) = 3 directions must be left, got rank {rank}"
    assert stats["applied_techniques"] == ["low_rank"], f"Got {stats['applied_techniques']}"

    # Nothing left: the ratio is infinite, and there is no division by zero.
    stats = compress_model(Linear(3, 3), {"magnitude_prune": 1.0})
    assert stats["compression_ratio"] == float("inf"), f"No weight is left, got {stats}"

    # An empty request changes nothing.
    before = layer.weight.data.copy()
    stats = compress_model(layer, {})
    assert stats["applied_techniques"] == [], "Nothing was requested"
    assert np.array_equal(layer.weight.data, before), "Nothing was requested, nothing may change"

    # A wrong request changes nothing either, not even its valid part.
    for wrong in (
        {"magnitude_prune": 0.5, "quantize": 0.5},
        {"low_rank": 0.5, "magnitude_prune": 2.0},
    ):
        message = ""
        try:
            compress_model(layer, wrong)
        except ValueError as error:
            message = str(error)
        assert message, f"{wrong} must raise a ValueError that says what was expected"
        assert np.array_equal(layer.weight.data, before), f"{wrong} must not change any weight"

    print("✅ compress_model works correctly!")

test_unit_compress_model()

# %% [markdown]
"""
## 9. Systems view: what the profiler says

You have the tools; now look at them as an engineer. The profiler counts parameters, memory,
operations and time. What do you expect it to say about a model that has lost 90 percent of
its weights?

```
                        dense model          90 percent pruned        your guess
   parameters            100 %                  ?
   non-zero              100 %                  ?
   memory                100 %                  ?
   time                  100 %                  ?
```

Write your guesses down before you run the cell. The surprise is the point: the zeros are still
*stored* as 4-byte floats, and the multiplication still multiplies by each of them. Pruning creates
an opportunity. Taking it needs another storage format, other kernels, or whole columns that can
be cut out.
"""

# %%
def demo_compression_with_profiler():
    """🚀 Look at a model through the profiler, before and after pruning."""
    from tinytorch.profiling.profiler import Profiler

    print("🚀 Compression Through the Profiler")
    print("=" * 60)

    np.random.seed(9)
    profiler = Profiler()
    model = Sequential(*[Linear(128, 128) for _ in range(3)])
    batch = Tensor(np.random.randn(32, 128))
    dense_output = model.forward(batch).data.copy()

    def snapshot():
        return {
            "Parameters": f"{profiler.count_parameters(model):,}",
            "Non-zero": f"{profiler.count_nonzero(model):,}",
            "Sparsity": f"{measure_sparsity(model):.1f}%",
            "Memory": f"{profiler.measure_memory(model, batch.shape)['total_mb']:.3f} MB",
            "Operations": f"{profiler.count_flops(model, batch.shape):,}",
            "Forward pass": f"{profiler.measure_latency(model, batch):.3f} ms",
        }

    before = snapshot()
    magnitude_prune(model, sparsity=0.9)
    after = snapshot()

    print(f"   {'':<16}{'dense':>16}{'90% pruned':>16}")
    print("   " + "-" * 48)
    for quantity in before:
        print(f"   {quantity:<16}{before[quantity]:>16}{after[quantity]:>16}")

    change = model.forward(batch).data - dense_output
    relative = np.linalg.norm(change) / np.linalg.norm(dense_output)
    print(f"\n   Relative change of the output: {relative:.2f} (the model is untrained)")
    print("\n💡 Key Insights:")
    print("   • The non-zero count falls, the stored count does not")
    print("   • Dense kernels multiply by zero at full price")
    print("   • The profit comes from a sparse format, or from cutting out whole channels")

demo_compression_with_profiler()

# %% [markdown]
"""
## 10. Systems analysis: which technique costs what?

Two questions decide which technique you use. *How much does the output change at the same saving?*
And *where do the zeros end up?* The analysis below answers both for an untrained model, whose
weights have no structure that a technique could exploit. That is the hard case: with trained
weights all errors are smaller.

```
   error
     ▲                                        ● structured (coarse: whole channels)
     │                             ●
     │                 ●                      ○ magnitude (fine: single weights)
     │       ●                     ○
     │             ○     ○
     └──────────────────────────────────────▶ share of weights removed
```

The second table shows what one global threshold does to layers of different scale. A layer whose
weights are ten times smaller loses nearly all of them, while the other one is hardly touched.
Sometimes that is what you want. Sometimes it cuts the wire in the middle.
"""

# %%
def analyze_compression_techniques():
    """📊 Compare the error of the techniques, and see where the zeros go."""
    print("\n📊 Analyzing Compression Techniques")
    print("=" * 60)

    np.random.seed(10)
    layers = [Linear(64, 96), ReLU(), Linear(96, 64), ReLU(), Linear(64, 10)]
    dense = Sequential(*layers)
    batch = Tensor(np.random.randn(64, 64))
    target = dense.forward(batch).data

    print("\nRelative error of the output, when a share is removed:")
    print(f"   {'Technique':<20}{'25%':>10}{'50%':>10}{'75%':>10}")
    print("   " + "-" * 50)
    for technique in ("magnitude_prune", "structured_prune", "low_rank"):
        errors = []
        for removed in (0.25, 0.5, 0.75):
            model = copy.deepcopy(dense)
            ratio = 1.0 - removed if technique == "low_rank" else removed
            compress_model(model, {technique: ratio})
            change = model.forward(batch).data - target
            errors.append(np.linalg.norm(change) / np.linalg.norm(target))
        print(f"   {technique:<20}" + "".join(f"{error:>10.3f}" for error in errors))

    uneven = Sequential(Linear(64, 64), Linear(64, 64))
    uneven.layers[1].weight.data *= 0.1
    magnitude_prune(uneven, sparsity=0.5)

    print("\nOne threshold, two layers, the second with weights ten times smaller:")
    for number, layer in enumerate(uneven.layers, start=1):
        print(f"   Layer {number}: {measure_sparsity(layer):5.1f}% zero")
    print(f"   Model:   {measure_sparsity(uneven):5.1f}% zero")

    print("\n💡 Key Insights:")
    print("   • Single weights are the finest brush: the least error for the same share")
    print("   • Whole channels cost more accuracy, and are the easiest to turn into speed")
    print("   • Random weights have no low rank to find; trained ones often have")
    print("   • A global threshold follows the scale of the layers: look at each of them")

analyze_compression_techniques()

# %% [markdown]
"""
## 11. Systems analysis: does distillation work?

Here the student really learns. The gradient of the loss with respect to the student's logits is
short enough to write by hand, for a batch of B examples with teacher probabilities p, student
probabilities q, and labels y as zeros and ones:

```
              α·T·(q at T  −  p at T)  +  (1 − α)·(q  −  y)
   gradient = ─────────────────────────────────────────────
                                  B
```

(One T of T² is used up by the derivative of z/T.) The teacher is a stack of linear layers without
activations between them. A product of matrices is a matrix, so a student of one layer *can* match
it perfectly, with far fewer parameters. Watch whether it does.
"""

# %%
def analyze_distillation_effectiveness():
    """📊 Train a small student on a larger teacher and watch the two come together."""
    print("\n📊 Analyzing Distillation Effectiveness")
    print("=" * 60)

    np.random.seed(11)
    teacher = Sequential(*[Linear(a, b) for a, b in [(16, 64), (64, 64), (64, 4)]])
    student = Sequential(Linear(16, 4))
    kd = KnowledgeDistillation(teacher, student, temperature=3.0, alpha=0.7)

    x = Tensor(np.random.randn(256, 16))
    teacher_logits = teacher.forward(x).data
    labels = teacher_logits.argmax(axis=1)
    one_hot = np.eye(4)[labels]

    def softmax(logits):
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    teacher_size = sum(param.size for param in teacher.parameters())
    student_size = sum(param.size for param in student.parameters())
    print(f"\nTeacher: {teacher_size:,} parameters, student: {student_size:,} "
          f"({teacher_size / student_size:.0f}x smaller)")
    print(f"\n   {'Step':<10}{'Loss':>10}{'Agreement':>14}")
    print("   " + "-" * 34)

    layer = student.layers[0]
    for step in range(301):
        logits = student.forward(x).data
        if step % 100 == 0:
            loss = kd.distillation_loss(logits, teacher_logits, labels)
            agreement = 100.0 * np.mean(logits.argmax(axis=1) == labels)
            print(f"   {step:<10}{loss:>10.4f}{agreement:>13.1f}%")
        soft = softmax(logits / kd.temperature) - softmax(teacher_logits / kd.temperature)
        hard = softmax(logits) - one_hot
        gradient = (kd.alpha * kd.temperature * soft + (1 - kd.alpha) * hard) / len(labels)
        layer.weight.data -= (0.5 * x.data.T @ gradient).astype(np.float32)
        layer.bias.data -= (0.5 * gradient.sum(axis=0)).astype(np.float32)

    print("\nEntropy of the teacher's targets, in nats (a label has 0, a blind guess "
          f"{np.log(4):.2f}):")
    for temperature in (1.0, 3.0, 10.0):
        p = softmax(teacher_logits / temperature)
        entropy = -np.mean(np.sum(p * np.log(p + 1e-12), axis=1))
        print(f"   T = {temperature:>4.0f}: {entropy:.2f}")

    print("\n💡 Key Insights:")
    print("   • The student imitates the teacher with a fraction of the parameters")
    print("   • A higher temperature tells more about the classes that are not the answer")
    print("   • Distillation costs training time once, and saves at every prediction")

analyze_distillation_effectiveness()

# %% [markdown]
"""
## 12. 🧪 Module integration test

The last test puts everything together: a network of several layers, each tool on a copy of its
own, then the pipeline on the whole. What it checks beyond the unit tests are the *joints*. Does a
pruned model still accept a batch? Do the sizes agree that two functions report in different ways?
Is the model that you did not touch still the same?

```
   unit tests ──▶ prune a copy ──▶ prune channels ──▶ factor ──▶ distil ──▶ pipeline
       ✅              ✅                ✅              ✅          ✅          ✅
```
"""

# %%
def test_module():
    """🧪 All unit tests, then the tools together on one model."""
    print("🧪 RUNNING MODULE INTEGRATION TEST")
    print("=" * 60)

    test_unit_measure_sparsity()
    test_unit_magnitude_prune()
    test_unit_structured_prune()
    test_unit_low_rank_approximate()
    test_unit_knowledge_distillation()
    test_unit_compress_model()

    print("\nRunning integration scenarios...")
    np.random.seed(12)
    model = Sequential(
        Linear(20, 32),  # input to hidden
        ReLU(),
        Linear(32, 16),  # hidden to hidden
        ReLU(),
        Linear(16, 5),  # hidden to classes
    )
    n_weights = 20 * 32 + 32 * 16 + 16 * 5
    batch = Tensor(np.random.randn(8, 20))
    dense_output = model.forward(batch).data.copy()

    print("🔬 A pruned copy works, the original does not change...")
    pruned = magnitude_prune(copy.deepcopy(model), sparsity=0.7)
    expected = 100.0 * round(0.7 * n_weights) / n_weights
    assert abs(measure_sparsity(pruned) - expected) < 1e-9, (
        f"70 percent of {n_weights} weights must be zero, got {measure_sparsity(pruned)}"
    )
    assert pruned.forward(batch).shape == (8, 5), "A pruned model must still take a batch"
    assert np.array_equal(model.forward(batch).data, dense_output), (
        "Pruning a deep copy must not change the original"
    )

    print("🔬 Silent channels can be cut out without changing the output...")
    pruned = structured_prune(copy.deepcopy(model), prune_ratio=0.5)
    hidden = pruned.layers[0]
    kept = np.flatnonzero(np.any(hidden.weight.data != 0, axis=0))
    assert len(kept) == 16, f"Half of 32 channels must be left, got {len(kept)}"
    features = np.maximum(batch.data @ hidden.weight.data[:, kept] + hidden.bias.data[kept], 0)
    following = pruned.layers[2]
    small = features @ following.weight.data[kept] + following.bias.data
    full = following.forward(ReLU().forward(hidden.forward(batch))).data
    assert np.allclose(small, full, atol=1e-4), "The smaller matrices must give the same output"

    print("🔬 The factors of a layer take less memory than the layer...")
    weight = model.layers[0].weight
    U, S, V = low_rank_approximate(weight, rank_ratio=0.25)
    stored = U.size + S.size + V.size
    assert stored < weight.size, f"The factors must be smaller than {weight.size}, got {stored}"
    dropped = np.linalg.svd(weight.data.astype(np.float64), compute_uv=False)[S.size:]
    error = np.linalg.norm(weight.data - (U * S) @ V)
    assert abs(error - np.linalg.norm(dropped)) < 1e-6, (
        f"The error must be that of the dropped singular values, got {error}"
    )

    print("🔬 The distillation loss knows its own teacher...")
    kd = KnowledgeDistillation(model, pruned)
    labels = dense_output.argmax(axis=1)
    itself = kd.distillation_loss(dense_output, dense_output, labels)
    other = kd.distillation_loss(pruned.forward(batch), dense_output, labels)
    assert 0 < itself < other, (
        f"Imitating perfectly must cost less than imitating badly, got {itself} and {other}"
    )

    print("🔬 The pipeline's statistics agree with the model...")
    stats = compress_model(
        model, {"magnitude_prune": 0.9, "structured_prune": 0.25, "low_rank": 0.5}
    )
    order = ["low_rank", "structured_prune", "magnitude_prune"]
    assert stats["applied_techniques"] == order, f"Expected {order}, got {stats}"
    assert stats["original_params"] == n_weights + 32 + 16 + 5, (
        f"Weights and biases must be counted, got {stats['original_params']}"
    )
    assert abs(stats["final_sparsity"] - measure_sparsity(model)) < 1e-9, (
        "final_sparsity must be what measure_sparsity says of the model"
    )
    nonzero = n_weights - round(0.9 * n_weights)
    assert stats["nonzero_weights"] == nonzero, (
        f"{nonzero} weights must be left, got {stats['nonzero_weights']}"
    )
    assert np.all(np.isfinite(model.forward(batch).data)), "The compressed model must still work"

    print("\n" + "=" * 60)
    print("🎉 ALL TESTS PASSED! Module ready for export.")

test_module()

# %% [markdown]
"""
## 13. 🚀 Running the module

Started as a script, for example from a terminal with `python compression_dev.py`, this file runs
its tests and analyses from the top to the bottom. The integration test has the last word: its
lines on the screen tell whether the module is in order.
"""

# %%
if __name__ == "__main__":
    print("🚀 Running Compression module...")
    test_module()
    print("✅ Module validation complete!")

# %% [markdown]
"""
## 14. 📦 Export

Other code should not have to know this notebook. Beside the techniques themselves, the cell below
offers them as one class of static methods that speaks in fractions rather than in percent:

```
   tinytorch.optimization.compression
   ├── KnowledgeDistillation        the loss of part 7
   └── CompressionComplete          everything that changes a model
       ├── measure_sparsity         fraction of zero weights
       ├── magnitude_prune          returns the fraction reached
       ├── structured_prune         returns the number of silent channels
       └── compress_model           returns model and statistics
```

It is read-only: there is nothing to write here.
"""

# %% nbgrader={"grade": false, "grade_id": "compression_export", "solution": false}
#| export
class CompressionComplete:
    """
    The compression techniques as static methods, for use outside of the notebook.

    All shares are fractions from 0.0 to 1.0, on the way in and on the way out.
    """

    @staticmethod
    def measure_sparsity(model):
        """The fraction of zero entries in all weight matrices; 0.0 if there are none."""
        weights = [p.data for p in model.parameters() if p is not None and p.data.ndim == 2]
        total = sum(weight.size for weight in weights)
        zeros = sum(int(np.sum(weight == 0)) for weight in weights)
        return zeros / total if total else 0.0

    @staticmethod
    def magnitude_prune(model, sparsity=0.5):
        """Zero all weights up to a quantile of their magnitudes; return the fraction reached."""
        weights = [p for p in model.parameters() if p is not None and p.data.ndim == 2]
        if weights:
            magnitudes = np.concatenate([np.abs(weight.data).ravel() for weight in weights])
            threshold = np.quantile(magnitudes, sparsity)
            for weight in weights:
                weight.data[np.abs(weight.data) <= threshold] = 0.0
        return CompressionComplete.measure_sparsity(model)

    @staticmethod
    def structured_prune(model, prune_ratio=0.3):
        """Zero the weakest channels of each Linear layer; return how many are silent."""
        silent = 0
        for layer in model.layers:
            if isinstance(layer, Linear):
                norms = np.sqrt(np.sum(layer.weight.data**2, axis=0))
                count = int(prune_ratio * norms.size)
                weakest = np.argsort(norms)[:count]
                layer.weight.data[:, weakest] = 0.0
                if layer.bias is not None:
                    layer.bias.data[weakest] = 0.0
                silent += count
        return silent

    @staticmethod
    def compress_model(model, compression_config=None):
        """Prune channels, then weights; return the model and its statistics as fractions."""
        config = compression_config or {"structured_prune": 0.3, "magnitude_prune": 0.5}
        before = CompressionComplete.measure_sparsity(model)
        if "structured_prune" in config:
            CompressionComplete.structured_prune(model, config["structured_prune"])
        if "magnitude_prune" in config:
            CompressionComplete.magnitude_prune(model, config["magnitude_prune"])
        after = CompressionComplete.measure_sparsity(model)
        return model, {"sparsity_before": before, "sparsity_after": after}

def measure_sparsity(model):
    """The fraction of zero weights, from 0.0 to 1.0."""
    return CompressionComplete.measure_sparsity(model)

def magnitude_prune(model, sparsity=0.5):
    """Prune by magnitude; return the fraction of zero weights that was reached."""
    return CompressionComplete.magnitude_prune(model, sparsity)

def structured_prune(model, prune_ratio=0.3):
    """Prune channels; return how many are silent."""
    return CompressionComplete.structured_prune(model, prune_ratio)

def compress_model(model, compression_config=None):
    """Run the pipeline; return the model and its statistics."""
    return CompressionComplete.compress_model(model, compression_config)

# %% [markdown]
"""
## 🎯 Module summary: compression

You have built the tools that stand between a model that works and a model that fits.

### What you have built
- ✅ **measure_sparsity**: one honest number, in percent, over weights only
- ✅ **magnitude_prune**: a global ranking, an exact count
- ✅ **structured_prune**: whole channels with their biases, ready to be cut out
- ✅ **low_rank_approximate**: the best approximation that a rank allows
- ✅ **KnowledgeDistillation**: soft targets, hard labels, one loss
- ✅ **compress_model**: a pipeline whose order has a reason

### What to remember
- Zeros are an opportunity, not a saving: storage and kernels have to take it.
- The finer the unit that you remove, the smaller the error and the harder the speed-up.
- Say what you count, and in which unit. Half of all disagreements about sparsity are about that.

### Questions to think about
1. A CSR matrix stores a 4-byte value and a 4-byte column index for each non-zero entry. From
   which sparsity on is it smaller than the dense matrix?
2. Pruning channels of one layer makes rows of the next one useless. How much do you gain if you
   cut these out too?
3. Why does the Sequential order of low rank and pruning decide whether zeros survive?

### Sources
- Han, Pool, Tran, Dally (2015), *Learning both Weights and Connections for Efficient Neural
  Networks*
- Li, Kadav, Durdanovic, Samet, Graf (2017), *Pruning Filters for Efficient ConvNets*
- Eckart, Young (1936), *The Approximation of One Matrix by Another of Lower Rank*
- Hinton, Vinyals, Dean (2015), *Distilling the Knowledge in a Neural Network*

### Next
Export your work with `tito module complete 17`, then take your smallest model that is
still good enough to the next module. 🚀
"""
