"""Who hears of what the journal says of a selection, once, and nothing of others (UX §2.20, I5)."""

from collections.abc import Callable
from datetime import timedelta

from django.db.models import F

import pytest
from pytest_django import Settings

from accounts import telling
from accounts.channels.actions import follow
from accounts.models import Kind, Membership, Notice, Organisation, User
from agencies.models import Agency
from bidding import actions
from bidding.models import Auction
from bidding.telling import tell_starts
from core.clock import database_now
from journal.models import Case, Entry
from journal.sealing.actions import seal
from marketplace.models import Request, ServiceItem
from tests import cast
from tests.bidding.noticing import told
from tests.journal import log

pytestmark = pytest.mark.django_db

Bid = Callable[..., object]


def tell_all_of(request: Request) -> None:
    """As the clock does it, of everything in the case file at once."""
    telling.take(list(Entry.objects.filter(case=request.case_id).select_related("case").order_by("seq")))


def events(organisation: Organisation) -> list[str]:
    return list(Notice.objects.filter(organisation=organisation).order_by("id").values_list("event", flat=True))


@pytest.fixture
def awarded(auction: Auction, bid: Bid, swift_agency: Agency, steady_agency: Agency) -> Request:
    """Steady won at 92,000; swift offered 99,000, the third nothing. The standstill runs."""
    for agency, amount in ((swift_agency, "99000"), (steady_agency, "92000")):
        bid(auction, agency, amount)
    cast.set_close(auction, -1)
    actions.advance(auction.request.number or "")
    return auction.request


def test_whoever_is_outbid_hears_it_and_nobody_else(
    auction: Auction, bid: Bid, swift_agency: Agency, steady_agency: Agency, third_agency: Agency
) -> None:
    bid(auction, swift_agency, "99000")
    bid(auction, steady_agency, "98000")
    tell_all_of(auction.request)
    assert events(swift_agency.organisation) == ["auction.outbid"]
    assert events(steady_agency.organisation) == events(third_agency.organisation) == []


def test_outbid_is_told_over_two_readings_as_well(
    auction: Auction, bid: Bid, swift_agency: Agency, steady_agency: Agency
) -> None:
    bid(auction, swift_agency, "99000")
    tell_all_of(auction.request)
    assert events(swift_agency.organisation) == []
    bid(auction, steady_agency, "98000")
    telling.take([Entry.objects.select_related("case").latest("pk")])
    assert events(swift_agency.organisation) == ["auction.outbid"]


def test_who_leads_again_by_now_hears_nothing(
    auction: Auction, bid: Bid, swift_agency: Agency, steady_agency: Agency
) -> None:
    for agency, amount in ((swift_agency, "99000"), (steady_agency, "98000"), (swift_agency, "97000")):
        bid(auction, agency, amount)
    tell_all_of(auction.request)
    assert events(swift_agency.organisation) == []
    assert events(steady_agency.organisation) == ["auction.outbid"]


def test_nobody_hears_of_being_outbid_twice_in_a_minute(
    auction: Auction, bid: Bid, swift_agency: Agency, steady_agency: Agency
) -> None:
    bid(auction, swift_agency, "99000")
    bid(auction, steady_agency, "98000")
    for _ in range(2):
        tell_all_of(auction.request)
    assert len(events(swift_agency.organisation)) == 1


def test_what_a_bidder_hears_before_the_award_tells_nothing_of_others(
    auction: Auction, bid: Bid, swift_agency: Agency, steady_agency: Agency
) -> None:
    cast.set_close(auction, 20)
    bid(auction, swift_agency, "99000")
    bid(auction, steady_agency, "98000")
    tell_all_of(auction.request)
    heard = Notice.objects.filter(event__startswith="auction.")
    assert {"auction.outbid", "auction.extended"} == set(heard.values_list("event", flat=True))
    labels = auction.request.enrolments.values_list("label", flat=True)
    for notice in heard:
        said = f"{notice.text} {notice.facts}"
        secret = [*labels, steady_agency.organisation.name, swift_agency.organisation.name, "98,000", "99,000"]
        assert not [one for one in secret if one in said]


def test_an_extension_is_told_to_all_who_take_part(
    auction: Auction, bid: Bid, swift_agency: Agency, third_agency: Agency
) -> None:
    cast.set_close(auction, 20)
    bid(auction, swift_agency, "99000")
    tell_all_of(auction.request)
    assert "auction.extended" in events(swift_agency.organisation)
    assert "auction.extended" in events(third_agency.organisation)


