"""Invented enterprises, departments and regulators, each with somebody who acts for it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from accounts import commitments
from accounts.entries import AccountEntry
from accounts.models import Kind, Membership, Organisation, Role, User
from demo import roles, words
from demo.bulk import Numbers, copy

ENTERPRISES = 60
# Of the first regulator: who opens, investigates, hears, decides and seconds are not the same.
COLLEAGUES = 5
_UNUSABLE = "!"  # nobody signs in to the demo's accounts with a password
_AGE = timedelta(days=420)

Draft = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Buyer:
    """An organisation that asks for services, and who acts for it."""

    organisation: Organisation
    user: int
    place: words.Words = field(hash=False)


class People:
    """Makes organisations with their first member, and keeps the rows until they are written."""

    def __init__(self, now: datetime, codes: words.Codes) -> None:
        self._now, self._codes = now, codes
        self._organisation_ids, self._user_ids = Numbers.of(Organisation), Numbers.of(User)
        self._membership_ids = Numbers.of(Membership)
        self._organisations: list[Organisation] = []
        self._users: list[User] = []
        self._memberships: list[Membership] = []

    def add(
        self, rng: Random, kind: Kind, name: str, region: str, area: str, email: str, *, field: str = ""
    ) -> tuple[Organisation, int]:
        """An organisation and the key of its user."""
        authority = "11" if kind in (Kind.DEPARTMENT, Kind.REGULATOR) else "91"
        contact, since = words.person(rng), self._now - _AGE
        organisation = Organisation(
            pk=self._organisation_ids.next(),
            kind=kind,
            name=name,
            uscc=self._codes.next(authority, words.city_code(region)),
            region_id=region,
            contact_name=contact,
            contact_phone=words.phone(rng, area),
            field=field,
            demo=True,
            created_at=since,
        )
        user = User(pk=self._user_ids.next(), email=email, name=contact, password=_UNUSABLE, date_joined=since)
        membership = Membership(
            pk=self._membership_ids.next(), user_id=user.pk, organisation_id=organisation.pk, role=Role.OWNER
        )
        self._organisations.append(organisation)
        self._users.append(user)
        self._memberships.append(membership)
        return organisation, user.pk

    def add_colleague(self, rng: Random, organisation: Organisation, email: str) -> int:
        """Somebody else who acts for it; the key of the user."""
        user = User(pk=self._user_ids.next(), email=email, name=words.person(rng), password=_UNUSABLE)
        user.date_joined = self._now - _AGE
        self._users.append(user)
        self._memberships.append(
            Membership(
                pk=self._membership_ids.next(), user_id=user.pk, organisation_id=organisation.pk, role=Role.MEMBER
            )
        )
        return user.pk

    def add_operator(self) -> None:
        """The platform's own operator."""
        operator = User(pk=self._user_ids.next(), email=roles.email("operator"), name="演示管理员", is_staff=True)
        operator.password, operator.date_joined = _UNUSABLE, self._now - _AGE
        self._users.append(operator)

    def write(self) -> None:
        """Bring in what has been made since the last time."""
        copy(self._organisations, self._users, self._memberships)
        self._organisations, self._users, self._memberships = [], [], []


def departments(people: People) -> Iterator[Buyer]:
    """The departments of the word list; the first is the one of the demo's role."""
    rng = words.source("departments")
    for number, row in enumerate(words.words("names")["departments"]):
        place = place_of(row["region"])
        email = roles.email("department") if not number else f"department{number}@demo.example"
        made, user = people.add(
            rng, Kind.DEPARTMENT, row["name"], row["region"], place["area"], email, field=row["field"]
        )
        yield Buyer(made, user, place)


def regulators(people: People) -> Iterator[Buyer]:
    """The regulators of the word list; the first is the one of the demo's role."""
    rng = words.source("regulators")
    for number, row in enumerate(words.words("names")["regulators"]):
        email = roles.email("regulator") if not number else f"regulator{number}@demo.example"
        place = place_of("620100")
        made, user = people.add(rng, Kind.REGULATOR, row["name"], row["region"], place["area"], email)
        if not number:
            for colleague in range(COLLEAGUES):
                people.add_colleague(rng, made, f"officer{colleague}@demo.example")
        yield Buyer(made, user, place)


def enterprises(people: People, scale: int) -> Iterator[Buyer]:
    """Enterprises of Gansu; the first is the one of the demo's role."""
    rng, taken = words.source("enterprises"), set[str]()
    kinds = words.words("names")["enterprises"]
    for number in range(ENTERPRISES * scale):
        place = words.weighted(rng, words.words("names")["inside"])
        name = ""
        while not name or name in taken:
            prefix = rng.choice(place["prefixes"])
            name = prefix + words.brand(rng) + rng.choice(kinds["industries"]) + rng.choice(kinds["forms"])
        taken.add(name)
        email = roles.email("enterprise") if not number else f"enterprise{number}@demo.example"
        made, user = people.add(rng, Kind.ENTERPRISE, name, place["region"], place["area"], email)
        yield Buyer(made, user, place)


def entries_of(buyers: list[Buyer]) -> Iterator[Draft]:
    """What the platform's case file says about them."""
    for buyer in buyers:
        one = buyer.organisation
        said: dict[str, Any] = {"kind": str(one.kind), "name": one.name, "uscc": one.uscc, "region": one.region_id}
        if one.kind == Kind.ENTERPRISE:
            yield AccountEntry.ENTERPRISE_REGISTERED, {**said, "commitment": commitments.ENTERPRISE.as_entry()}
        else:
            yield AccountEntry.INVITED, {**said, "field": one.field}
            yield AccountEntry.JOINED, said


def place_of(region: str) -> words.Words:
    """The place of the word list with that region's code; Lanzhou for the province as a whole."""
    places: list[words.Words] = words.words("names")["inside"]
    return next((place for place in places if place["region"] == region), places[0])
