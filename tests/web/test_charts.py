"""Pictures of numbers: steps, not slopes; from zero; time from left to right."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from inventory.web.charts import SIDE, Point, bars, cover, curve, nice_scale

SINCE, UNTIL = date(2026, 1, 1), date(2026, 3, 31)


def drawn(*points: tuple[date, int], reorder: int | None = None):
    held = [Point(on, Decimal(quantity)) for on, quantity in points]
    return curve(held, since=SINCE, until=UNTIL, reorder=None if reorder is None else Decimal(reorder))


def corners(path: str) -> list[tuple[float, float]]:
    return [tuple(map(float, part.strip("ML ").split())) for part in path.split(" L")]


def test_between_two_papers_the_curve_is_level():
    places = corners(drawn((date(2026, 1, 10), 40), (date(2026, 2, 10), 10)).line)
    for (left, top), (right, bottom) in pairwise(places):
        assert left == right or top == bottom


def test_a_level_from_before_reaches_the_first_paper_without_a_point_of_its_own():
    chart = drawn((date(2025, 12, 1), 30), (date(2026, 2, 1), 20))
    assert len(chart.dots) == 1
    assert corners(chart.line)[0][0] == SIDE
    assert chart.dots[0].x > SIDE


def test_the_last_level_reaches_the_end():
    chart = drawn((date(2026, 1, 10), 40))
    assert corners(chart.line)[-1][0] == chart.right


def test_the_axis_begins_at_zero_and_holds_the_reorder_line():
    chart = drawn((date(2026, 1, 10), 4), reorder=50)
    assert chart.quantities[0].value == 0
    assert chart.quantities[-1].value >= 50
    assert chart.reorder is not None
    assert chart.reorder.at < chart.base


def test_no_points_no_picture():
    assert drawn() is None
    assert bars([], today=UNTIL) is None


@pytest.mark.parametrize(
    ("most", "last"), [("0", "1"), ("3", "3"), ("7", "8"), ("0.3", "0.3"), ("999999999", "1000000000"), ("12", "15")]
)
def test_scales_are_round(most: str, last: str):
    scale = nice_scale(Decimal(most))
    assert scale[0] == 0
    assert scale[-1] == Decimal(last)
    assert len(scale) <= 6


@pytest.mark.parametrize(
    ("most", "told"),
    [("1", "0 1"), ("2", "0 1 2"), ("10", "0 5 10"), ("100", "0 25 50 75 100"), ("0.5", "0 1"), ("0", "0 1")],
)
def test_what_is_counted_in_whole_units_has_no_half_on_its_axis(most: str, told: str):
    assert nice_scale(Decimal(most), is_whole=True) == [Decimal(one) for one in told.split()]
    assert Decimal("2.5") in nice_scale(Decimal(10))


def test_the_running_month_is_marked_and_an_empty_one_keeps_its_place():
    chart = bars(
        [(date(2026, 1, 1), Decimal(0)), (date(2026, 2, 1), Decimal(8)), (date(2026, 3, 1), Decimal(4))], today=UNTIL
    )
    assert [bar.is_part for bar in chart.bars] == [False, False, True]
    assert chart.bars[0].height == 0
    assert chart.bars[1].height == 2 * chart.bars[2].height


def test_a_cover_shorter_than_the_delay_is_red():
    assert cover(Decimal(5), lead_days=10, full_days=100).tone == "bad"
    assert cover(Decimal(15), lead_days=10, full_days=100).tone == "warn"
    assert cover(Decimal(500), lead_days=10, full_days=100).share == 100
    assert cover(None, lead_days=10, full_days=100) is None
