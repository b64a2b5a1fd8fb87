"""保存并订阅: what is kept, what is refused, and that everybody hears of a request once."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse

import pytest

from accounts.models import Notice
from agencies.models import Agency, Standing
from core.clock import database_now
from journal.actions import lock_case
from journal.sealing.actions import seal
from marketplace import alerts
from marketplace.actions import saved as actions
from marketplace.actions.saved import SearchEmpty, SearchKnown, SearchUnknown, SearchUnnamed, TooManySearches
from marketplace.clockwork import tell_of_requests
from marketplace.models import Alert, Announcement, Request, SavedSearch
from tests import cast
from tests.journal import log

pytestmark = pytest.mark.django_db

QUERY = "q=水保&region=620000"


@pytest.fixture
def mine(swift_agency):
    return swift_agency.organisation, swift_agency.organisation.memberships.get().user


def save(mine, query: str = QUERY, page: str = "request_list") -> SavedSearch:
    organisation, user = mine
    return actions.save_search(user, organisation, page, query)


def test_a_search_is_kept_in_one_spelling_under_its_filters_name(mine):
    kept = save(mine, "region=620000&page=3&sort=newest&q=水保&item=")
    assert kept.name == "水保、甘肃省"
    assert kept.query == "q=%E6%B0%B4%E4%BF%9D&region=620000"


@pytest.mark.parametrize(
    ("query", "page", "refusal"),
    [
        ("", "request_list", SearchEmpty),
        ("sort=newest&page=2", "request_list", SearchEmpty),
        ("region=999999", "request_list", SearchUnknown),
        ("q=" + "水" * 600, "request_list", SearchUnknown),
        ("q=水保", "desk", SearchUnknown),
    ],
)
def test_what_finds_everything_or_nothing_known_is_not_kept(mine, query, page, refusal):
    with pytest.raises(refusal):
        save(mine, query, page)
    assert not SavedSearch.objects.exists()


def test_the_same_filters_are_kept_once_and_fifty_at_most(mine):
    save(mine)
    with pytest.raises(SearchKnown) as refused:
        save(mine, "region=620000&q=水保")
    assert refused.value.facts == {"name": "水保、甘肃省"}
    for number in range(actions.MOST - 1):
        save(mine, f"q=第{number}")
    with pytest.raises(TooManySearches):
        save(mine, "q=再来一个")


def test_a_search_without_a_name_is_refused(mine):
    kept = save(mine)
    with pytest.raises(SearchUnnamed):
        actions.rename_search(kept, "  ")
    actions.rename_search(kept, "陇南水保")
    kept.refresh_from_db()
    assert kept.name == "陇南水保"


def test_a_stranger_finds_no_search_and_changes_none(client, mine, steady_agency):
    kept = save(mine)
    client.force_login(steady_agency.organisation.memberships.get().user)
    assert "水保、甘肃省" not in client.get("/desk/searches/").content.decode()
    assert client.post(f"/desk/searches/{kept.pk}/", {"verb": "forget"}).status_code == 404
    assert SavedSearch.objects.filter(pk=kept.pk).exists()


def test_a_member_saves_stops_resumes_and_forgets_from_the_pages(client, mine):
    client.force_login(mine[1])
    client.post(reverse("search_save"), {"list": "request_list", "query": QUERY})
    [kept] = SavedSearch.objects.all()
    page = client.get("/desk/searches/").content.decode()
    assert f"/requests/?{kept.query}".replace("&", "&amp;") in page
    act = reverse("search_act", args=[kept.pk])
    client.post(act, {"verb": "stop"})
    kept.refresh_from_db()
    assert kept.stopped_at is not None
    client.post(act, {"verb": "resume"})
    kept.refresh_from_db()
    assert kept.stopped_at is None
    client.post(act, {"verb": "forget"})
    assert not SavedSearch.objects.exists()


def test_a_refusal_is_said_where_the_filters_are(client, mine):
    client.force_login(mine[1])
    answer = client.post(reverse("search_save"), {"list": "request_list", "query": ""}, follow=True)
    assert answer.redirect_chain[0][0] == "/requests/?"
    assert "还没有设置任何条件" in answer.content.decode()


@pytest.fixture
def world(settings, steady_agency, waterworks, waterworks_user, item):
    """`steady_agency` offers the item, the searcher does not; the log is sealed."""
    settings.LOG_KEY = log.signer().secret()
    return {
        "searcher": cast.agency("寻项咨询有限公司"),
        "steady_agency": steady_agency,
        "waterworks": waterworks,
        "waterworks_user": waterworks_user,
        "item": item,
    }


def round_of_the_clock() -> None:
    seal()
    while tell_of_requests():
        pass


def notices(agency: Agency) -> list[str]:
    return [notice.text for notice in Notice.objects.filter(organisation=agency.organisation).order_by("pk")]


@pytest.fixture
def kept(world):
    agency = world["searcher"]
    round_of_the_clock()
    return save((agency.organisation, agency.user))


def test_who_saved_it_and_who_offers_the_item_hear_of_a_new_request_once(world, kept):
    made = cast.published(world["waterworks"], world["item"], world["waterworks_user"])
    round_of_the_clock()
    round_of_the_clock()
    [told] = notices(world["searcher"])
    assert told.startswith("订阅“水保、甘肃省”有新需求：灌区节水改造水土保持方案编制")
    [told] = notices(world["steady_agency"])
    assert told.startswith("符合您的服务事项水土保持方案编制")
    events = set(Notice.objects.values_list("event", "path"))
    path = reverse("request_page", args=[made.number])
    assert events == {("search.matched", path), ("request.matching", path)}
    assert Announcement.objects.get().done_at is not None


def test_two_searches_and_an_offer_tell_an_organisation_once(world, kept):
    agency = world["searcher"]
    cast.offers(world["item"], agency)
    save((agency.organisation, agency.user), "q=灌区")
    cast.published(world["waterworks"], world["item"], world["waterworks_user"])
    round_of_the_clock()
    assert len(notices(agency)) == 1


def test_a_changed_notice_tells_only_whom_it_newly_fits(world, kept):
    made = cast.published(world["waterworks"], world["item"], world["waterworks_user"])
    third = cast.agency("后来咨询有限公司")
    save((third.organisation, third.user), "ceiling=30-")
    round_of_the_clock()
    assert [len(notices(one)) for one in (world["searcher"], world["steady_agency"], third)] == [1, 1, 0]
    with transaction.atomic():
        lock_case(made.number).append("request.changed", {})
        Request.objects.filter(pk=made.pk).update(ceiling=cast.yuan("400000.00"))
    round_of_the_clock()
    assert [len(notices(one)) for one in (world["searcher"], world["steady_agency"], third)] == [1, 1, 1]


def test_a_stopped_search_a_suspended_agency_and_the_buyer_itself_hear_nothing(world, kept):
    actions.stop_search(kept)
    Agency.objects.filter(pk=world["steady_agency"].pk).update(standing=Standing.SUSPENDED)
    save((world["waterworks"], world["waterworks_user"]), "q=水保")
    cast.published(world["waterworks"], world["item"], world["waterworks_user"])
    round_of_the_clock()
    assert not Notice.objects.exists()


def test_many_who_wait_are_told_a_slice_at_a_time(world, kept, monkeypatch):
    monkeypatch.setattr(alerts, "_AGENCIES", 1)
    cast.offers(world["item"], world["searcher"])
    cast.published(world["waterworks"], world["item"], world["waterworks_user"])
    seal()
    alerts.note_published()
    assert alerts.announce()
    assert Alert.objects.count() == 1
    while alerts.announce():
        pass
    assert Alert.objects.count() == 2


def test_a_request_that_is_over_is_told_to_nobody(world, kept):
    made = cast.published(world["waterworks"], world["item"], world["waterworks_user"])
    Request.objects.filter(pk=made.pk).update(status="cancelled", enrol_until=database_now() - timedelta(1))
    round_of_the_clock()
    assert not Notice.objects.exists()
