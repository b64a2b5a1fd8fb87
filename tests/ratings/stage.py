"""Scenes of exit cases in a live database, in a process of their own: `python -m tests.ratings.stage VERB JSON`."""

import json
import sys
from typing import Any


def fill(_given: dict[str, Any]) -> dict[str, Any]:
    """Four officers, an agency with a history, enrolled in an open request and leading a live auction."""
    from accounts.models import Kind
    from bidding.actions import enrol
    from tests import cast
    from tests.ratings import acting

    body = cast.organisation(Kind.REGULATOR, "省市场监督管理局")
    officers = [cast.person(f"officer{n}@court.example", body).email for n in range(5)]
    buyer = cast.organisation(Kind.ENTERPRISE, "陇中供水有限公司")
    by = cast.person("buyer@waterworks.example", buyer)
    item = cast.service_item()
    agency, other, third = (
        cast.agency(name) for name in ("迅达咨询有限公司", "稳健环境技术有限公司", "三江咨询有限公司")
    )
    for mark in ("0.9", "0.4", "0.8"):
        acting.rate(acting.finished(buyer, by, item, agency), mark)
    acting.note(agency, "delivered_late", "late:1", decided=False)
    acting.note(agency, "subcontracted", "sub:1")
    acting.refresh(agency)
    cast.offers(item, agency, other, third)
    opened = cast.published(buyer, item, by)
    enrol(None, other, opened.number or "")
    live = cast.live_auction(buyer, item, by, agency, other, third)
    assert live.request.number is not None
    return {
        "officers": officers,
        "agency": agency.user.email,  # type: ignore[attr-defined]
        "uscc": agency.uscc,
        "other": other.uscc,
        "open": opened.number,
        "live": live.request.number,
        "buyer": by.email,
    }


def pass_days(given: dict[str, Any]) -> dict[str, Any]:
    """So many days pass over the agency's newest case; the server's clock sees to what follows."""
    from ratings.models import ExitCase
    from tests.ratings.court import shift

    case = ExitCase.objects.filter(agency__organisation__uscc=given["uscc"]).latest("pk")
    shift(case, given["days"])
    return {"number": case.number}


def flag(given: dict[str, Any]) -> dict[str, Any]:
    """A rule sees that the agency and another asked the same price in two requests."""
    from django.db import transaction

    from flags.actions.raising import raise_all
    from flags.rows import Window
    from flags.rules import Scope
    from flags.rulesets import flag_rules
    from tests.flags.making import day, process

    prices = {given["uscc"]: 100_000, given["other"]: 100_000}
    seen = tuple(process(prices, number=f"GS-2026-00000{n}") for n in range(2))
    with transaction.atomic():
        [raised] = raise_all(Window(("TST-01", "620100"), day(9), seen), Scope.MARKET, flag_rules())
    return {"number": raised.number}


def age_act(given: dict[str, Any]) -> dict[str, Any]:
    """So many days pass over an act. The ledger forbids that: only the owner of its table can switch it off, for a test."""
    from datetime import timedelta

    from django.db import connection
    from django.db.models import F

    from ratings.models import Act

    past = timedelta(days=given["days"])
    dates = {name: F(name) - past for name in ("happened_at", "noted_at", "counts_from", "expires_at")}
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ratings_act DISABLE TRIGGER USER")
        Act.objects.filter(source=given["source"]).update(**dates)
        cursor.execute("ALTER TABLE ratings_act ENABLE TRIGGER USER")
    return {"pk": Act.objects.get(source=given["source"]).pk}


if __name__ == "__main__":
    import django

    django.setup()
    verb, given = sys.argv[1], json.loads(sys.argv[2])
    print(json.dumps({"fill": fill, "pass_days": pass_days, "age_act": age_act, "flag": flag}[verb](given)))
