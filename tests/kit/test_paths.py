"""Paths of ordinals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.paths import END, LONGEST_SEGMENT, segment

#: The last ordinal of each length of a segment, and the very last.
_EDGES = (47, 667, 8355, 246_683, 916_379_515)
_LAST = _EDGES[-1]

ordinals = st.one_of(
    st.integers(0, 100),
    st.integers(0, _LAST),
    st.sampled_from([max(0, edge - step) for edge in _EDGES for step in (-1, 0, 1)]),
).filter(lambda ordinal: ordinal <= _LAST)
places = st.lists(ordinals, min_size=1, max_size=8)


def path(place: list[int]) -> str:
    return "".join(segment(ordinal) for ordinal in place)


@given(places, places)
def test_paths_sort_bytewise_in_reading_order(one: list[int], other: list[int]) -> None:
    assert (path(one) < path(other)) == (one < other)
    assert (path(one) == path(other)) == (one == other)


@given(places, places)
def test_what_is_below_a_comment_is_one_range_of_paths(above: list[int], place: list[int]) -> None:
    is_below = place[: len(above)] == above
    assert (path(above) <= path(place) < path(above) + END) == is_below


@pytest.mark.parametrize(("edge", "width"), list(zip(_EDGES, (1, 2, 3, 4, 6), strict=True)))
def test_a_segment_grows_only_where_it_must(edge: int, width: int) -> None:
    assert len(segment(edge)) == width


@pytest.mark.parametrize("ordinal", [-1, _LAST + 1])
def test_an_ordinal_that_has_no_segment_is_refused(ordinal: int) -> None:
    with pytest.raises(ValueError, match=r"counts from 0|so many replies"):
        segment(ordinal)


@given(ordinals)
def test_no_segment_is_longer_than_the_longest(ordinal: int) -> None:
    assert 1 <= len(segment(ordinal)) <= LONGEST_SEGMENT
