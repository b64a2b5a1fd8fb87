"""Sealed entries say what they say as long as it may be said: anybody can check them, and repair takes the words back."""

import hashlib

from django.test import Client
from django.urls import reverse

import pytest
import rfc8785

from agencies.models import Agency
from journal.queries import entries_of
from ratings.actions import exits
from ratings.models import Measure
from tests.ratings.acting import note, repair
from tests.ratings.court import Court, chain_holds, let_pass

pytestmark = pytest.mark.django_db


def opened(client: Client, agency: Agency) -> dict[int, dict[str, object]]:
    """Every opening that fits the commitment in the case file, by the number of its entry; all have to."""
    document = client.get(reverse("openings_json", args=[agency.uscc])).json()
    entries = {entry.seq: entry for entry in entries_of(document["case"])}
    for one in document["openings"]:
        committed = entries[one["seq"]].data["commitment"]
        words = one["kind"].encode() + bytes.fromhex(one["salt"]) + rfc8785.dumps(one["value"])
        assert hashlib.sha256(words).hexdigest() == committed
    return {one["seq"]: one["value"] for one in document["openings"]}


def test_anybody_can_open_what_stands_sealed_in_a_case_file(client: Client, swift_agency: Agency) -> None:
    act = note(swift_agency, "lent_qualification", "case:1")
    assert act is not None
    assert opened(client, swift_agency)[act.seq]["act"] == "lent_qualification"
    assert entries_of(f"A-{swift_agency.uscc}").get(seq=act.seq).data.keys() == {"commitment"}


@pytest.mark.clause("P22.2")
def test_a_repaired_act_cannot_be_read_from_the_file_any_more_and_the_chain_holds(
    client: Client, swift_agency: Agency
) -> None:
    gone, kept = note(swift_agency, "subcontracted", "a"), note(swift_agency, "unsigned", "b")
    assert gone
    assert kept
    repair(gone)
    assert list(opened(client, swift_agency)) == [kept.seq]
    chain_holds(f"A-{swift_agency.uscc}")
    record = client.get(reverse("agency_record", args=[swift_agency.uscc])).content.decode()
    assert "subcontracted" not in record


def test_a_repaired_measure_leaves_the_file_with_all_that_was_said_of_it(client: Client, swift_agency: Agency) -> None:
    court = Court(swift_agency)
    case = let_pass(court.in_force(Measure.SUSPEND), 50)
    assert any(said.get("measure") == "suspend" for said in opened(client, swift_agency).values())
    asked = exits.ask_to_repair_measure(court.person, court.party, case.number, "已整改")
    exits.decide_repair(court.officers[3], court.body, asked.pk, "属实", granted=True)
    left = opened(client, swift_agency)
    assert not any("case" in said or said.get("standing") == "suspended" for said in left.values())
    record = client.get(reverse("agency_record", args=[swift_agency.uscc])).content.decode()
    assert case.number not in record
