"""The order in which things stood at one time, small enough to travel in an address.

Things are numbered as they come, each higher than those that are there, and are then arranged by
hand. A reader who carries an arrangement with them goes on in it, whatever is moved, put in or
taken away behind their back: all that was there and still is comes exactly once, and what came
since comes last.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise


class Arrangement:
    """An order of numbers: runs of them, first to last, and then all others as they came.

    What nobody has rearranged takes no run at all, and what is added at the end changes none, so
    that an arrangement stays what it is while a story grows.
    """

    def __init__(self, runs: Sequence[tuple[int, int]]) -> None:
        """Make an order of runs, none of which overlap; each stands for all numbers from its first
        to its last.
        """
        self.runs = tuple(runs)

    @classmethod
    def of(cls, numbers: Sequence[int]) -> "Arrangement":
        """The order in which some numbers stand now."""
        ranks = {number: rank for rank, number in enumerate(sorted(numbers))}
        moved = [place for place, number in enumerate(numbers) if ranks[number] != place]
        head = numbers[: moved[-1] + 1] if moved else ()
        runs: list[tuple[int, int]] = []
        for number in head:
            if runs and ranks[number] == ranks[runs[-1][1]] + 1:
                runs[-1] = (runs[-1][0], number)
            else:
                runs.append((number, number))
        return cls(runs)

    @classmethod
    def unpacked(cls, packed: Sequence[int]) -> "Arrangement":
        """What :meth:`packed` has made."""
        ends = [0]
        for step in packed:
            ends.append(ends[-1] + step)
        return cls(list(zip(ends[1::2], ends[2::2], strict=True)))

    def packed(self) -> list[int]:
        """The ends of the runs, each as its distance from the one before."""
        ends = [0, *(end for run in self.runs for end in run)]
        return [after - before for before, after in pairwise(ends)]

    def sorted(self, numbers: Iterable[int]) -> list[int]:
        """Some numbers in this order."""
        return sorted(numbers, key=self.place)

    def place(self, number: int) -> tuple[int, int]:
        """What a number is ordered by. Numbers that nothing has any more keep their place."""
        firsts, found = self._by_first
        at = bisect_right(firsts, number) - 1
        if at >= 0:
            last, run = found[at]
            if number <= last:
                return run, number
        return len(self.runs), number

    @cached_property
    def _by_first(self) -> tuple[list[int], list[tuple[int, int]]]:
        """The first numbers of the runs, ascending; and of each its last one and its place."""
        ascending = sorted((first, last, run) for run, (first, last) in enumerate(self.runs))
        return [each[0] for each in ascending], [each[1:] for each in ascending]
