"""/verify/ in a real Chromium: every vector, offline, a number, the samples, garbage, and the words in both languages."""

import json
import random
import re
import time
import tomllib

from django.conf import settings

import pytest
from playwright.sync_api import Page, expect

from bidding import verify_words
from config.environment import ROOT
from journal.awards import decide, experts
from journal.awards.outcome import CaseEntry
from tests.browser.pages import complaints
from tests.plumbing import world as worlds
from tests.plumbing.browser import Screen, everywhere
from tests.vectors.__main__ import FOLDER
from tests.vectors.case import BEGIN, RULES, File, chained, written

_LANGUAGES = {"zh": "zh-hans", "en": "en"}
INDEX = json.loads((FOLDER / "index.json").read_text())


@pytest.fixture(scope="module")
def over(tmp_path_factory):
    """A served platform with one auction that has ended."""
    with worlds.served(tmp_path_factory.mktemp("verify")) as (world, server):
        for n, price in enumerate(("99000.00", "98000.00")):
            with worlds.browser(server, world.bidders[n]) as one:
                assert one.bid(world.number, price)[0] == 200
        world.closes_in(0.2)
        time.sleep(0.4)
        with worlds.browser(server, world.bidders[2]) as late:
            assert late.bid(world.number, "90000.00")[1]["code"] == "E_CLOSED"
        yield world, server


def opened(page: Page, over, query: str = "") -> Page:
    page.goto(f"{over[1].url}/verify/{query}")
    expect(page.locator("[data-verify][data-ready]")).to_be_visible()
    return page


def given(page: Page, content: bytes, name: str = "record.json") -> dict:
    """What the page finds in a file of this content."""
    before = page.locator("[data-part=result]").get_attribute("data-found")
    asked = json.loads(before)["ask"] if before else 0
    page.get_by_test_id("verify-file").set_input_files(
        {"name": name, "mimeType": "application/json", "buffer": content}
    )
    done = re.compile(rf'"ask":{asked + 1}\b')
    expect(page.locator("[data-part=result]")).to_have_attribute("data-found", done, timeout=30_000)
    return json.loads(page.locator("[data-part=result]").get_attribute("data-found"))


def test_every_vector_comes_out_as_it_does_on_the_command_line(over, page):
    opened(page, over)
    for one in INDEX:
        found = given(page, (FOLDER / one["file"]).read_bytes(), one["file"])
        expected = one["expected"]
        assert {name: found.get(name) for name in expected} == expected, one["file"]


def test_it_works_offline_and_names_the_entry_in_which_one_byte_was_changed(over, page):
    opened(page, over)
    page.context.set_offline(True)
    text = (FOLDER / "live.json").read_bytes()
    assert given(page, text)["holds"] is True
    expect(page.get_by_test_id("verify-verdict")).to_have_text("✓ 案卷 GS-2026-900001 成立")
    expect(page.get_by_test_id("verify-proved")).to_contain_text("顺位第 2 的“青松”以 ¥94,000.00 递补中选")
    expect(page.get_by_test_id("verify-unproved")).to_contain_text("公钥取自案卷自身")
    given(page, text.replace(b'"amount":"95500.00"', b'"amount":"95500.01"', 1))
    expect(page.get_by_test_id("verify-verdict")).to_have_text("✗ 案卷不成立：第 20 条有误")
    hashes = page.get_by_test_id("verify-hashes").locator("dd")
    expect(hashes).to_have_count(2)
    assert all(re.fullmatch("[0-9a-f]{64}", one) for one in hashes.all_inner_texts())


def test_a_number_is_fetched_and_verified_and_a_link_does_it_at_once(over, page):
    world, _server = over
    opened(page, over)
    page.get_by_test_id("verify-number").fill(f" {world.number.lower()} ")
    page.get_by_test_id("verify-fetch").click()
    expect(page.get_by_test_id("verify-verdict")).to_have_text(f"✓ 案卷 {world.number} 成立")
    expect(page.get_by_test_id("verify-proved")).to_contain_text("以 ¥98,000.00 中选")
    page.goto(f"{over[1].url}/awards/{world.number}/")
    page.get_by_role("link", name="在浏览器中核验").click()
    expect(page.get_by_test_id("verify-verdict")).to_have_text(f"✓ 案卷 {world.number} 成立")


def test_a_number_that_is_none_gets_words(over, page, watch):
    watch.expect("404")
    opened(page, over, "?number=GS-2026-999999")
    expect(page.get_by_test_id("verify-reason")).to_contain_text("没有取到这份案卷（404）")


