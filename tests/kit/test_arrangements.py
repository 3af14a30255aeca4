"""Orders that a reader carries along."""

from hypothesis import given
from hypothesis import strategies as st

from app.kit.arrangements import Arrangement
from app.kit.cursors import KEY_LENGTH, CursorSealer

orders = st.lists(st.integers(1, 10**6), unique=True, max_size=30)


@given(orders)
def test_an_order_comes_back_from_what_is_packed(order: list[int]) -> None:
    arrangement = Arrangement.unpacked(Arrangement.of(order).packed())
    assert arrangement.sorted(sorted(order)) == order


@given(orders, st.data())
def test_what_has_gone_keeps_its_place_and_what_came_since_is_last(
    order: list[int], data: st.DataObject
) -> None:
    arrangement = Arrangement.of(order)
    left = [each for each in order if data.draw(st.booleans())]
    new = sorted({10**6 + each for each in order})
    assert arrangement.sorted({*left, *new}) == left + new
    places = [arrangement.place(each) for each in order]
    assert places == sorted(set(places))


@given(orders)
def test_a_story_that_only_grows_has_one_arrangement(order: list[int]) -> None:
    longer = [*order, *(10**6 + each for each in range(1, 5))]
    assert Arrangement.of(longer).runs == Arrangement.of(order).runs
    assert Arrangement.of(sorted(order)).packed() == []


def test_a_thousand_parts_in_no_order_fit_into_an_address() -> None:
    # Every number as far as can be from the one before, in a database of a hundred million parts.
    order = [each * 10**5 + (each * 7919) % 10**5 for each in range(1, 1001)]
    shuffled = [order[(each * 387) % 1000] for each in range(1000)]
    arrangement = Arrangement.of(shuffled)
    assert len(arrangement.runs) > 900
    sealed = CursorSealer(b"k" * KEY_LENGTH).seal([order[0], 1, *arrangement.packed()], "reading")
    assert len(sealed) < 6_500
