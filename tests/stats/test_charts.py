"""Charts and maps as numbers: nothing leaves the picture, and what is more is drawn as more."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.models import Region
from stats import charts
from stats.tiles import places, tile_map

values = st.lists(st.one_of(st.none(), st.decimals(min_value=0, max_value=10**7, places=1)), min_size=1, max_size=30)


@given(values)
def test_columns_stay_inside_and_grow_with_their_values(given_values):
    labels = [f"{n}" for n in range(len(given_values))]
    chart = charts.columns("t", labels, given_values)
    assert all(mark.y >= 0 and mark.y + mark.height <= chart.ground + 1 for mark in chart.columns)
    assert all(chart.left <= mark.x and mark.x + mark.width <= chart.width for mark in chart.columns)
    known = sorted(value for value in given_values if value)
    assert len(chart.columns) == len(known)
    drawn = sorted(zip([value for value in given_values if value], [m.height for m in chart.columns], strict=True))
    heights = [height for _value, height in drawn]
    assert heights == sorted(heights)


@given(values)
def test_ticks_reach_over_the_highest_value_and_are_few(given_values):
    chart = charts.columns("t", ["x"] * len(given_values), given_values)
    most = max((value or 0 for value in given_values), default=0)
    assert len(chart.ticks) == 5
    assert Decimal(chart.ticks[-1].text) >= most
    assert chart.ticks[0].text == "0"


def test_the_last_label_is_always_there_and_no_more_than_fit():
    chart = charts.columns("t", [f"{n:02d}" for n in range(1, 25)], [1] * 24)
    assert [label.text for label in chart.labels] == ["04", "08", "12", "16", "20", "24"]


def test_parts_stand_on_each_other_and_say_what_they_are():
    chart = charts.stacked("t", ["11"], [("main", "中选", [3]), ("bad", "流标", [1])])
    won, failed = chart.columns
    assert (won.y + won.height, failed.y + failed.height) == (chart.ground, won.y)
    assert chart.key == [("main", "中选"), ("bad", "流标")]


def test_a_trend_leaves_out_months_without_a_value():
    chart = charts.trend("t", ["9", "10", "11"], [Decimal(2), None, Decimal(4)], [1, None, 2], [3, None, 8], ["a", "b"])
    assert len(chart.dots) == 2
    assert chart.line.count("L") == 1
    assert chart.band.endswith("Z")
    assert chart.says == "9: 2; 11: 4"


def test_an_empty_trend_draws_nothing():
    chart = charts.trend("t", ["11"], [None], [None], [None], ["a", "b"])
    assert (chart.line, chart.band, chart.dots, chart.says) == ("", "", [], "")


@pytest.mark.parametrize(
    ("value", "most", "width"), [(0, 10, 0), (None, 10, 0), (10, 10, 100), (1, 1000, 1), (0, 0, 0)]
)
def test_a_bar_is_seen_if_there_is_anything(value, most, width):
    assert charts.width_of(value, most) == width


@pytest.mark.django_db
def test_every_region_has_one_square_and_no_two_share_one():
    codes = set(Region.objects.values_list("code", flat=True))
    gansu, china = places("gansu"), places("china")
    assert {place.code for place in gansu} == {code for code in codes if code.startswith("62")} - {"620000"}
    assert {f"{place.code}0000" for place in china} == {code for code in codes if code.endswith("0000")}
    for ground in (gansu, china):
        assert len({(place.column, place.row) for place in ground}) == len(ground)


@given(st.dictionaries(st.sampled_from([place.code for place in places("gansu")]), st.integers(0, 10**6)))
def test_more_is_never_paler(counts):
    drawn = tile_map("gansu", counts, str, str)
    ranked = drawn.ranked
    assert [tile.shade for tile in ranked] == sorted((tile.shade for tile in ranked), reverse=True)
    assert all((tile.shade == 0) == (tile.value == 0) for tile in drawn.tiles)
    assert all(tile.x + drawn.size <= drawn.width and tile.y + drawn.size <= drawn.height for tile in drawn.tiles)
