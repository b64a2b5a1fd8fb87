"""The pages of the figures: what they say, in both languages, what they cost, and what they give away."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest

from agencies.models import Agency
from core.clock import BEIJING, database_now
from stats.actions import recompute_all
from stats.models import Day
from tests import cast
from tests.stats.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P14.2")]


def days_ago(days: int) -> str:
    return f"{database_now().astimezone(BEIJING) - timedelta(days=days):%Y-%m-%d}"


@pytest.fixture
def world(waterworks, waterworks_user, item, swift_agency, steady_agency, third_agency) -> World:
    """One award of 80,000 of 100,000 by an agency of the province against two from outside, one failure."""
    made = World(waterworks, waterworks_user, item)
    made.award(made.request(days_ago(9)), days_ago(2), "80000.00", swift_agency, steady_agency, third_agency)
    made.fails(made.request(days_ago(5)), "no_bids")
    made.request(days_ago(3), ruleset="demo-quick-2026-12")
    recompute_all()
    return made


def page(client, address: str, language: str = "zh-hans") -> str:
    client.cookies["django_language"] = language
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def table(html: str, key: str) -> list[list[str]]:
    """The cells of one table, without marks."""
    inner = re.search(rf'data-testid="table-{key}">(.*?)</table>', html, re.DOTALL)
    rows = re.findall(r"<tr.*?</tr>", inner[1], re.DOTALL)
    cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in rows]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in cells]


SECTIONS = [
    "wait",
    "saving",
    "rivals",
    "outside",
    "outcomes",
    "failures",
    "items",
    "regions",
    "methods",
    "provinces",
    "payments",
    "complaints",
    "objections",
    "policy",
    "punctuality",
]


def test_every_figure_says_what_it_means_how_it_is_worked_out_and_when(world, client):
    html = page(client, "/stats/")
    assert re.findall(r'data-testid="figure-(\w+)"', html) == SECTIONS
    assert html.count('class="figure-definition"') == html.count("算法</strong>") == len(SECTIONS)
    assert "计算于" in html
    assert "全省、全部事项：2 个公告，1 次中选，1 次流标" in html


def test_the_tables_tell_the_known_market(world, client):
    html = page(client, "/stats/")
    assert table(html, "saving")[-1] == ["合计", "1", "20.0%", "¥100,000.00", "¥80,000.00", "¥20,000.00"]
    assert table(html, "rivals")[-1] == ["合计", "1", "3", "3.0"]
    assert table(html, "outside")[-1] == ["合计", "1", "0", "0.0%", "0.0%"]
    assert table(html, "outcomes")[-1] == ["合计", "2", "1", "1", "0", "50.0%"]
    assert table(html, "failures")[1:] == [["没有有效报价", "1", "100.0%"]]
    assert table(html, "provinces")[1:] == [
        ["四川省", "1", "33.3%"],
        ["陕西省", "1", "33.3%"],
        ["甘肃省", "1", "33.3%"],
    ]


def test_charts_have_titles_and_say_their_numbers(world, client):
    html = page(client, "/stats/")
    charts = re.findall(r'<svg class="figure-chart".*?</svg>', html, re.DOTALL)
    assert len(charts) == 5
    for chart in charts:
        assert re.search(r'role="img"\s+aria-labelledby="chart-\w+-title chart-\w+-desc"', chart)
        assert re.search(r"<desc[^>]*>[^<]*\d{2}-\d{2}: \d", chart)
    assert "style=" not in html


def test_what_runs_on_the_demos_clock_is_left_out_and_said_so(world, client):
    html = page(client, "/stats/")
    assert re.search(r'data-testid="left-out">.*?1 个此类需求不计入任何数字', html, re.DOTALL)
    Day.objects.update(stock={**Day.objects.get().stock, "left_out": 0})
    assert 'data-testid="left-out"' not in page(client, "/stats/")


def test_a_choice_narrows_every_sum_and_keeps_in_the_downloads(world, client):
    html = page(client, "/stats/?region=620500")
    assert "天水市、全部事项：0 个公告，0 次中选，0 次流标" in html
    assert '/stats/saving.csv?region=620500"' in html
    assert "所选范围内还没有可统计的数据" in html
    # What is none of the choices is left out.
    assert "全省、全部事项：2 个公告" in page(client, "/stats/?region=999999&period=never")


def test_downloads_carry_the_same_numbers(world, client):
    answer = client.get("/stats/saving.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["月份", "竞争选取的中选", "平均节约率"]
    assert rows[-1] == ["合计", "1", "20.0", "100000.00", "80000.00", "20000.00"]
    said = json.loads(client.get("/stats/saving.json").content)
    assert said["format"] == "stats-saving/1"
    assert said["rows"][-1] == {
        "code": "total",
        "month": said["rows"][-1]["month"],
        "competed": 1,
        "saving": "20.0",
        "ceilings": "100000.00",
        "paid": "80000.00",
        "saved": "20000.00",
    }
    assert said["at"]
    assert said["definition"]
    assert json.loads(client.get("/stats/payments.json").content)["from"] is None


@pytest.mark.parametrize("key", SECTIONS)
def test_every_figure_can_be_taken_away(world, client, key):
    for kind in ("csv", "json"):
        answer = client.get(f"/stats/{key}.{kind}")
        assert answer.status_code == 200
        assert f"stats-{key}-" in answer["Content-Disposition"]


def test_an_unknown_figure_is_a_404(client):
    assert client.get("/stats/secrets.csv").status_code == 404
    assert client.get("/stats/concentration/secrets.json").status_code == 404


def test_before_the_first_sum_the_pages_say_so(client):
    for address in ("/stats/", "/stats/concentration/", "/"):
        assert "正在进行首次计算" in page(client, address)


@pytest.mark.parametrize(
    ("address", "queries"), [("/stats/", 6), ("/stats/concentration/", 8), ("/", 12), ("/stats/saving.csv", 6)]
)
def test_a_page_costs_the_same_however_much_there_is(
    world, client, swift_agency, steady_agency, django_assert_num_queries, address, queries
):
    client.get(address)
    with django_assert_num_queries(queries):
        client.get(address)
    for day in range(4, 12):
        place = ("620100", "620500", "620171")[day % 3]
        world.award(
            world.request(days_ago(day + 30), region=place), days_ago(day), "70000.00", steady_agency, swift_agency
        )
    recompute_all()
    with django_assert_num_queries(queries):
        client.get(address)


def test_the_front_page_shows_the_four_figures_and_their_time(world, client):
    html = page(client, "/")
    tiles = re.search(r'data-testid="tiles">(.*?)</dl>', html, re.DOTALL)[1]
    found = re.findall(r'class="tile-value">(.*?)</dd>', tiles, re.DOTALL)
    values = ["".join(re.sub(r"<[^>]+>", "", one).split()) for one in found]
    assert values[1:] == ["20.0%", "3.0家", "66.7%"]
    assert re.fullmatch(r"[3-6]\.0个工作日", values[0])
    assert "按注册地；其中选占 0.0%" in tiles
    assert "计算于" in html


def test_each_square_of_the_maps_leads_to_its_list_and_stands_in_the_table(world, client):
    html = page(client, "/")
    gansu = re.search(r'<svg class="tile-map tile-map-gansu".*?</svg>', html, re.DOTALL)[0]
    assert len(re.findall(r"<a ", gansu)) == 15
    assert re.search(r'href="/requests/\?region=620100"\s+aria-label="兰州市：2"', gansu)
    china = re.search(r'<svg class="tile-map tile-map-china".*?</svg>', html, re.DOTALL)[0]
    assert len(re.findall(r"<a ", china)) == 34
    assert re.search(r'href="/agencies/\?region=610000"\s+aria-label="陕西省：1"', china)
    listed = re.search(r'data-testid="map-table-gansu">(.*?)</table>', html, re.DOTALL)[1]
    assert listed.count("<tr>") == 16
    assert client.get("/agencies/?region=610000").status_code == 200


def test_the_item_page_shows_its_market(world, client, item):
    html = page(client, f"/items/{item.code}/")
    market = " ".join(
        re.sub(r"<[^>]+>", " ", re.search(r'data-testid="market">(.*?)</dl>', html, re.DOTALL)[1]).split()
    )
    assert "近 12 个月中位价 ¥80,000.00" in market
    assert "1 次，1 家机构" in market
    assert "CR4 100.0% · HHI 10000 高度集中" in market


def test_an_item_without_awards_has_no_market_yet(client, item):
    assert "近 12 个月还没有中选" in page(client, f"/items/{item.code}/")


@pytest.mark.clause("P20.2")
def test_concentration_by_item_city_and_both(world, client, steady_agency: Agency):
    world.award(world.request(days_ago(20), region="620500"), days_ago(12), "20000.00", steady_agency)
    recompute_all()
    html = page(client, "/stats/concentration/")
    [line] = table(html, "items")[1:]
    assert line[1:] == ["2", "2", "¥100,000.00", "80.0%", "100.0%", "6,800", "高度集中", "¥50,000.00"]
    assert [row[0] for row in table(html, "regions")[1:]] == ["兰州市", "天水市"]
    assert len(table(html, "both")) == 3
    narrowed = page(client, "/stats/concentration/?region=620500")
    assert [row[0] for row in table(narrowed, "both")[1:]] == ["水土保持方案编制 · 天水市"]
    said = json.loads(client.get("/stats/concentration/both.json?region=620500").content)
    assert [(row["code"], row["hhi"], row["cr4"]) for row in said["rows"]] == [("TST-01/620500", "10000", "100.0")]


@pytest.mark.parametrize("address", ["/stats/", "/stats/concentration/", "/"])
def test_in_english_nothing_but_names_stays_chinese(world, client, address):
    html = page(client, address, "en")
    main = re.search(r"<main.*?</main>", html, re.DOTALL)[0]
    ours = re.sub(r'<(\w+)[^>]*lang="zh-Hans"[^>]*>.*?</\1>', "", main, flags=re.DOTALL)
    assert re.findall(r"[\u4e00-\u9fff]+", ours) == []


def test_when_nothing_runs_the_front_page_names_the_next_start_and_plays_the_last_again(
    client, waterworks, waterworks_user, item, swift_agency, steady_agency, third_agency, bid
):
    over = cast.short_auction(waterworks, item, waterworks_user, swift_agency, steady_agency, third_agency)
    bid(over, steady_agency, "90000.00")
    cast.set_close(over, -1)
    cast.advance(over.request.number)
    waiting = cast.published(waterworks, item, waterworks_user)
    for one in (swift_agency, steady_agency):
        cast.enrol(None, one, waiting.number)
    cast.let_enrolment_end(waiting)
    html = page(client, "/")
    assert f"/r/{waiting.number}/opening.ics" in html
    assert f"/awards/{over.request.number}/replay/" in html
    assert "data-replay" in html
    calendar = client.get(f"/r/{waiting.number}/opening.ics")
    assert calendar["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"BEGIN:VEVENT" in calendar.content
    assert swift_agency.organisation.name.encode() not in calendar.content


def test_a_request_without_an_auction_has_no_opening(client, published_request):
    assert client.get(f"/r/{published_request.number}/opening.ics").status_code == 404
