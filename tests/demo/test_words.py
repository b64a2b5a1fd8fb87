"""What the demo's buyers ask for passes the policy check, and what is drawn is drawn from good words."""

from random import Random

from accounts.models import Kind
from demo import projects, words
from marketplace.models import CommissionedBy, ItemStatus
from marketplace.policy import Draft, check
from marketplace.rulesets import ruleset

_LISTS = words.words("projects")


def _said(kind: Kind, texts: dict[str, str], ceiling: int) -> list[object]:
    draft = Draft(
        buyer_kind=kind,
        texts=texts,
        item_status=ItemStatus.PUBLISHED,
        item_commissioned_by=CommissionedBy.APPLICANT,
        ceiling=ceiling,
        public_funds=kind == Kind.DEPARTMENT,
        budget_line="2026 年项目前期工作经费",
    )
    return list(check(draft, ruleset()))


def test_no_text_of_any_item_is_objected_to():
    closing = "".join(_LISTS["closing"]["sentences"])
    for code, item in _LISTS["item"].items():
        texts = {"scope": "".join(item["scope"]) + closing, "deliverables": item["deliverables"]}
        for kind in (Kind.DEPARTMENT, Kind.ENTERPRISE):
            assert _said(kind, texts, item["ceiling"][1] * 100) == [], code


def test_no_title_is_objected_to():
    for place in words.words("names")["inside"]:
        for code, item in _LISTS["item"].items():
            for project in (p for kind in item["kinds"] for p in _LISTS["kinds"][kind]):
                title = f"{place['county']}{project}{item['service'][0]}"
                assert _said(Kind.DEPARTMENT, {"title": title}, 100) == [], code


def test_whoever_asks_asks_for_items_that_exist():
    asked = {code for codes in _LISTS["fields"].values() for code in codes}
    assert asked <= set(_LISTS["item"])
    assert {row["field"] for row in words.words("names")["departments"]} <= set(_LISTS["fields"])
    assert set(projects.STAGE) <= set(_LISTS["item"])


def test_codes_go_on_when_a_series_is_full():
    codes = words.Codes()
    given = {codes.next("91", "620100") for _ in range(31**3 + 2)}
    assert len(given) == 31**3 + 2
    assert sum("MA8DEM" in code for code in given) == 2


def test_brands_avoid_what_reads_oddly():
    rng, avoided = Random(1), set(words.words("names")["brands"]["avoid"])
    drawn = {words.brand(rng) for _ in range(3000)}
    assert not drawn & avoided
    assert len(drawn) > 800
