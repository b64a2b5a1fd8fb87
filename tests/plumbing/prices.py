"""Sealed prices in a live database, for tests that look at it from outside: `build(database, ["90000.00", …])`.

Everything is done by the real actions in processes of their own, under the role that would do it.
"""

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from config.environment import ROOT
from tests.plumbing.cluster import Database


@dataclass(frozen=True)
class PriceWorld:
    """A request with sealed prices: its bidders (`uscc`, `session`, `price`, `key`), trustees' private keys, onlookers' sessions."""

    database: Database
    number: str
    bidders: list[dict[str, str]]
    trustees: list[str]
    sessions: dict[str, str]

    def pass_deadline(self) -> None:
        """By the database's clock it is over; nobody has noticed yet."""
        self.database.rows(
            "UPDATE marketplace_request SET enrol_until = clock_timestamp(), selects_at = clock_timestamp() WHERE number = %s",
            self.number,
        )

    def share(self, *trustees: int) -> None:
        """These trustees, counted from 0, give their shares, through the serving role as over the page."""
        _run(self.database.url, "share", self.number, *(self.trustees[n] for n in trustees))

    def entries(self, kind: str) -> list[dict[str, Any]]:
        """The data of the entries of a kind."""
        rows = self.database.rows(
            "SELECT e.body FROM journal_entry e JOIN journal_case c ON c.id = e.case_id"
            " WHERE c.name = %s AND e.kind = %s ORDER BY e.seq",
            self.number,
            kind,
        )
        return [json.loads(bytes(body))["data"] for (body,) in rows]

    def stage(self) -> str | None:
        """Of the selection; None before the deadline."""
        rows = self.database.rows("SELECT stage FROM bidding_selection")
        return rows[0][0] if rows else None


def build(database: Database, prices: list[str]) -> PriceWorld:
    """A request of an enterprise, one bidder for each price, three trustees, a regulator and an operator."""
    return PriceWorld(database, **json.loads(_run(database.owner_url, "build", json.dumps(prices))))


@dataclass(frozen=True)
class HiddenWorld:
    """A `tests.plumbing.hidden.Market` that has been entered: request numbers and sessions by name, and what nobody may read.

    `bidders` have `uscc`, `session` and `sealed`, what their browser would send to seal another price for "live".
    """

    database: Database
    numbers: dict[str, str]
    sessions: dict[str, str]
    bidders: list[dict[str, str]]
    identities: list[str]
    prices: list[str]


def hidden(database: Database) -> HiddenWorld:
    """One request of each way of selecting that hides something, with everybody's offers."""
    return HiddenWorld(database, **json.loads(_run(database.owner_url, "hidden")))


def _run(url: str, *command: str) -> str:
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.plumbing.prices", *command],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1] if done.stdout else ""


def _build(prices: list[str]) -> dict[str, Any]:
    from accounts.models import Kind
    from tests import cast
    from tests.bidding import sealing
    from tests.draws.ceremony import Team

    item = cast.service_item()
    buyer = cast.organisation(Kind.ENTERPRISE, "陇中供水有限公司")
    by = cast.person("buyer@waterworks.example", buyer)
    regulator = cast.person("officer@regulator.example", cast.organisation(Kind.REGULATOR, "市场监管局"))
    operator = cast.person("operator@platform.example", is_staff=True, is_superuser=True)
    agencies = [cast.agency(f"第{n + 1}咨询有限公司") for n in range(len(prices))]
    cast.offers(item, *agencies)
    team = Team.of(3)
    request = sealing.sealed_request(buyer, item, by, team, *agencies)
    bidders = []
    for agency, price in zip(agencies, prices, strict=True):
        k = sealing.seal(agency, request, price)
        session = _session(agency.user)  # type: ignore[attr-defined]
        bidders.append({"uscc": agency.uscc, "session": session, "price": price, "key": k.hex()})
    people = {"buyer": by, "regulator": regulator, "operator": operator, "trustee": team.users[0]}
    sessions = {name: _session(user) for name, user in people.items()}
    return {
        "number": request.number,
        "bidders": bidders,
        "trustees": [key.hex() for key in team.keys],
        "sessions": sessions,
    }


def _hidden() -> dict[str, Any]:
    from tests.bidding import sealing
    from tests.plumbing.hidden import RESEALED, Market

    market = Market.staged()
    market.enter()
    live = market.requests["live"]
    bidders = [
        {
            "uscc": one.uscc,
            "session": _session(one.user),  # type: ignore[attr-defined]
            "sealed": json.dumps(sealing.made(one, live, RESEALED)[0].as_json()),
        }
        for one in market.bidders
    ]
    return {
        "numbers": {name: market.number(name) for name in market.requests},
        "sessions": {name: _session(user) for name, user in market.people.items()},
        "bidders": bidders,
        "identities": market.identities(),
        "prices": market.sealed_prices(),
    }


def _session(user: Any) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def _share(number: str, *keys: str) -> None:
    from bidding.rules.offers import OffersOpened
    from draws.sources import everything_for, give
    from journal.envelopes import public_key

    for own in map(bytes.fromhex, keys):
        for waiting in everything_for(public_key(own)):
            if waiting.name == number:
                with contextlib.suppress(OffersOpened):  # the clock has opened them with the shares before
                    give(public_key(own), waiting.ref, waiting.shares(own))


if __name__ == "__main__":
    import django

    django.setup()
    match sys.argv[1:]:
        case ["build", prices]:
            print(json.dumps(_build(json.loads(prices))))
        case ["hidden"]:
            print(json.dumps(_hidden()))
        case ["share", number, *keys]:
            _share(number, *keys)
