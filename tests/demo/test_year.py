"""The invented year: complete, lawful, the same in every run."""

from collections import Counter
from datetime import timedelta
from io import BytesIO

from django.core.management import CommandError, call_command
from django.db import connection

import pytest
from stdnum.cn import uscc as standard

from accounts.models import Kind, Organisation, User
from agencies.models import Agency, Grade, Qualification, Standing, Tie
from bidding.methods import strategy_for
from bidding.models import Auction, Award, Bid, Enrolment
from bidding.queries import case_entries
from bidding.rules.bids import Terms, judge_bid, stand
from bidding.rules.terms import terms_from
from core.clock import BEIJING, database_now, from_rfc3339
from core.money import parse
from core.queries import calendar
from demo import roles
from journal.models import Case, Entry
from journal.queries import entries_of, record
from journal.verify import verify
from marketplace.models import ItemStatus, Method, Request, RequestStatus, ServiceItem
from marketplace.queries import record_of
from marketplace.rulesets import CURRENT, ruleset
from ratings.models import Act, Rating
from ratings.queries.credit import computed


def test_every_case_file_verifies(year):
    names = list(Case.objects.values_list("name", flat=True))
    requests = {one.number: one for one in Request.objects.filter(case__isnull=False)}
    texts = (record_of(requests[name]) if name in requests else record(name) for name in names)
    reports = [verify(BytesIO(b"".join(text))) for text in texts]
    assert [report.case for report in reports] == names
    assert sum(report.entries for report in reports) == Entry.objects.count()
    assert sum(report.reveals for report in reports) > 3000
    assert sum(report.award is not None and report.award.winner is not None for report in reports) > 700


def test_it_has_the_numbers_that_were_asked_for(year):
    kinds = Counter(Organisation.objects.values_list("kind", flat=True))
    assert kinds == {Kind.AGENCY: 120, Kind.ENTERPRISE: 60, Kind.DEPARTMENT: 18, Kind.REGULATOR: 3}
    items = Counter(ServiceItem.objects.values_list("status", flat=True))
    assert items == {ItemStatus.PUBLISHED: 25, ItemStatus.CANCELLED: 5}
    states = Counter(Request.objects.values_list("status", flat=True))
    assert year >= 895
    assert 40 <= states[RequestStatus.FAILED] <= 80
    assert states[RequestStatus.COMPLETED] > 500
    assert states[RequestStatus.CONTRACTED] > 80
    assert states[RequestStatus.AWARDED] >= 5
    assert sum(states[one] for one in (RequestStatus.COMPLETED, RequestStatus.CONTRACTED, RequestStatus.AWARDED)) > 700
    assert states[RequestStatus.PUBLISHED] >= 10
    assert states[RequestStatus.CANCELLED] >= 3
    assert Bid.objects.count() > 4500
    outside = Agency.objects.exclude(organisation__region__code__startswith="62").count()
    assert 0.35 < outside / 120 < 0.65


def test_invented_organisations_and_items_say_that_they_are(year):
    assert not Organisation.objects.filter(demo=False).exists()
    assert not Request.objects.filter(demo=False).exists()
    assert all(one.demo and "演示" in one.name_zh for one in ServiceItem.objects.filter(status=ItemStatus.CANCELLED))
    assert all("-555" in phone for phone in Organisation.objects.values_list("contact_phone", flat=True))


def test_every_code_has_its_check_digit_and_names_are_not_shared(year):
    assert all(
        standard.is_valid(code) and "DEM" in code for code in Organisation.objects.values_list("uscc", flat=True)
    )
    names = list(Agency.objects.values_list("organisation__name", flat=True))
    assert len(set(names)) == len(names)


def test_foreign_keys_and_constraints_hold(year):
    connection.check_constraints()
    assert not Enrolment.objects.exclude(request__case__isnull=False).exists()


def test_rows_agree_with_the_case_files(year):
    for auction in Auction.objects.select_related("request", "leader").exclude(due_at__isnull=False):
        entries = {entry.kind: entry.data for entry in entries_of(auction.request.number or "")}
        bids = entries_of(auction.request.number or "").filter(kind="bid.placed")
        assert bids.count() == auction.bid_count == auction.bids.count()
        if auction.leader is not None:
            assert entries["auction.closed"]["winner"] == auction.leader.label
            assert parse(entries["auction.closed"]["amount"]) == auction.best
            award = Award.objects.get(request=auction.request)
            assert (award.winner_id, award.amount) == (auction.leader_id, auction.best)
            assert ("award.final" in entries) == (award.status == "final")


