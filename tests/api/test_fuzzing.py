"""Whatever a program sends, the API answers as its schema says, and never with a server error. Every operation, four callers.

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

from accounts.models import Organisation, User
from agencies.models import Agency, PastWork
from bidding.actions import Answer, ask
from bidding.models import Auction
from marketplace.models import ServiceItem
from tests import cast
from tests.api.calls import program_of
from tests.contracts import play
from tests.marketplace.drafts import draft
from tests.ratings.court import Court

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.clause("P12.1")]

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 2


@dataclass
class World:
    """What paths may lead to, by their beginning, and tokens of the callers; None is nobody's."""

    places: dict[str, list[dict[str, Any]]]
    tokens: dict[str, str | None]

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
    regulator: User,
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
    numbers = [{"number": number} for number in (auction.request.number, open_one.number, awarded)]
    usual = {"number": awarded, "uscc": swift_agency.uscc, "code": item.pk, "pk": 1, "n": 1, "side": "buyer"}
    places: dict[str, list[dict[str, Any]]] = {
        "requests": numbers,
        "awards": [{"number": awarded}],
        "cancelled-items": [{"code": "TST-09"}],
        "me/drafts": [{"pk": kept.pk, "attachment": 1}],
        "me/cases": [{"number": case.number}],
        "regulator/cases": [{"number": case.number}],
        "payables": [{"pk": payable.pk}],
        "payments": [{"pk": payment.pk}],
        "buyers": [{"uscc": waterworks.uscc}],
        "": [{**usual, "name": f"{awarded}-D", "attachment": 1}],
    }
    people = {"agency": swift_agency.user, "buyer": waterworks_user, "regulator": regulator}  # type: ignore[attr-defined]
    return World(places, {"nobody": None, **{name: program_of(user).token for name, user in people.items()}})


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
        if place := world.place(operation.path, names, next(turns)):
            case.path_parameters = place
        for caller, token in world.tokens.items():
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            mark = transaction.savepoint()
            try:
                answer = case.call(headers=headers)
                statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
                case.validate_response(answer, checks=CHECKS)
            except (Exception, BaseExceptionGroup) as trouble:
                failures.append(f"{caller} {operation.label} {case.path_parameters} {case.body}: {trouble!r}"[:900])
            finally:
                transaction.set_rollback(False)
                transaction.savepoint_rollback(mark)

    send()
