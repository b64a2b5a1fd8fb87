"""The same press from many threads at once, on the real database."""

import uuid

from django.db import connection

import pytest

from accounts.models import Kind, User
from api.models import KeyedPress
from bidding.models import Bid
from core.models import Region
from tests import cast
from tests.api.calls import Answer, Program, program_of
from tests.committed import at_once

pytestmark = [pytest.mark.usefixtures("transactional_db"), pytest.mark.clause("P12.1")]


def _heard(answers: object) -> list[Answer]:
    assert isinstance(answers, list)
    assert all(isinstance(answer, Answer) for answer in answers), answers
    return answers


def test_ten_presses_at_once_bid_once_and_hear_the_same() -> None:
    item, buyer = cast.service_item("TST-78"), cast.organisation(Kind.ENTERPRISE, "陇中供水有限公司")
    agencies = [cast.agency(f"第{n}咨询有限公司") for n in range(3)]
    cast.offers(item, *agencies)
    auction = cast.live_auction(buyer, item, cast.person("buyer@api.example", buyer), *agencies)
    program, number = program_of(agencies[0].user), auction.request.number  # type: ignore[attr-defined]
    body = {"key": str(uuid.uuid4()), "amount": "99000.00", "confirmed": True}

    def press() -> Answer:
        return program.post(f"requests/{number}/bids/", body, Idempotency_Key="bid")

    answers = _heard(at_once(*[press] * 10))
    assert [answer.status for answer in answers] == [200] * 10
    assert all(answer.json == answers[0].json for answer in answers)
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 9
    assert Bid.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database"
            " WHERE locktype = 'advisory' AND datname = current_database()"
        )
        assert cursor.fetchone() == (0,)


def test_an_enterprise_registers_once_however_often_its_form_arrives() -> None:
    Region.objects.get_or_create(code="621100", defaults={"name_zh": "定西市", "name_en": "Dingxi"})
    body = {
        "name": "陇西矿业有限公司",
        "uscc": cast.next_uscc(),
        "region": "621100",
        "contact_name": "李四",
        "contact_phone": "0931-5550001",
        "email": "owner@mining.example",
        "password": "correct horse battery",
        "commitment": True,
    }
    answers = _heard(at_once(*[lambda: Program().post("enterprises/", body, Idempotency_Key="r")] * 5))
    assert [answer.status for answer in answers] == [201] * 5, answers[0]
    assert User.objects.filter(email="owner@mining.example").count() == 1
    assert all("correct horse" not in str(vars(press)) for press in KeyedPress.objects.all())