def test_known_keys_are_asked_for_the_signature(over, page):
    opened(page, over)
    keys = page.locator("[data-part=keys]")
    page.get_by_text("我知道平台的公钥").click()
    record = json.loads((FOLDER / "live.json").read_text())
    text = (FOLDER / "live.json").read_bytes()
    keys.fill(record["sealing"]["keys"][0])
    assert given(page, text)["lines"][-1]["known"] is True
    expect(page.get_by_test_id("verify-unproved")).not_to_contain_text("公钥取自案卷自身")
    keys.fill("log.example/other+10b4271c+AWDIOvVXPxgU4XcyDNqgz4XkE2gEXA6fOR2sgx2jTVP2")
    found = given(page, text)
    assert (found["holds"], found.get("area") or found.get("lacks")) in ((False, "seal"), (None, "key"))
    keys.fill("nonsense")
    assert given(page, text)["lacks"] == "key"
    expect(page.get_by_test_id("verify-reason")).to_contain_text("公钥写法不对")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "文件不完整或不是 JSON"),
        (b"\xff\xfe\x00", "不是 UTF-8"),
        (b"[]", "文件不完整或不是 JSON"),
        (b'{"format":{},"case":1}', "不是本页认识的案卷格式"),
        (b'{"format":"case-record/2","case":{},"entries":[]}', "案卷没有写明名称"),
        (b'{"format":"case-record/2","case":"X","entries":{}}', "文件不完整或不是 JSON"),
        (b'{"format":"case-record/2","case":"X","entries":[' + b'{"a":' * 200_000, "嵌套过深"),
        (b'{"format":"case-record/2","case":"X","entries":[null]', "字段不是规定的六项"),
        (
            b'{"format":"case-record/2","case":"X","entries":[],"seq":0,"head":"","ruleset":null,"sealing":null}',
            "末条摘要",
        ),
        (b"PK\x03\x04" + bytes(5_000_000), "文件不完整或不是 JSON"),
    ],
)
def test_garbage_gets_words(over, page, content, words):
    opened(page, over)
    assert given(page, content)["holds"] is False
    expect(page.get_by_test_id("verify-reason")).to_contain_text(words)


def test_a_long_record_tells_how_far_it_is_and_leaves_the_page_alive(over, page):
    opened(page, over)
    at = BEGIN.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    entries = chained("X-LONG", ((at, "note.made", {"n": str(n), "text": "记录" * 40}) for n in range(20_000)))
    whole = {
        "format": "case-record/1",
        "case": "X-LONG",
        "entries": entries,
        "seq": 20_000,
        "head": entries[-1]["hash"],
    }
    page.evaluate(
        """() => {
        window.told = new Set();
        new MutationObserver(() => told.add(document.querySelector('[data-part=where]').textContent))
          .observe(document.querySelector('[data-part=where]'), {childList: true});
        window.frames_ = 0;
        const count = () => { window.frames_ += 1; requestAnimationFrame(count); };
        count();
        }"""
    )
    assert given(page, written(whole))["holds"] is True
    assert page.evaluate("told.size") > 5
    assert page.evaluate("frames_") > 10


@everywhere
def test_it_fits_the_screen_and_speaks_its_language(over, page, screen: Screen):
    page.context.add_cookies(
        [{"name": settings.LANGUAGE_COOKIE_NAME, "value": _LANGUAGES[screen.language], "url": over[1].url}]
    )
    opened(page, over)
    for sample, sound in (("sample-sound", True), ("sample-changed", False), ("sample-winner", False)):
        page.get_by_test_id(sample).click()
        expect(page.get_by_test_id("verify-verdict")).to_contain_text("✓" if sound else "✗")
        assert complaints(page, english=screen.language == "en", width=screen.width) == []
        if screen.language == "en":
            shown = page.locator("[data-verify]").inner_text()
            assert not set(re.findall("[\u4e00-\u9fff]+", shown)) - {"青松", "沙枣", "白杨", "红柳"}


def test_there_are_words_for_every_reason_that_the_scripts_give():
    scripts = "".join(path.read_text() for path in (ROOT / "static" / "js" / "verify").rglob("*.js"))
    given_ = set(re.findall(r'new Broken\([^"]*"(\w+)", "(\w+)"', scripts))
    assert len(given_) > 25
    known = verify_words.REASONS
    assert [one for one in given_ if ".".join(one) not in known and one[1] not in known] == []
    assert [code for code in re.findall(r'unreadable\("(\w+)"', scripts) if code not in known] == []
    assert [code for code in re.findall(r'this\.wrong\(seq, "(\w+)"', scripts) if f"draw.{code}" not in known] == []
    assert {area for area, _code in given_} - {""} <= set(verify_words.AREAS)
    lines = set(re.findall(r'line: "(\w+)"', scripts))
    assert lines <= set(verify_words.LINES)


