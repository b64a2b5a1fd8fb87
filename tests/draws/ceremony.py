"""Hold draws in tests: trustees with keys of their own, contributors who keep their bytes, and time that passes."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import connection

from accounts.models import Kind, Organisation, User
from draws import trusteeship
from draws.models import Draw
from draws.queries import trustees_of
from draws.sources import everything_for
from journal.contributions import Contribution
from journal.envelopes import public_key
from tests import cast


@dataclass
class Team:
    """Trustees of several organisations and their private keys."""

    keys: list[bytes] = field(default_factory=list)
    users: list[User] = field(default_factory=list)

    @classmethod
    def of(cls, count: int, organisations: int = 5) -> "Team":
        team = cls()
        bodies = [cast.organisation(Kind.DEPARTMENT, f"第{n + 1}公证处") for n in range(min(count, organisations))]
        for number in range(count):
            body = bodies[number % len(bodies)]
            team.add(cast.person(f"trustee{number}@{body.uscc.lower()}.example", body), body)
        return team

    def add(self, user: User, body: Organisation) -> None:
        private = secrets.token_bytes(32)
        trusteeship.nominate(None, user, body)
        trusteeship.register_key(user, public_key(private))
        self.keys.append(private)
        self.users.append(user)

    def open(self, draw: Draw, *numbers: int) -> None:
        """These trustees, counted from 0, give their shares of everything that is shut."""
        for number in numbers:
            own = self.keys[number]
            for waiting in everything_for(public_key(own)):
                if waiting.ref == f"draws:{draw.name}":
                    trusteeship.open_by_force(public_key(own), draw.name, waiting.shares(own))


def offer(draw: Draw, identity: str, r: bytes) -> dict[str, Any]:
    """What a contributor's browser sends for one draw."""
    return Contribution.of(identity, r, trustees_of(draw)).as_json()


def let_pass(by: timedelta) -> None:
    """Every draw began so much earlier; the triggers that forbid that are off for a moment."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE draws_draw DISABLE TRIGGER draw_stands")
        cursor.execute(
            "UPDATE draws_draw SET opened_at = opened_at - %s, closes_at = closes_at - %s, sealed_at = sealed_at - %s",
            [by] * 3,
        )
        cursor.execute("ALTER TABLE draws_draw ENABLE TRIGGER draw_stands")
