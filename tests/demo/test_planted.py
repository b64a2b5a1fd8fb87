"""The demo's year under all rules of R10: what was planted is found, and honest data stay clean. Figures are printed."""

from collections import Counter
from typing import Any

import pytest

from accounts.models import Organisation
from agencies.models import Agency
from bidding.models import Award
from core.clock import database_now
from demo import actions as demo
from demo.planted import Plants
from flags.models import Flag, Status
from flags.queries.windows import window
from flags.rules import Found, Rule, Scope, look
from flags.rulesets import flag_rules

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

Finding = tuple[Rule, Found]


@pytest.fixture
def plants(monkeypatch: pytest.MonkeyPatch) -> Plants:
    """A year of the demo, and what was hidden in it."""
    kept: list[Plants] = []

    def remember(plants: Plants, body: Any) -> list[Flag]:
        kept.append(plants)
        # The verbs of the demo commit for themselves; within a test's transaction they cannot.
        return []

    monkeypatch.setattr(demo, "warn", remember)
    demo.seed(requests=400)
    return kept[0]


def everything() -> list[Finding]:
    """What all rules find in all of it."""
    now, numbers = database_now(), flag_rules()
    markets = set(Award.objects.values_list("request__item", "request__region"))
    scopes: list[tuple[Scope, tuple[str, ...]]] = [(Scope.MARKET, key) for key in sorted(markets)]
    buyers = Organisation.objects.filter(requests__awards__isnull=False).distinct().order_by("uscc")
    scopes += [(Scope.BUYER, (uscc,)) for uscc in buyers.values_list("uscc", flat=True)]
    agencies = Agency.objects.filter(ratings__isnull=False).distinct().order_by("pk")
    scopes += [(Scope.AGENCY, (one.uscc,)) for one in agencies.select_related("organisation")]
    return [pair for scope, key in scopes for pair in look(window(scope, key, now), scope, numbers)]


def planted_in(one: Finding, plants: Plants) -> str:
    """Which plant the finding is about; empty if it accuses somebody honest."""
    rule, found = one
    for n, circle in enumerate(plants.circles, 1):
        if rule.code.startswith("C") and len(circle.intersection(found.agencies)) >= 2:
            return f"circle {n}"
    if rule.code in ("D1", "B9b") and plants.favourite in (*found.agencies, found.evidence[0].get("agency")):
        return "steering"
    if rule.code == "B7" and found.subject[0] == plants.splitter:
        return "splitting"
    if plants.ring[0] in found.subject and plants.ring[1] in (*found.subject, *found.agencies):
        return "ring"
    return ""


def test_what_was_planted_is_found_and_honest_data_stay_clean(
    plants: Plants, capsys: pytest.CaptureFixture[str]
) -> None:
    found = everything()
    # Rules of severity 0 are hints about a figure; these accuse.
    grave = [one for one in found if one[0].severity == 2]
    by_plant = Counter(planted_in(one, plants) for one in grave)
    right = sum(count for plant, count in by_plant.items() if plant)
    precision = right / len(grave)
    wanted = {"circle 1": "C7", "circle 2": "C6", "steering": "D1", "splitting": "B7", "ring": "R1"}
    hit = {
        plant: any(rule.code == code and planted_in((rule, one), plants) == plant for rule, one in found)
        for plant, code in wanted.items()
    }
    recall = sum(hit.values()) / len(hit)
    tally = Counter((one[0].code, bool(planted_in(one, plants))) for one in found)
    with capsys.disabled():
        print(f"\nred flags over the demo's year: recall {recall:.0%}, precision of accusing rules {precision:.0%}")
        for code in sorted({code for code, _planted in tally}):
            print(f"  {code:4} planted {tally[code, True]:3}  other {tally[code, False]:3}")
    assert hit == dict.fromkeys(wanted, True)
    assert precision >= 0.75
    honest = Award.objects.count() - 90
    assert len(grave) - right <= honest / 100, "accuses the honest more than once in a hundred awards"
    assert all(rule.code not in ("B2", "B6", "R4") for rule, _found in found), "must be nothing by the rules themselves"
    assert Flag.objects.filter(status=Status.RAISED).count() == 0
