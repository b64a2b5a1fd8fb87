"""Several clocks at once: each entry becomes one message, and each message is sent once."""

from collections import Counter

import pytest
from pytest_django.fixtures import Settings

from accounts.models import Kind
from api import clockwork
from api.actions import hooks
from api.models import HookDelivery, Scope
from core.clock import database_now
from journal.clockwork import seal_due
from tests import cast
from tests.api.receiver import receiving
from tests.committed import at_once

pytestmark = [pytest.mark.usefixtures("transactional_db"), pytest.mark.clause("P12.1")]


def test_four_clocks_send_each_entry_once_to_each_address(settings: Settings) -> None:
    buyer, item = cast.organisation(Kind.ENTERPRISE, "陇中供水有限公司"), cast.service_item("TST-79")
    user = cast.person("buyer@hooks.example", buyer)
    with receiving() as receiver:
        settings.SITE_URL = receiver.origin
        seal_due()
        clockwork.follow_the_log()
        for _ in range(3):
            hooks.add_webhook(user, buyer, receiver.url, Scope.OWN, [])
        for _ in range(30):
            cast.published(buyer, item, user)
        seal_due()
        assert sum(at_once(*[clockwork.follow_the_log] * 4)) == 30  # type: ignore[arg-type]
        assert HookDelivery.objects.count() == 90

        def clock() -> int:
            sent = 0
            while batch := hooks.claim(database_now()):
                sent += clockwork.send(batch)
            return sent

        assert sum(at_once(*[clock] * 4)) + clock() == 90  # type: ignore[arg-type]
    ids = Counter(heard.headers["Webhook-Id"] for heard in receiver.heard)
    assert len(ids) == 90
    assert set(ids.values()) == {1}
    assert set(HookDelivery.objects.values_list("status", "attempts")) == {("delivered", 1)}
