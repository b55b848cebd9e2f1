"""A tensor: a NumPy array of 32-bit floats with the operations that layers need."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray: TypeAlias = NDArray[np.float32]


class Tensor:
    """A dense array of 32-bit floats.

    ``data`` is always a copy of what was given, so that two tensors never share memory by
    accident. Arithmetic broadcasts as NumPy does and returns new tensors.
    """

    __slots__ = ("data",)

    #: Makes NumPy arrays leave ``array + tensor`` to ``Tensor.__radd__``.
    __array_ufunc__ = None

    data: FloatArray

    def __init__(self, data: Tensor | ArrayLike) -> None:
        """Copy ``data`` (a tensor or anything that NumPy can turn into an array of any shape)."""
        self.data = _values(data).copy()

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis."""
        return tuple(self.data.shape)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return int(self.data.ndim)

    @property
    def size(self) -> int:
        """The number of entries."""
        return int(self.data.size)

    @property
    def nbytes(self) -> int:
        """The memory that the entries take, in bytes."""
        return int(self.data.nbytes)

    @property
    def T(self) -> Tensor:
        """The tensor with its axes reversed: shape (a, b) becomes (b, a)."""
        return Tensor(self.data.T)

    def numpy(self) -> FloatArray:
        """The entries themselves, not a copy: writing to the result writes to the tensor."""
        return self.data

    def copy(self) -> Tensor:
        """An equal tensor of the same shape with memory of its own."""
        return Tensor(self.data)

    def reshape(self, *shape: int) -> Tensor:
        """The same entries in ``shape``; one length may be -1."""
        return Tensor(self.data.reshape(shape))

    def sum(self, axis: int | None = None) -> Tensor:
        """The sum over ``axis``, or over all entries (then of shape ())."""
        return Tensor(np.sum(self.data, axis=axis))

    def mean(self, axis: int | None = None) -> Tensor:
        """The mean over ``axis``, or over all entries (then of shape ())."""
        return Tensor(np.mean(self.data, axis=axis))

    def matmul(self, other: Tensor | ArrayLike) -> Tensor:
        """The matrix product of shapes (…, n, k) and (k, m): a tensor of shape (…, n, m).

        Raises ValueError if the inner lengths differ.
        """
        right = _values(other)
        if self.ndim == 0 or right.ndim == 0 or self.shape[-1] != right.shape[max(-2, -right.ndim)]:
            raise ValueError(
                f"matmul expects shapes (…, n, k) and (k, m), got {self.shape} and {right.shape}"
            )
        return Tensor(self.data @ right)

    def __add__(self, other: Tensor | ArrayLike) -> Tensor:
        return Tensor(self.data + _values(other))

    def __sub__(self, other: Tensor | ArrayLike) -> Tensor:
        return Tensor(self.data - _values(other))

    def __mul__(self, other: Tensor | ArrayLike) -> Tensor:
        return Tensor(self.data * _values(other))

    def __truediv__(self, other: Tensor | ArrayLike) -> Tensor:
        return Tensor(self.data / _values(other))

    def __radd__(self, other: ArrayLike) -> Tensor:
        return Tensor(_values(other) + self.data)

    def __rsub__(self, other: ArrayLike) -> Tensor:
        return Tensor(_values(other) - self.data)

    def __rmul__(self, other: ArrayLike) -> Tensor:
        return Tensor(_values(other) * self.data)

    def __rtruediv__(self, other: ArrayLike) -> Tensor:
        return Tensor(_values(other) / self.data)

    def __neg__(self) -> Tensor:
        return Tensor(-self.data)

    def __matmul__(self, other: Tensor | ArrayLike) -> Tensor:
        return self.matmul(other)

    def __len__(self) -> int:
        return len(self.data)

    def __repr__(self) -> str:
        return f"Tensor(shape={self.shape}, data={np.array2string(self.data, threshold=20)})"


def _values(data: Tensor | ArrayLike) -> FloatArray:
    """The entries of a tensor or of anything array-like, as 32-bit floats."""
    if isinstance(data, Tensor):
        return data.data
    return np.asarray(data, dtype=np.float32)
