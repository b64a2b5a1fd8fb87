"""Fill an empty database with an invented year. The same words in every run; only the dates follow the database's clock."""

import gc
from datetime import datetime

from django.db import transaction

from accounts.models import Organisation, User
from agencies.models import QualificationKind
from core.clock import database_now
from core.models import Region
from demo import people, projects, words
from demo.agencies import AGENCIES, Agencies, Player
from demo.alarms import warn
from demo.catalogue import add_cancelled_items
from demo.crowd import Crowd
from demo.past import Past
from demo.people import Buyer, People
from demo.reputation import Reputation
from journal.actions import lock_platform
from marketplace.actions import load_catalogue, save_draft
from marketplace.models import ServiceItem

REQUESTS = 900
_AGENCIES_AT_ONCE = 1000


def nobody_here() -> bool:
    """Is the database still without organisations?"""
    return not Organisation.objects.exists()


def seed(scale: int = 1, *, requests: int = REQUESTS, crowd: int = 0, agencies: int = 0) -> int:
    """Fill an empty database; `scale` multiplies all but departments. Returns how many requests there are.

    Of so many as `crowd` those that the year does not tell are short stories, and there are at least so many `agencies`.
    """
    load_catalogue()
    now = database_now()
    required = _required()
    buyers, players, officials = _population(scale, now, required, agencies)
    # What is there by now stays: the collector need not look at it again with every batch of the year.
    gc.freeze()
    try:
        past = Past(buyers, players, officials[0].user, required, now)
        told = past.tell(requests * scale)
        Reputation(now, past.plants.ring).tell()
        warn(past.plants, officials[0].organisation)
        return told + (Crowd(buyers, now).tell(crowd - told) if crowd > told else 0)
    finally:
        gc.unfreeze()


@transaction.atomic
def _population(
    scale: int, now: datetime, required: dict[str, list[str]], wanted: int
) -> tuple[list[Buyer], list[Player], list[Buyer]]:
    """Everybody who takes part: buyers, agencies, regulators."""
    codes = words.Codes()
    crowd = People(now, codes)
    crowd.add_operator()
    departments, officials = list(people.departments(crowd)), list(people.regulators(crowd))
    enterprises = list(people.enterprises(crowd, scale))
    crowd.write()
    clients = [buyer.organisation.name for buyer in [*departments, *enterprises[: people.ENTERPRISES]]]
    made = Agencies(crowd, now, required, clients)
    players: list[Player] = []
    for number in range(max(AGENCIES * scale, wanted)):
        players.append(made.make(number, departments))
        if len(players) % _AGENCIES_AT_ONCE == 0:
            made.write()
    made.write()
    held = lock_platform()
    add_cancelled_items(held)
    held.append_all(people.entries_of([*officials, *departments, *enterprises]))
    for buyer in (departments[0], enterprises[0]):
        _keep_a_draft(buyer, now.year)
    return [*departments, *enterprises], players, officials


def _required() -> dict[str, list[str]]:
    """The qualifications that the law demands for each item."""
    found: dict[str, list[str]] = {}
    for code, kind in QualificationKind.objects.values_list("items__code", "code"):
        found.setdefault(str(code), []).append(kind)
    return found


def _keep_a_draft(buyer: Buyer, year: int) -> None:
    """A request begun and not published, for the desk to show."""
    wanted = projects.wanted(words.source(f"draft/{buyer.organisation.kind}"), buyer, year, projects.STAGE)
    values = projects.as_values(wanted)
    values |= {
        "item": ServiceItem.objects.get(pk=wanted.item),
        "region": Region.objects.get(pk=buyer.organisation.region_id),
    }
    save_draft(User.objects.get(pk=buyer.user), buyer.organisation, values)
