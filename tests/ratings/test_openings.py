"""Sealed entries say what they say as long as it may be said: anybody can check them, and repair takes the words back."""

import hashlib
from datetime import date

from django.test import Client
from django.urls import reverse

import pytest
import rfc8785

from agencies.models import Agency
from journal.queries import entries_of
from ratings.actions import exits, lists
from ratings.models import ExitCase, ListFlag, Measure
from ratings.rules.lists import Listing, read
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


def everywhere(client: Client, agency: Agency, case: str) -> dict[str, str]:
    """What every public door says of a listed agency, by its path; empty where there is nothing any more."""
    of_agency = [reverse(name, args=[agency.uscc]) for name in ("agency_page", "agency_record", "openings_json")]
    of_credit = [reverse(name, args=[agency.uscc]) for name in ("credit_page", "credit_json")]
    of_case = [reverse(name, args=[case]) for name in ("exit_page", "exit_record")]
    found = {}
    of_all = [reverse(name) for name in ("exit_list", "exit_list_csv", "exit_list_json")]
    for path in [*of_agency, *of_credit, *of_case, *of_all]:
        answer = client.get(path)
        found[path] = answer.getvalue().decode() if answer.status_code == 200 else ""
    return found


@pytest.mark.clause("P22.3")
def test_a_repaired_listing_is_gone_from_pages_api_and_files(client: Client, swift_agency: Agency) -> None:
    court = Court(swift_agency)
    take_in(court)
    case = court.go_on(ExitCase.objects.get())
    before = everywhere(client, swift_agency, case.number)
    told = {path for path, said in before.items() if "虚开发票" in said or "国家税务总局" in said}
    assert {f"/a/{swift_agency.uscc}/", reverse("exit_record", args=[case.number])} < told
    assert any(said.get("authority") == "国家税务总局" for said in opened(client, swift_agency).values())
    asked = exits.ask_to_repair_measure(court.person, court.party, case.number, "已补缴税款")
    exits.decide_repair(court.officers[3], court.body, asked.pk, "属实", granted=True)
    for path, said in everywhere(client, swift_agency, case.number).items():
        assert not any(word in said for word in ("虚开发票", "国家税务总局", "严重失信主体名单", case.number)), path
    assert opened(client, swift_agency).keys() == set()
    chain_holds(f"A-{swift_agency.uscc}")


@pytest.mark.clause("P22.3")
def test_a_listing_that_is_not_repaired_stays_and_one_that_ends_after_the_repair_says_nothing(
    client: Client, swift_agency: Agency
) -> None:
    court = Court(swift_agency)
    take_in(court)
    case = court.go_on(ExitCase.objects.get())
    asked = exits.ask_to_repair_measure(court.person, court.party, case.number, "已补缴税款")
    exits.decide_repair(court.officers[3], court.body, asked.pk, "未提供完税证明", granted=False)
    assert "国家税务总局" in everywhere(client, swift_agency, case.number)[f"/a/{swift_agency.uscc}/"]
    asked = exits.ask_to_repair_measure(court.person, court.party, case.number, "附完税证明")
    exits.decide_repair(court.officers[3], court.body, asked.pk, "属实", granted=True)
    lists.correct_flag(court.officers[0], court.body, ListFlag.objects.get().pk, "公布机关已移出国家税务总局名单")
    assert not any("国家税务总局" in said for said in everywhere(client, swift_agency, case.number).values())
    chain_holds(f"A-{swift_agency.uscc}")


def take_in(court: Court) -> None:
    """An edition of a list names the agency, and a case is open."""
    content = f"企业名称,统一社会信用代码,列入原因\n{court.party.name},{court.agency.uscc},虚开发票\n".encode()
    of = Listing("严重失信主体名单", "国家税务总局", date(2026, 9, 1), "https://tax.example.cn/list/2026-09")
    lists.take_in(court.officers[0], court.body, of, read(content), file_name="名单.csv", sha256=lists.digest(content))
