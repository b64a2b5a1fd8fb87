"""Who will be able to open sealed prices stands in the case file from publication on (R6), and who may use which way (R3)."""

import pytest

from accounts.models import Kind
from bidding.methods import strategy_for
from draws.rules import TrusteesMissing
from journal.envelopes import public_key
from journal.queries import entries_of
from marketplace import actions
from marketplace.models import Method, Request, RequestStatus
from marketplace.rules import PolicyRefused, judge_way
from marketplace.rulesets import ruleset
from tests import cast
from tests.draws.ceremony import Team
from tests.marketplace.drafts import draft

pytestmark = [pytest.mark.django_db, pytest.mark.clause("R3", "R6")]


def published(user, buyer, item, **fields) -> Request:
    return actions.publish(user, buyer, draft(user, buyer, item, **fields).pk)


def arranged(request: Request) -> dict | None:
    entry = entries_of(request.number).filter(kind="offers.arranged").first()
    return entry.data["trustees"] if entry else None


def test_an_enterprise_has_two_of_three_trustees_and_public_money_three_of_five(
    waterworks, waterworks_user, river_bureau, river_officer, item
):
    Team.of(5)
    team = arranged(published(waterworks_user, waterworks, item, method=Method.SEALED))
    assert (len(team["keys"]), team["threshold"]) == (3, 2)
    team = arranged(published(river_officer, river_bureau, item, method=Method.SEALED))
    assert (len(team["keys"]), team["threshold"]) == (5, 3)


def test_without_trustees_nobody_could_open_a_price_and_nothing_is_published(waterworks, waterworks_user, item):
    Team.of(2)
    kept = draft(waterworks_user, waterworks, item, method=Method.SEALED)
    with pytest.raises(TrusteesMissing) as refused:
        actions.publish(waterworks_user, waterworks, kept.pk)
    assert refused.value.facts == {"needed": 3, "there": 2}
    kept.refresh_from_db()
    assert (kept.status, kept.number) == (RequestStatus.DRAFT, None)


def test_three_are_too_few_for_public_money(river_bureau, river_officer, item):
    Team.of(3)
    with pytest.raises(TrusteesMissing):
        published(river_officer, river_bureau, item, method=Method.SEALED)


def test_a_live_auction_has_opening_prices_only_where_somebody_can_open_them(waterworks, waterworks_user, item):
    assert arranged(published(waterworks_user, waterworks, item)) is None
    Team.of(3)
    assert arranged(published(waterworks_user, waterworks, item, title="另一项目")) is not None


def test_no_organisation_and_not_the_operator_can_open_alone(waterworks, waterworks_user, item):
    team = Team.of(1)
    for body in (waterworks, waterworks):
        team.add(cast.person(f"{len(team.keys)}@waterworks.example", body), body)
    bodies = [cast.organisation(Kind.DEPARTMENT, f"平台运营{n}") for n in range(2)]
    for number, body in enumerate(bodies):
        team.add(cast.person(f"staff{number}@platform.example", body, is_staff=True), body)
    keys = arranged(published(waterworks_user, waterworks, item, method=Method.SEALED))["keys"]
    own = [public_key(key).hex() for key in team.keys]
    assert len(keys) == 3
    assert keys[0] == own[0]
    assert len(set(keys) & set(own[1:3])) == 1, "one of the buyer's own"
    assert len(set(keys) & set(own[3:5])) == 1, "one of the operator's, whatever else they stand for"


def test_the_buyers_own_people_are_asked_last(waterworks, waterworks_user, item):
    team = Team()
    team.add(cast.person("own@waterworks.example", waterworks), waterworks)
    others = Team.of(3)
    keys = arranged(published(waterworks_user, waterworks, item, method=Method.SEALED))["keys"]
    assert keys == [public_key(key).hex() for key in others.keys]


def test_the_strategy_asks_the_same_rule():
    strategy_for(Method.SEALED).accepts(government=True, ceiling=90_000_00, numbers=ruleset())
    with pytest.raises(PolicyRefused):
        judge_way(Method.DIRECT, government=True, ceiling=1, numbers=ruleset())