def drawn_up(rng: random.Random) -> tuple[str, list[CaseEntry]]:
    """A case file, as far as a method reads it, with prices and marks that often meet."""
    method = rng.choice(["sealed", "average", "merit"])
    file = File("GS-2026-900090", method, weights={"price": 50, "quality": 40, "credit": 10})
    labels = sorted(["青松", "白杨", "红柳", "沙枣", "金露", "银杏", "云杉"][: rng.randint(1, 7)])
    file.add("credit.noted", {"scores": [{"label": one, "k": rng.choice(["84.2", "70.0"])} for one in labels]})
    for label in rng.sample(labels, len(labels)):
        file.add("offer.sealed", {"label": label})
        file.add("plan.submitted", {"label": label, "sha256": label})
    file.add("plans.closed", {"plans": [{"label": one, "sha256": one} for one in labels]})
    if method == "merit":
        marked(file, rng, labels)
    elif method == "average":
        file.open_draw("F")
        file.seal("F", {str(n): 1 for n in (950, 960, 970, 980, 990, 1000)})
    prices = {
        one: f"{rng.choice([60_000, 80_000, 80_001, 90_000, 95_000, 100_001])}.{rng.choice(['00', '05'])}"
        for one in labels
    }
    voids = {one: rng.choice([None, None, None, "unfit"]) for one in labels}
    file.add("offers.opened", {"offers": [{"label": one, "amount": prices[one], "void": voids[one]} for one in labels]})
    if method == "average" and rng.random() < 0.9:
        file.reveal_and_draw("F")
    if rng.random() < 0.3:
        file.add("bidder.barred", {"label": rng.choice(labels)})
    if rng.random() < 0.5:
        file.add("draw.drawn", {"draw": "GS-2026-900090-T1", "order": rng.sample(labels, len(labels))})
    return method, [CaseEntry(n, "", kind, data) for n, (_at, kind, data) in enumerate(file.drafts, 1)]


def marked(file: File, rng: random.Random, labels: list[str]) -> None:
    file.open_draw("E")
    shown = []
    for expert in file.seal_and_draw("E", {f"E{n}": 1 for n in range(4)})[:3]:
        marks = [{"label": one, "points": rng.randint(70, 72), "reason": "x"} for one in labels]
        file.add("marks.given", {"expert": expert, "commitment": experts.commitment(b"\0", marks)})
        shown.append({"expert": expert, "salt": "00", "marks": marks})
    file.add("marks.published", {"experts": shown})


def test_both_languages_decide_random_cases_alike(over, page):
    rng = random.Random(20261127)
    rules = tomllib.loads(RULES)
    cases = [drawn_up(rng) for _ in range(150)]
    expected = []
    for method, entries in cases:
        found = decide(method, entries, rules)
        ranking = [[place.label, str(place.amount)] for place in found.ranking]
        expected.append([found.winner, ranking, list(found.tied), found.failure])
    opened(page, over)
    given_ = [[method, [{"seq": e.seq, "kind": e.kind, "data": e.data} for e in entries]] for method, entries in cases]
    found = page.evaluate(
        """async ([cases, rules]) => {
        const { decide } = await import('/static/js/verify/awards/index.js');
        return Promise.all(cases.map(async ([method, entries]) => {
          const { winner, ranking, tied, failure } = await decide(method, entries, rules);
          return [winner, ranking.map(({label, amount}) => [label, String(amount)]), tied, failure];
        }));
        }""",
        [given_, rules],
    )
    assert found == expected
    assert len({one[0] for one in expected}) > 5
    assert any(one[2] for one in expected)


def test_the_browsers_toml_reader_reads_every_rule_set_as_pythons_does(over, page):
    opened(page, over)
    for path in sorted((ROOT / "marketplace" / "rulesets").glob("*.toml")):
        text = path.read_text()
        read = page.evaluate("text => import('/static/js/verify/toml.js').then(m => m.readToml(text))", text)
        assert read == tomllib.loads(text), path.name
    for wrong in (
        "a = 1979-05-27",
        "a = 1\na = 2",
        "[a]\n[a]",
        "a = 'x",
        "a = 01",
        "[[a]]",
        "a = 1 b = 2",
        "= 1",
        "a = [1 2]",
    ):
        ask = "text => import('/static/js/verify/toml.js').then(m => { try { m.readToml(text); return true } catch { return false } })"
        assert page.evaluate(ask, wrong) is False, wrong
