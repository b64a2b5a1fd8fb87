"""Whatever a program sends, the API answers as its schema says, and never with a server error. Every operation is called by
those it is for, by nobody, and by somebody it is not for.

The generated places of a path would lead nowhere; so most examples get those of things that exist in a small world. What an
example does is undone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from pytest_django.fixtures import Settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.actions import invite_organisation
from accounts.models import Kind, Organisation, User
from agencies.models import Agency, PastWork
from api.actions import hooks
from api.callers import Who
from api.models import Scope, Token
from api.table import READS, VERBS
from bidding.actions import Answer, ask, nominate_expert
from bidding.models import Auction
from core.clock import database_now
from draws.trusteeship import nominate
from marketplace.actions.saved import save_search
from marketplace.models import ServiceItem
from tests import cast
from tests.api.calls import program_of
from tests.contracts import play
from tests.flags.stage import Bench
from tests.marketplace.drafts import draft
from tests.ratings.court import Court

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.clause("P12.1")]

_INSIDE: dict[Who, tuple[str, ...]] = {
    Who.ANYBODY: ("nobody", "agency", "buyer", "regulator"),
    Who.PERSON: ("agency", "buyer", "regulator"),
    Who.MEMBER: ("agency", "buyer", "regulator"),
    Who.BUYER: ("buyer",),
    Who.DEPARTMENT: ("department",),
    Who.AGENCY: ("agency",),
    Who.OFFICER: ("regulator",),
    Who.OPERATOR: ("operator",),
}
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 2
_WHO = {row.name: row.who for row in [*READS, *VERBS]}
PLACE: dict[str, Any] = {
    "kind": Kind.DEPARTMENT,
    "name": "岷县水务局",
    "field": "水利",
    "email": "office@minxian.example",
}


@dataclass
class World:
    """What paths may lead to, by their beginning, and tokens of the callers; None is nobody's."""

    places: dict[str, list[dict[str, Any]]]
    tokens: dict[str, str | None]

    def callers(self, who: Who, turn: int) -> list[str]:
        """Those it is for; and of those who are turned away before anything is read, nobody and one who has signed in by turns."""
        inside = _INSIDE[who]
        outside = [name for name in self.tokens if name not in (*inside, "nobody")]
        if who is Who.ANYBODY:
            return list(inside)
        return [*inside, "nobody" if turn % 2 else outside[turn // 2 % len(outside)]]

    def place(self, path: str, names: list[str], turn: int) -> dict[str, Any] | None:
        """Something that exists at this address; every fourth time nothing does."""
        if turn % 4 == 3:
            return None
        found = next((rows for start, rows in self.places.items() if path.startswith(f"/api/v1/{start}")), [])
        row = {**self.places[""][0], **(found[turn % len(found)] if found else {})}
        return {name: row[name] for name in names}


@pytest.fixture
def world(
    waterworks: Organisation,
    waterworks_user: User,
    item: ServiceItem,
    auction: Auction,
    swift_agency: Agency,
    steady_agency: Agency,
    regulator: User,
    river_officer: User,
    bid: Callable[..., Answer],
) -> World:
    bid(auction, swift_agency, "99500.00")
    open_one = cast.published(waterworks, item, waterworks_user)
    ask(swift_agency, open_one.number or "", "现场踏勘由谁组织？")
    awarded = play.quick_award(waterworks, waterworks_user, item, swift_agency, cast.yuan("90000.00"))
    play.sign(awarded)
    payable = play.due(awarded)
    payment = play.transfer(payable, "100.00")
    kept = draft(waterworks_user, waterworks, item)
    case = Court(swift_agency).received()
    cancelled = cast.service_item("TST-09", name_zh="已取消事项")
    ServiceItem.objects.filter(pk=cancelled.pk).update(status="cancelled", cancelled_by_zh="国发〔2018〕")
    PastWork.objects.create(agency=swift_agency, title="河道整治", client="水务局", year=2024)
    flag = Bench(swift_agency, steady_agency).same_price(awarded)
    assert flag is not None
    hook = hooks.add_webhook(waterworks_user, waterworks, "https://hooks.example/in", Scope.OWN, ()).webhook
    search = save_search(waterworks_user, waterworks, "request_list", "item=TST-01")
    operator = cast.person("operator@platform.example", waterworks, is_staff=True)
    expert, trustee = nominate_expert(operator, operator, waterworks), nominate(operator, operator, waterworks)
    waiting = invite_organisation(
        operator, uscc=cast.next_uscc(), region=waterworks.region, **PLACE
    ).invitation.organisation
    usual = {"number": awarded, "uscc": swift_agency.uscc, "code": item.pk, "name": f"{awarded}-D", "attachment": 1}
    usual |= {"pk": 1, "n": 1, "side": "buyer", "kind": "wecom", "key": "wait"}
    by_pk = {
        "me/webhooks/deliveries": hooks.ping(hook),
        "me/webhooks": hook,
        "me/searches": search,
        "operate/trustees": trustee,
        "operate/experts": expert,
        "payables": payable,
        "payments": payment,
    }
    places: dict[str, list[dict[str, Any]]] = {
        "requests": [{"number": number} for number in (auction.request.number, open_one.number, awarded)],
        "awards": [{"number": awarded}],
        "cancelled-items": [{"code": "TST-09"}],
        "me/drafts": [{"pk": kept.pk, "attachment": 1}],
        "me/cases": [{"number": case.number}],
        "regulator/cases": [{"number": case.number}],
        "regulator/flags": [{"number": flag.number}],
        **{start: [{"pk": row.pk}] for start, row in by_pk.items()},
        "operate/organisations": [{"uscc": waiting.uscc}],
        "concentration": [{"key": "items"}],
        "buyers": [{"uscc": waterworks.uscc}],
        "": [usual],
    }
    people = {
        "agency": swift_agency.user,  # type: ignore[attr-defined]
        "buyer": waterworks_user,
        "department": river_officer,
        "regulator": regulator,
        "operator": operator,
    }
    tokens = {name: program_of(user).token for name, user in people.items()}
    Token.objects.update(used_at=database_now())
    return World(places, {"nobody": None, **tokens})


@pytest.fixture
def schema(settings: Settings) -> Iterator[Any]:
    settings.RATELIMIT_ENABLE = False
    signals = (request_started, request_finished)
    for signal in signals:
        # The application must not close the connection that the test's transaction is on.
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/schema/?format=json", get_wsgi_application())
    for signal in signals:
        signal.connect(close_old_connections)


def test_no_call_breaks_the_platform_or_the_schema(world: World, schema: Any) -> None:
    turns, statuses, failures = count(), dict[int, int](), list[str]()
    for result in schema.get_all_operations():
        operation = result.ok()
        _try(operation, world, turns, statuses, failures)
    assert not failures, f"{len(failures)}\n" + "\n\n".join(failures[:30])
    assert statuses.get(200, 0) > 200
    assert statuses.get(201, 0) > 5
    assert {400, 401, 404, 409} <= set(statuses)


def _try(operation: Any, world: World, turns: Iterator[int], statuses: dict[int, int], failures: list[str]) -> None:
    who = _WHO[operation.definition.raw["operationId"]]
    names = [one["name"] for one in operation.definition.raw.get("parameters", []) if one.get("in") == "path"]

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def send(case: Any) -> None:
        turn = next(turns)
        if place := world.place(operation.path, names, turn):
            case.path_parameters = place
        for caller in world.callers(who, turn):
            token = world.tokens[caller]
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            mark = transaction.savepoint()
            try:
                answer = case.call(headers=headers)
                statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
                case.validate_response(answer, checks=CHECKS)
                if answer.status_code == 409:
                    assert answer.json()["code"] in operation.definition.raw["x-refusals"], answer.json()
            except (Exception, BaseExceptionGroup) as trouble:
                failures.append(f"{caller} {operation.label} {case.path_parameters} {case.body}: {trouble!r}"[:900])
            finally:
                transaction.set_rollback(False)
                transaction.savepoint_rollback(mark)

    send()
