"""Selections by mean and by merit in a live database, for tests that drive them from outside: `build(database, 4)`.

Everything is done by the real actions in processes of their own; people are known by their sessions.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from config.environment import ROOT
from tests.plumbing.cluster import Database


@dataclass(frozen=True)
class ValuedWorld:
    """A buyer, a regulator, an operator, agencies that offer the item, experts in the pool, trustees: all by session."""

    database: Database
    sessions: dict[str, str]
    agencies: list[str]
    experts: dict[str, str]
    trustees: list[str]

    def fill(self, number: str, prices: list[str], *, plans: bool) -> None:
        """All agencies but the first enrol, and seal these prices; with a plan each if the selection wants them."""
        _run(self.database.url, "fill", number, json.dumps(prices), str(int(plans)))

    def pass_deadline(self, number: str) -> None:
        """By the database's clock it is over, for its draw too."""
        self.database.rows("ALTER TABLE draws_draw DISABLE TRIGGER draw_stands")
        self.database.rows(
            "UPDATE draws_draw SET opened_at = opened_at - (closes_at - now()) - interval '1 s',"
            " closes_at = now() - interval '1 s' WHERE name LIKE %s",
            f"{number}-%",
        )
        self.database.rows("ALTER TABLE draws_draw ENABLE TRIGGER draw_stands")
        self.database.rows(
            "UPDATE marketplace_request SET enrol_until = now(), selects_at = now() WHERE number = %s", number
        )

    def share(self, number: str) -> None:
        """Every trustee gives its shares of the prices."""
        _run(self.database.url, "share", number, *self.trustees)

    def entries(self, number: str, kind: str) -> list[dict[str, Any]]:
        """The data of the entries of a kind."""
        rows = self.database.rows(
            "SELECT e.body FROM journal_entry e JOIN journal_case c ON c.id = e.case_id"
            " WHERE c.name = %s AND e.kind = %s ORDER BY e.seq",
            number,
            kind,
        )
        return [json.loads(bytes(body))["data"] for (body,) in rows]


def build(database: Database, agencies: int) -> ValuedWorld:
    """So many agencies; four experts are in the pool."""
    return ValuedWorld(database, **json.loads(_run(database.owner_url, "build", str(agencies))))


def _run(url: str, *command: str) -> str:
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.plumbing.valued", *command],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1] if done.stdout else ""


def _build(count: int) -> dict[str, Any]:
    from accounts.models import Kind
    from tests import cast
    from tests.bidding import valuing
    from tests.draws.ceremony import Team
    from tests.plumbing.prices import _session

    item = cast.service_item()
    buyer = cast.organisation(Kind.ENTERPRISE, "陇中供水有限公司")
    people = {
        "buyer": cast.person("buyer@waterworks.example", buyer),
        "regulator": cast.person("officer@regulator.example", cast.organisation(Kind.REGULATOR, "市场监管局")),
        "operator": cast.person("operator@platform.example", is_staff=True, is_superuser=True),
        "newcomer": cast.person("wang@college.example", cast.organisation(Kind.ENTERPRISE, "水利学院"), name="王工"),
    }
    agencies = [cast.agency(f"第{n + 1}咨询有限公司") for n in range(count)]
    cast.offers(item, *agencies)
    team = Team.of(3)
    pool = valuing.pool(4, item)
    return {
        "sessions": {name: _session(user) for name, user in people.items()},
        "agencies": [_session(agency.user) for agency in agencies],  # type: ignore[attr-defined]
        "experts": {expert.code: _session(expert.user) for expert in pool},
        "trustees": [key.hex() for key in team.keys],
    }


def _fill(number: str, prices: list[str], *, with_plans: bool) -> None:
    from agencies.models import Agency
    from bidding.actions import enrol, submit_plan
    from marketplace.models import Request
    from tests.bidding import sealing, valuing

    request = Request.objects.get(number=number)
    others = list(Agency.objects.order_by("pk"))[1:]
    for agency, price in zip(others, prices, strict=False):
        made = enrol(None, agency, number)
        sealing.seal(agency, request, price)
        if with_plans:
            submit_plan(None, agency, number, valuing.docx(f"实施方案 {made.label}"))


if __name__ == "__main__":
    import django

    django.setup()
    from tests.plumbing.prices import _share

    match sys.argv[1:]:
        case ["build", count]:
            print(json.dumps(_build(int(count))))
        case ["fill", number, prices, with_plans]:
            _fill(number, json.loads(prices), with_plans=with_plans == "1")
        case ["share", number, *keys]:
            _share(number, *keys)
