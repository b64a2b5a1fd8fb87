"""What the tests of a complete live auction share: presses, floors, the record as it stands."""

import json
import uuid
from datetime import datetime
from typing import Any

from django.db import connection

from agencies.models import Agency
from bidding.actions import Answer, Press, set_floor, withdraw_floor
from bidding.models import Auction
from journal.queries import lines_after
from tests import cast


def press(agency: Agency, amount: str = "0.00", *, key: uuid.UUID | None = None, confirmed: bool = True) -> Press:
    user = agency.organisation.memberships.get().user_id
    return Press(key or uuid.uuid4(), agency.pk, user, cast.yuan(amount), confirmed)


def floor(auction: Auction, agency: Agency, amount: str, **other: Any) -> Answer:
    return set_floor(auction.request.number or "", press(agency, amount, **other))


def no_floor(auction: Auction, agency: Agency) -> Answer:
    return withdraw_floor(auction.request.number or "", press(agency))


def code(answer: Answer) -> str | None:
    """The code of a refusal; None for what was accepted."""
    return answer.refusal and answer.refusal["code"]


def record(auction: Auction) -> list[dict[str, Any]]:
    """The case file as everybody reads it."""
    _first, lines = lines_after(auction.request.number or "", 0, 10_000)
    return [json.loads(line) for line in lines]


def kinds(auction: Auction) -> list[str]:
    return [entry["kind"] for entry in record(auction)]


def last(auction: Auction, kind: str) -> dict[str, Any]:
    """What the newest entry of that kind says."""
    data: dict[str, Any] = [entry["data"] for entry in record(auction) if entry["kind"] == kind][-1]
    return data


def label(auction: Auction, agency: Agency) -> str:
    return auction.request.enrolments.get(agency=agency).label


def lead(auction: Auction) -> tuple[int | None, str | None]:
    """The standing price in fen and the name of the agency that leads."""
    auction.refresh_from_db()
    return auction.best, auction.leader and auction.leader.agency.organisation.name


def server_started(at: datetime) -> None:
    """Let the database say that its server started then, until this test's transaction is rolled back.

    The test run's own has just started, and many a test plays an hour.
    """
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA IF NOT EXISTS shadow")
        cursor.execute(
            "CREATE OR REPLACE FUNCTION shadow.pg_postmaster_start_time() RETURNS timestamptz LANGUAGE sql STABLE"
            f" AS $$ SELECT timestamptz '{at.isoformat()}' $$"
        )
        cursor.execute("SET LOCAL search_path = shadow, pg_catalog, public")
