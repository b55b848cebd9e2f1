"""The markers of a cell, read as their author meant them.

What nbgrader would make of a cell as it stands is `modfix.nbgrader.clearing`'s to say. Here one
mistake is told once: a marker that is only mentioned, or nearly right, does not also make its
partner a stray one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from modfix.nbgrader.kinds import is_solution
from modfix.nbgrader.near_miss import Comment, NearMiss, comments, made, near_miss
from modfix.nbgrader.regions import (
    Delimiters,
    Region,
    RegionFault,
    RegionKind,
    RegionMarker,
    Regions,
    paired,
    read_regions,
)
from modfix.rule import Cell, CodeCell

from ._places import Place, Places, of_its_kind, place_in_python, place_in_text


@dataclass(frozen=True)
class Marked:
    """A cell with markers, as meant.

    `regions` holds the markers that stand for themselves, near misses among them, as they pair;
    `mentions` those among words or inside strings, `both` the lines that begin and end a region
    at once, `strings` the numbers of the lines whose marker stands alone in a string.
    """

    cell: Cell
    code: CodeCell | None
    regions: tuple[Regions, ...]
    mentions: tuple[RegionMarker, ...] = ()
    both: tuple[RegionMarker, ...] = ()
    misses: tuple[NearMiss, ...] = ()
    strings: frozenset[int] = frozenset()

    @property
    def explained(self) -> frozenset[RegionKind]:
        """The kinds of regions that a finding on a marker of the cell speaks of already."""
        found = {fault.marker.kind for kind in self.regions for fault in kind.faults}
        found |= {miss.marker.kind for miss in self.misses}
        return frozenset(found | {marker.kind for marker in (*self.mentions, *self.both)})

    def closed(self, kind: RegionKind) -> list[Region]:
        """The whole regions of a kind, between markers that nbgrader sees."""
        missed = {miss.marker.end for miss in self.misses} | {m.marker.start for m in self.misses}
        return [
            region
            for regions in self.regions
            if regions.kind == kind
            for region in regions.regions
            if region.closed and not {region.start, region.end} & missed
        ]


@dataclass
class CellReading:
    """Reads the markers of one cell."""

    cell: Cell
    code: CodeCell | None
    names: tuple[Delimiters, ...]
    comments: list[Comment] = field(init=False)
    mentions: list[RegionMarker] = field(default_factory=list)
    both: list[RegionMarker] = field(default_factory=list)
    misses: list[NearMiss] = field(default_factory=list)
    strings: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.comments = list(comments(self.cell.source, self.names))
        self.python = self.code is not None and (self.code.parses or self.code.fault is not None)

    @property
    def has_any(self) -> bool:
        """Whether there is anything to read."""
        return bool(self.comments) or any(n.in_source(self.cell.source) for n in self.names)

    def marked(self) -> Marked:
        """The markers of the cell, solutions first: what they hide is not read again."""
        places = Places(self.cell.source) if self.python else None
        hidden: list[Region] = []
        kinds: list[Regions] = []
        for names in self.names:
            genuine = self._genuine(names, places, hidden)
            kinds.append(self._of_kind(names, places, genuine))
            if names.kind == "solution":
                hidden = [region for region in genuine.regions if region.closed]
                if is_solution(self.cell.nbgrader) and names.begin not in self.cell.source:
                    break  # nbgrader replaces the cell whole: the other kinds go with it
        return Marked(
            self.cell,
            self.code,
            tuple(kind for kind in kinds if kind.markers),
            tuple(self.mentions),
            tuple(self.both),
            tuple(self.misses),
            frozenset(self.strings),
        )

    def _genuine(self, names: Delimiters, places: Places | None, hidden: list[Region]) -> Regions:
        """What the markers that nbgrader sees make."""
        markers = self._standing(names, places, hidden)
        return paired(names.kind, tuple(markers), len(self.cell.source))

    def _of_kind(self, names: Delimiters, places: Places | None, genuine: Regions) -> Regions:
        """What they make together with those that it does not see."""
        length = len(self.cell.source)
        misses = self._misses(names, places, genuine)
        markers = sorted([*genuine.markers, *(miss.marker for miss in misses)], key=_line)
        regions = paired(names.kind, tuple(markers), length)
        more = self._halves(names, places, regions)
        self.misses += [*misses, *more]
        if more:
            markers = sorted([*markers, *(miss.marker for miss in more)], key=_line)
            regions = paired(names.kind, tuple(markers), length)
        known = frozenset(genuine.faults)
        faults = tuple(fault for fault in regions.faults if fault in known)
        return Regions(names.kind, regions.markers, regions.regions, _told_once(faults))

    def _standing(
        self, names: Delimiters, places: Places | None, hidden: list[Region]
    ) -> list[RegionMarker]:
        """The markers that stand for themselves; what the others are is noted.

        One among words does so too where all pair: `# Part (a): BEGIN SOLUTION`.
        """
        placed = [
            (marker, self._place(marker, places))
            for marker in read_regions(self.cell.source, names).markers
            if not _is_hidden(marker, hidden)
        ]
        self.strings |= {m.line for m, place in placed if place == "string" and m.alone}
        found = [m for m, place in placed if place == "marker" or m.line in self.strings]
        both = [m for m in found if self._is_both(m, names)]
        standing = frozenset(found)
        labelled = [m for m, place in placed if m in standing or place == "words"]
        if both or not self._all_pair(names, labelled):
            labelled = found
        self.both += both
        known, double = frozenset(labelled), frozenset(both)
        self.mentions += [m for m, _ in placed if m not in known]
        return [m for m in labelled if m not in double]

    def _all_pair(self, names: Delimiters, markers: list[RegionMarker]) -> bool:
        pairs = paired(names.kind, tuple(markers), len(self.cell.source))
        split = not any(self._is_both(marker, names) for marker in markers)
        return split and not pairs.faults and of_its_kind(self.cell, names.kind)

    def _is_both(self, marker: RegionMarker, names: Delimiters) -> bool:
        return marker.begins and names.end in self.cell.source[marker.start : marker.end]

    def _place(self, marker: RegionMarker, places: Places | None) -> Place:
        if places is None:
            return place_in_text(marker, self.cell)
        return place_in_python(marker, places)

    def _misses(self, names: Delimiters, places: Places | None, genuine: Regions) -> list[NearMiss]:
        whole = bool(genuine.regions) and not genuine.faults
        found = []
        for comment in self._plain_comments(places):
            miss = near_miss(comment, names)
            if miss is None or not self._believed(miss, comment, names.kind):
                continue
            if not whole or miss.loud or comment.hashes:
                found.append(miss)
        return found

    def _believed(self, miss: NearMiss, comment: Comment, kind: RegionKind) -> bool:
        """Quiet words count only where regions of the kind belong; in prose only capitals do."""
        belongs = of_its_kind(self.cell, kind)
        if self.code is None:
            return miss.loud and belongs
        return miss.loud or comment.hashes or belongs or self.cell.nbgrader is None

    def _halves(self, names: Delimiters, places: Places | None, regions: Regions) -> list[NearMiss]:
        """Comments that lack a word, where a marker lacks its partner: `### END`, `# SOLUTION`."""
        if not regions.faults or self.code is None:
            return []
        fault = regions.faults[0]
        begins = fault.fault == "end without begin"
        if fault.fault == "nested begin":
            return []
        text = names.begin if begins else names.end
        words = text.upper().split()
        for comment in self._plain_comments(places):
            short = [word.upper() for word in comment.words]
            fits = comment.line < fault.marker.line if begins else comment.line > fault.marker.line
            half = short in (words[:1], words[1:]) and (comment.hashes or short == [*comment.words])
            if fits and half:
                return [made(comment, names.kind, begins, text, len(short))]
        return []

    def _plain_comments(self, places: Places | None) -> Iterator[Comment]:
        """Comment lines without a marker, outside of strings."""
        source = self.cell.source
        for comment in self.comments:
            line = source[comment.start : comment.end]
            if any(names.in_source(line) for names in self.names):
                continue
            if places is None or not places.in_string(comment.start):
                yield comment


def _is_hidden(marker: RegionMarker, regions: list[Region]) -> bool:
    """Whether a marker stands in one of the regions, which are in order and apart."""
    number = bisect_left(regions, marker.end, key=lambda region: region.start) - 1
    return number >= 0 and regions[number].touches(marker.start, marker.end)


def _told_once(faults: tuple[RegionFault, ...]) -> tuple[RegionFault, ...]:
    """The faults without those that come of another one.

    A begin in a region leaves it open, or its own end without a begin; of two ends without a
    begin the first was meant as one.
    """
    found: list[RegionFault] = []
    nested = stray = 0
    for fault in sorted(faults, key=lambda each: each.fault == "begin without end"):
        if fault.fault == "nested begin":
            nested += 1
        elif fault.fault == "begin without end":
            if nested:
                continue
        elif nested > 0:
            nested -= 1
            continue
        else:
            stray += 1
            if stray % 2 == 0:
                continue
        found.append(fault)
    return tuple(sorted(found, key=lambda each: each.marker.line))


def _line(marker: RegionMarker) -> int:
    return marker.line
