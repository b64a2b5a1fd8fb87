"""Credit of buyers (R7): four terms that add up, from what is public of their contracts."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import reverse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Organisation, User
from agencies.models import Agency
from contracts import actions
from contracts.models import Delivery, DeliveryStatus, Payable
from core.clock import database_now
from marketplace.models import ServiceItem
from ratings.actions import complaints, evaluations
from ratings.actions.complaints import Finding, Target
from ratings.clockwork.evaluation import do_due_evaluations
from ratings.models import ComplaintKind, DisputeStatus, MarkSide
from ratings.queries.buyers import credit_of_buyer
from ratings.recompute import Differs, check_bills, recompute_buyer
from ratings.rules.buyer_score import Happened, buyer_credit
from ratings.rules.buyers import in_time, weight_of_mark
from ratings.rulesets import credit_rules
from tests import cast
from tests.contracts import play
from tests.ratings import acting, rating

RULES = credit_rules().buyer
NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


def happened(*values: str, weight: str = "1") -> list[Happened]:
    return [Happened("GS-2026-000001", NOW, Decimal(value), Decimal(weight)) for value in values]


def perfect() -> dict[str, list[Happened]]:
    return {name: happened("1") for name in ("paid_on_time", "accepted_on_time", "rejections_upheld", "marks")}


def test_the_terms_are_worth_40_20_20_and_20() -> None:
    credit = buyer_credit(3, perfect(), RULES)
    assert [term.most for term in credit.terms] == [40, 20, 20, 20]
    assert credit.score == 100


@pytest.mark.parametrize("name", ["paid_on_time", "accepted_on_time", "rejections_upheld", "marks"])
def test_each_term_is_lost_by_its_own_failures(name: str) -> None:
    credit = buyer_credit(3, perfect() | {name: happened("0", "0")}, RULES)
    worth = {term.name: term.most for term in credit.terms}[name]
    assert credit.score == 100 - worth


def test_below_three_contracts_there_is_no_score_yet() -> None:
    assert buyer_credit(2, perfect(), RULES).score is None
    assert buyer_credit(3, {}, RULES).score is None


def test_a_term_without_data_is_left_out_and_the_others_stand_for_the_whole() -> None:
    credit = buyer_credit(3, {"paid_on_time": happened("1", "0")}, RULES)
    assert (credit.points, credit.most, credit.score) == (20, 40, 50)
    assert [term.points is None for term in credit.terms] == [False, True, True, True]


def test_what_is_disputed_weighs_nothing_and_related_parties_half() -> None:
    assert [weight_of_mark(one) for one in (None, *DisputeStatus)] == [1, 0, 0, Decimal("0.5"), 1]
    marks = [*happened("0", weight="0"), *happened("1")]
    assert buyer_credit(3, {"marks": marks}, RULES).score == 100
    assert buyer_credit(3, {"marks": happened("0", weight="0")}, RULES).score is None


def test_what_may_still_be_done_in_time_does_not_count_yet() -> None:
    due, ms = NOW, timedelta(milliseconds=1)
    assert in_time(due, due, NOW) is True
    assert in_time(due, due + ms, NOW) is False
    assert in_time(due, None, due) is None
    assert in_time(due, None, due + ms) is False


@given(st.dictionaries(st.sampled_from(sorted(perfect())), st.lists(st.integers(0, 1), min_size=1, max_size=9)))
def test_the_sums_add_up(values: dict[str, list[int]]) -> None:
    given_ = {name: happened(*map(str, each)) for name, each in values.items()}
    credit = buyer_credit(3, given_, RULES)
    assert credit.points == sum((term.points for term in credit.terms if term.points is not None), Decimal(0))
    assert credit.points <= credit.most
    assert credit.score is None or 0 <= credit.score <= 100


@pytest.fixture
def number(waterworks: Organisation, waterworks_user: User, item: ServiceItem, swift_agency: Agency) -> str:
    """A contract played to its end: one return, accepted, paid in time."""
    number = play.quick_award(waterworks, waterworks_user, item, swift_agency, cast.yuan("90000.00"))
    play.sign(number)
    play.deliver(number)
    play.accept(number, verdict=DeliveryStatus.RETURNED, reason="quality", opinion="缺少现场照片")
    payable = play.due(number)
    actions.confirm_receipt(swift_agency.organisation, play.transfer(payable, "90000.00").pk, payable.amount)
    do_due_evaluations()
    return number


@pytest.fixture
def seasoned(
    number: str, waterworks: Organisation, waterworks_user: User, item: ServiceItem, swift_agency: Agency
) -> str:
    """The same buyer has finished three contracts in all."""
    for _ in range(2):
        acting.finished(waterworks, waterworks_user, item, swift_agency)
    do_due_evaluations()
    return number


def points(buyer: Organisation) -> dict[str, Decimal | None]:
    return {term.name: term.points for term in credit_of_buyer(buyer).terms}


def test_what_a_buyer_did_is_read_from_its_contracts(seasoned: str, waterworks: Organisation) -> None:
    assert points(waterworks) == {"paid_on_time": 40, "accepted_on_time": 20, "rejections_upheld": 20, "marks": None}
    rating.revealed(seasoned, of_buyer=3)
    assert points(waterworks)["marks"] == 10
    assert credit_of_buyer(waterworks).score == 90


def test_late_bills_and_reminded_acceptances_count_against_it(seasoned: str, waterworks: Organisation) -> None:
    Payable.objects.update(due_at=database_now() - timedelta(days=9))
    late = Delivery.objects.get(version=1)
    Delivery.objects.filter(pk=late.pk).update(reminded_at=database_now())
    assert points(waterworks)["paid_on_time"] == 0
    assert points(waterworks)["accepted_on_time"] == 10


def test_an_agencys_mark_counts_from_the_reveal_and_not_while_disputed(
    seasoned: str, waterworks: Organisation, waterworks_user: User
) -> None:
    rating.by_agency(seasoned, 1, comment="付款经多次催要")
    assert points(waterworks)["marks"] is None
    rating.by_buyer(seasoned)
    assert points(waterworks)["marks"] == 0
    evaluations.dispute(waterworks_user, waterworks, seasoned, MarkSide.AGENCY, "款项均在期限内支付")
    assert points(waterworks)["marks"] is None


def test_the_page_and_the_json_say_the_same_and_are_public(
    client: Client, seasoned: str, waterworks: Organisation
) -> None:
    rating.revealed(seasoned, of_buyer=3)
    document = json.loads(client.get(f"/b/{waterworks.uscc}/credit.json").content)
    assert document["score"] == "90.0"
    assert sum(Decimal(term["points"]) for term in document["terms"]) == Decimal(document["points"])
    for term in document["terms"]:
        weight = sum(Decimal(one["weight"]) for one in term["evidence"])
        mean = sum(Decimal(one["weight"]) * Decimal(one["value"]) for one in term["evidence"]) / weight
        assert Decimal(term["points"]) == Decimal(term["most"]) * mean
    page = client.get(f"/b/{waterworks.uscc}/").content.decode()
    assert "90.0" in page
    assert f"/r/{seasoned}/contract/" in page


def test_request_and_contract_lead_to_it(client: Client, number: str, waterworks: Organisation) -> None:
    for address in (f"/r/{number}/", f"/r/{number}/contract/", f"/r/{number}/evaluation/"):
        assert f"/b/{waterworks.uscc}/" in client.get(address).content.decode()
    assert "暂无评分" in client.get(f"/b/{waterworks.uscc}/").content.decode()


def test_who_never_asked_for_anything_in_public_has_no_page(
    client: Client, waterworks: Organisation, swift_agency: Agency, regulator: User
) -> None:
    body = regulator.memberships.get().organisation
    for one in (waterworks, swift_agency.organisation, body):
        assert client.get(f"/b/{one.uscc}/").status_code == 404
    assert client.get("/b/000000000000000000/credit.json").status_code == 404


def test_a_return_that_a_complaint_found_wrong_counts_against_it(
    seasoned: str, waterworks: Organisation, swift_agency: Agency, regulator: User
) -> None:
    body = regulator.memberships.get().organisation
    returned = Delivery.objects.get(version=1)
    target = Target(ComplaintKind.BUYER, organisation=waterworks, delivery=returned)
    filed = complaints.file_complaint(play.user_of(swift_agency.organisation), target, "成果符合约定，无理由退回。")
    complaints.accept(regulator, body, filed.number)
    complaints.put_to_subject(regulator, body, filed.number, "请说明退回的理由。")
    assert points(waterworks)["rejections_upheld"] == 20
    complaints.state(play.user_of(waterworks), waterworks, filed.number, "照片不全。")
    complaints.decide_complaint(regulator, body, filed.number, Finding(True, "约定未要求照片。", "无理退回成果。"))
    assert points(waterworks)["rejections_upheld"] == 0


@pytest.fixture
def document(client: Client, seasoned: str, waterworks: Organisation) -> dict[str, Any]:
    rating.revealed(seasoned, of_buyer=3)
    found: dict[str, Any] = client.get(f"/b/{waterworks.uscc}/credit.json").json()
    return found


def test_anybody_computes_it_again_from_the_document_alone(
    client: Client, document: dict[str, Any], seasoned: str, waterworks: Organisation, tmp_path: Path
) -> None:
    ours = credit_of_buyer(waterworks)
    found = recompute_buyer(document)
    assert (found.score, found.points, found.most) == (ours.score, ours.points, ours.most)
    file, record = tmp_path / "credit.json", tmp_path / "record.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    record.write_bytes(client.get(reverse("request_record", args=[seasoned])).getvalue())
    bare = {"PATH": os.environ["PATH"]}
    script = (
        "import sys; from ratings.recompute import main; code = main(sys.argv[1:]);"
        "assert not any(name.startswith('django') for name in sys.modules); sys.exit(code)"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script, str(file), str(record)], cwd=root, env=bare, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout[:4]) == (0, b"OK  "), done.stderr
    assert b"1 bills as its entries say" in done.stdout


def test_bills_are_checked_against_the_entries_of_their_request(
    client: Client, document: dict[str, Any], seasoned: str
) -> None:
    record = json.loads(client.get(reverse("request_record", args=[seasoned])).getvalue())
    assert check_bills(document, record) == 1
    [bill] = document["terms"][0]["evidence"]
    for wrong in ({"value": "0"}, {"milestone": 2}, {"at": "2026-01-01T00:00:00.000Z"}, {"request": "GS-2026-999999"}):
        document["terms"][0]["evidence"] = [bill | wrong]
        with pytest.raises(Differs, match=f"paid_on_time of {seasoned}"):
            check_bills(document, record)
    with pytest.raises(Differs, match="malformed"):
        check_bills(document, {"case": seasoned})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("score", "91.0"),
        ("points", "80.0"),
        ("terms.0.points", "39.0"),
        ("terms.0.evidence.0.value", "0"),
        ("terms.3.evidence.0.value", "1"),
        ("terms.3.evidence.0.value", "7"),
        ("terms.3.evidence", []),
        ("contracts", 2),
        ("least_contracts", 1),
        ("ruleset.sha256", "0" * 64),
        ("format", "credit/1"),
        ("terms", None),
    ],
)
def test_a_document_with_one_thing_changed_does_not_hold(document: dict[str, Any], path: str, value: object) -> None:
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place: Any = document
    for step in way:
        place = place[step]
    place[last] = value
    with pytest.raises(Differs):
        recompute_buyer(document)
