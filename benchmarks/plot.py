"""A plot of time against size as SVG, both axes logarithmic. No package is worth it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_WIDTH, _HEIGHT, _MARGIN = 600, 360, 64
_RIGHT, _TOP = _WIDTH - 32, 40  # the ends of the axes: labels stand beyond them
_COLOURS = ("#1f6feb", "#d9480f")


def write_plot(path: Path, series: Mapping[str, Sequence[tuple[int, float]]]) -> None:
    """Draw lines of (modules, seconds) by name."""
    points = [point for line in series.values() for point in line]
    across = _scale([size for size, _ in points], _MARGIN, _RIGHT)
    up = _scale([seconds for _, seconds in points], _HEIGHT - _MARGIN, _TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
    ]
    parts.append(
        f'<text x="{_MARGIN}" y="18" font-weight="bold">modfix check, whole process</text>'
    )
    for size in sorted({size for size, _ in points}):
        x = across(size)
        parts.append(f'<text x="{x:.0f}" y="{_HEIGHT - 34}" text-anchor="middle">{size:,}</text>')
    for power in range(-2, 4):
        y = up(10.0**power)
        if 0 < y < _HEIGHT - _MARGIN + 1:
            parts.append(f'<path d="M{_MARGIN} {y:.0f}H{_RIGHT}" stroke="#ddd"/>')
            text = f"{10.0**power:g} s"
            parts.append(f'<text x="{_MARGIN - 6}" y="{y + 4:.0f}" text-anchor="end">{text}</text>')
    for (name, line), colour in zip(series.items(), _COLOURS, strict=False):
        path_of = "L".join(f"{across(size):.0f} {up(seconds):.0f}" for size, seconds in line)
        parts.append(f'<path d="M{path_of}" fill="none" stroke="{colour}" stroke-width="2"/>')
        x, y = across(line[-1][0]), up(line[-1][1])
        parts.append(
            f'<text x="{x:.0f}" y="{y - 8:.0f}" text-anchor="end" fill="{colour}">{name}</text>'
        )
    parts.append(f'<text x="{_WIDTH / 2}" y="{_HEIGHT - 10}" text-anchor="middle">modules</text>')
    path.write_text("\n".join([*parts, "</svg>", ""]), encoding="utf-8")


def _scale(values: Sequence[float], low: float, high: float) -> Callable[[float], float]:
    least, most = math.log10(min(values)), math.log10(max(values))

    def at(value: float) -> float:
        return low + (high - low) * (math.log10(value) - least) / ((most - least) or 1)

    return at