def test_every_award_is_what_its_case_file_says_by_computation(year):
    awards = Award.objects.select_related("request", "winner")
    assert awards.count() > 700
    for award in awards:
        rules = ruleset(award.request.ruleset)
        outcome = strategy_for(Method(award.request.method)).decide(case_entries(award.request.number), rules)
        assert (outcome.winner, outcome.amount) == (award.winner.label, award.amount)


def test_every_bid_obeys_the_rules_it_was_placed_under(year):
    for request in Request.objects.filter(auction__bid_count__gt=0):
        _replay(request)


def _replay(request: Request) -> None:
    labels = {e.label: e.pk for e in request.enrolments.all()}
    terms: Terms | None = None
    for entry in entries_of(request.number or ""):
        data = entry.data
        if entry.kind == "auction.opened":
            opens, closes, hard = (from_rfc3339(data[name]) for name in ("opens_at", "closes_at", "hard_end"))
            sums = parse(data["ceiling"]), parse(data["step"])
            terms = terms_from("live", *sums, None, None, opens, opens, closes, hard, 0, request.ruleset)
        elif entry.kind == "bid.placed":
            assert terms is not None
            judge_bid(parse(data["amount"]), labels[data["label"]], terms, entry.at, confirmed=True)
            terms, _moved = stand(parse(data["amount"]), labels[data["label"]], terms, entry.at)
        elif entry.kind == "auction.extended":
            assert terms is not None
            assert from_rfc3339(data["closes_at"]) == terms.closes_at
        elif entry.kind == "auction.closed":
            assert terms is not None
            assert entry.at >= terms.closes_at


def test_auctions_ran_in_the_slots_of_working_days(year):
    working = calendar()
    for ready_at in Auction.objects.filter(request__ruleset=CURRENT).values_list("ready_at", flat=True):
        local = ready_at.astimezone(BEIJING)
        assert working.works(local.date())
        minutes = local.hour * 60 + local.minute
        assert 570 <= minutes < 690 or 870 <= minutes < 990


def test_nothing_is_in_the_future_and_one_auction_has_only_just_closed(year):
    now = database_now()
    assert not Entry.objects.filter(at__gt=now).exists()
    last = Auction.objects.filter(status="closed").latest("closes_at")
    assert now - last.closes_at < timedelta(minutes=20)


def test_no_tied_agency_took_part(year):
    assert Tie.objects.exists()
    for tie in Tie.objects.all():
        assert not Enrolment.objects.filter(agency=tie.agency_id, request__buyer=tie.department_id).exists()


def test_names_differ(year):
    """Enough of every grade, of measures and of ratings to look at; the credit cached is the credit computed."""
    grades = Counter(Agency.objects.values_list("grade", flat=True))
    assert set(grades) == set(Grade)
    assert Rating.objects.count() > 400
    assert Act.objects.count() >= 35
    assert Agency.objects.filter(standing=Standing.REMOVED).count() == 4
    for agency in Agency.objects.select_related("organisation").order_by("pk")[:20]:
        credit = computed(agency)
        assert (agency.credit, agency.grade) == (credit.k, credit.grade)


def test_certificates_run_out_now_and_then(year):
    today = database_now().date()
    assert Qualification.objects.filter(valid_until__lt=today).exists()
    assert Qualification.objects.filter(valid_until__gt=today + timedelta(days=90)).exists()


def test_there_is_somebody_behind_every_role_whom_no_password_lets_in(year):
    for role in roles.ROLES:
        person = roles.person_behind(role)
        assert person is not None
        assert not person.has_usable_password()
    assert User.objects.get(email="operator@demo.example").is_staff
    assert roles.person_behind("nobody") is None


def test_the_command_leaves_a_database_with_people_alone(year):
    before = Organisation.objects.count()
    call_command("demo", "--if-empty")
    assert Organisation.objects.count() == before
    with pytest.raises(CommandError, match="already"):
        call_command("demo")
    with pytest.raises(CommandError, match="whole number"):
        call_command("demo", "--scale", "0")