def test_an_award_is_told_with_the_reason_and_the_replay(
    awarded: Request, swift_agency: Agency, steady_agency: Agency, third_agency: Agency, waterworks: Organisation
) -> None:
    tell_all_of(awarded)
    [won] = Notice.objects.filter(event="result.won")
    assert won.organisation == steady_agency.organisation
    assert "贵机构中选，中选价 ¥92,000.00" in won.text
    lost = {notice.organisation_id: notice for notice in Notice.objects.filter(event="result.lost")}
    assert set(lost) == {swift_agency.organisation_id, third_agency.organisation_id}
    assert "贵机构最低报价 ¥99,000.00，中选价 ¥92,000.00" in lost[swift_agency.organisation_id].text
    assert "贵机构没有报价" in lost[third_agency.organisation_id].text
    assert "99" not in str(lost[third_agency.organisation_id].facts)
    assert {notice.path for notice in lost.values()} == {f"/awards/{awarded.number}/replay/"}
    assert "award.published" in events(waterworks)


def test_followers_of_the_request_and_of_the_winner_hear_of_the_award_once(
    awarded: Request, steady_agency: Agency
) -> None:
    curious = cast.organisation(Kind.ENTERPRISE, "旁观者有限公司")
    member = Membership.objects.get(user=cast.person("curious@example.com", curious))
    cast.person("colleague@example.com", curious)
    assert awarded.case is not None
    follow(member, awarded.case)
    follow(member, Case.objects.get(name=f"A-{steady_agency.uscc}"))
    tell_all_of(awarded)
    [notice] = Notice.objects.filter(organisation=curious)
    assert (notice.event, notice.user) == ("award.published", member.user)
    assert steady_agency.organisation.name in notice.text


def test_the_end_of_the_time_to_object_is_told(
    awarded: Request, swift_agency: Agency, waterworks: Organisation
) -> None:
    awarded.awards.update(standstill_until=F("published_at"))
    actions.advance(awarded.number or "")
    tell_all_of(awarded)
    for organisation in (swift_agency.organisation, waterworks):
        assert events(organisation).count("objection.closed") == 1


def test_an_objection_calls_for_an_answer_and_its_answer_is_told(
    awarded: Request, swift_agency: Agency, waterworks: Organisation, waterworks_user: User, regulator: User
) -> None:
    objection = actions.file_objection(swift_agency.user, swift_agency.organisation, awarded.number or "", "低于成本")
    tell_all_of(awarded)
    assert "收到异议" in told(waterworks)[-1]
    Notice.objects.all().delete()
    actions.answer_objection(waterworks_user, waterworks, objection.pk, "已核实。")
    telling.take([Entry.objects.select_related("case").latest("pk")])
    assert events(swift_agency.organisation) == ["concern.answered"]
    actions.complain(swift_agency.organisation, objection.pk, "答复未回应。")
    telling.take([Entry.objects.select_related("case").latest("pk")])
    office = regulator.memberships.get().organisation
    assert events(office) == ["reply.due"]


def test_a_start_is_told_half_an_hour_and_five_minutes_before_and_once_each(
    waterworks: Organisation,
    waterworks_user: User,
    item: ServiceItem,
    swift_agency: Agency,
    steady_agency: Agency,
    third_agency: Agency,
) -> None:
    auction = cast.ready_auction(waterworks, item, waterworks_user, swift_agency, steady_agency, third_agency)
    opens = auction.opens_at
    assert tell_starts(opens - timedelta(minutes=31)) == 0
    for minutes in (30, 29, 6, 5, 4, 1):
        tell_starts(opens - timedelta(minutes=minutes))
    assert tell_starts(opens) == 0
    said = told(swift_agency.organisation)
    assert [text for text in said if "30 分钟内" in text] == said[:1]
    assert [text for text in said if "5 分钟内" in text] == said[1:]
    assert len(said) == 2


def test_what_is_older_than_a_day_is_history(awarded: Request, monkeypatch: pytest.MonkeyPatch) -> None:
    later = database_now() + telling.HISTORY
    monkeypatch.setattr(telling, "database_now", lambda: later)
    tell_all_of(awarded)
    assert not Notice.objects.exists()


def test_the_clock_reads_along_and_tells_each_entry_once(
    auction: Auction, bid: Bid, swift_agency: Agency, steady_agency: Agency, settings: Settings
) -> None:
    settings.LOG_KEY = log.signer().secret()
    seal()
    assert telling.tell_of_entries() == 0, "it begins with what comes from now on"
    bid(auction, swift_agency, "99000")
    bid(auction, steady_agency, "98000")
    seal()
    assert telling.tell_of_entries() == 2
    assert telling.tell_of_entries() == 0
    assert events(swift_agency.organisation) == ["auction.outbid"]


def test_a_teller_that_stumbles_keeps_no_other_from_being_told(
    awarded: Request, waterworks: Organisation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble(_entries: object) -> list[object]:
        raise LookupError("no such thing")

    tellers = [(frozenset({"award.published"}), stumble), *telling._tellers]
    monkeypatch.setattr(telling, "_tellers", tellers)
    tell_all_of(awarded)
    assert "nobody is told" in caplog.text
    assert "award.published" in events(waterworks)
