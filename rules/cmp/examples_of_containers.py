"""The examples of CMP101."""

from modfix.rule import Example

EXAMPLES = (
    Example(
        title="the documented container",
        bad='''\
# %%
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
''',
        good='''\
# %%
# Import Sequential from milestone helpers if available
try:
    from tinytorch.nn.containers import Sequential
except ImportError:
    # Provide a minimal helper for testing only
    class Sequential:
        """Minimal sequential container for module testing only.

        NOTE: This is NOT exported. Students should use explicit layer
        composition in milestones to understand data flow.
        """
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
''',
    ),
    Example(
        title="a container that does more stays as the fallback",
        bad='''\
# %%
class Chain:
    def __init__(self, *blocks):
        self.blocks = blocks

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return x

    def describe(self):
        return """
blocks:
""" + ", ".join(map(repr, self.blocks))
''',
        good='''\
# %%
# Import Sequential from milestone helpers if available
try:
    from tinytorch.nn.containers import Sequential as Chain
except ImportError:
    # Provide a minimal helper for testing only
    class Chain:
        def __init__(self, *blocks):
            self.blocks = blocks

        def forward(self, x):
            for block in self.blocks:
                x = block(x)
            return x

        def describe(self):
            return """
blocks:
""" + ", ".join(map(repr, self.blocks))
''',
    ),
    Example(
        title="explicit models",
        options={"strategy": "explicit"},
        bad="""\
# %%
#| export
from tinytorch.core.layers import Linear

class Sequential:
    def __init__(self, *layers):
        self.layers = list(layers)

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x) if hasattr(layer, 'forward') else layer(x)
        return x

    def parameters(self):
        return [param for layer in self.layers for param in layer.parameters()]

# %%
def test_unit_measure_sparsity():
    model = Sequential(Linear(4, 3), Linear(3, 2))
    assert measure_sparsity(model) == 0.0
""",
        good='''\
# %%
#| export
from tinytorch.core.layers import Linear

# %%
# Models with named layers instead of a container: `forward` shows how data flows in them.
# Not exported: only the tests and examples of this notebook use them.
class TwoLayerModel:
    """A model of two layers, called in order."""

    def __init__(self, layer1, layer2):
        self.layer1 = layer1
        self.layer2 = layer2

    @property
    def layers(self):
        """The layers in order."""
        return [self.layer1, self.layer2]

    def forward(self, x):
        x = self.layer1.forward(x)
        x = self.layer2.forward(x)
        return x

    def parameters(self):
        return [param for layer in self.layers for param in layer.parameters()]

# %%
def test_unit_measure_sparsity():
    model = TwoLayerModel(Linear(4, 3), Linear(3, 2))
    assert measure_sparsity(model) == 0.0
''',
    ),
    Example(
        title="a use that stands in the way of explicit models",
        options={"strategy": "explicit"},
        bad="""\
# %%
class Sequential:
    def __init__(self, *layers):
        self.layers = list(layers)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

# %%
def build(layers):
    return Sequential(*layers)
""",
        good=None,
    ),
    Example(
        title="a class of that name which is no container",
        bad=None,
        good="""\
# %%
class Sequential:
    def __init__(self, steps):
        self.steps = steps

    def __iter__(self):
        return iter(self.steps)
""",
    ),
)
