"""Tenders of other systems: what a file becomes, what is refused and why, and that nothing is kept before it is confirmed."""

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.clock import database_now
from core.errors import Refused
from marketplace.models import Request, RequestStatus
from opendata import queries
from opendata.actions.importing import import_tenders
from opendata.models import ImportedTender
from opendata.rules.import_refusals import ImportTooLarge, ImportTooMany, ImportUnreadable, NotOcds
from opendata.rules.importing import LIMIT, MOST, Catalogue, proposal_of, tenders
from tests import cast

KNOWN = Catalogue({"GS-01": "水土保持方案编制"}, {"620100": "兰州市"})
TENDER: dict[str, Any] = {
    "id": "1",
    "title": "灌区节水改造水土保持方案编制",
    "description": "按现行规范编制水土保持方案，配合审查并修改完善。",
    "items": [{"id": "1", "description": "水土保持方案编制", "deliveryAddress": {"region": "兰州市"}}],
    "value": {"amount": 90000.5, "currency": "CNY"},
    "contractPeriod": {"durationInDays": 28},
    "procurementMethod": "open",
}


def release(**changes: Any) -> dict[str, Any]:
    said = {"ocid": "ocds-abc123-1", "id": "1", "date": "2026-11-01T00:00:00Z", "tag": ["tender"], "tender": TENDER}
    return {**said, **changes}


def as_bytes(*said: object) -> bytes:
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in said).encode()


def test_a_foreign_tender_becomes_what_the_form_asks_for() -> None:
    one = proposal_of(release(), KNOWN)
    assert one.values == {
        "title": "灌区节水改造水土保持方案编制",
        "item": "GS-01",
        "region": "620100",
        "scope": "按现行规范编制水土保持方案，配合审查并修改完善。",
        "deliverables": "水土保持方案编制",
        "term_workdays": 20,
        "ceiling": 9_000_050,
        "method": "live",
        "public_funds": False,
    }
    assert one.missing == ()
    assert one.notes == ("method_chosen",)
    assert one.sources["ceiling"] == "tender.value"


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"title": "  "}, "title"),
        ({"value": {"amount": 5, "currency": "USD"}}, "ceiling"),
        ({"value": {"amount": 0, "currency": "CNY"}}, "ceiling"),
        ({"value": {"amount": -5, "currency": "CNY"}}, "ceiling"),
        ({"value": {"amount": 1.005, "currency": "CNY"}}, "ceiling"),
        ({"contractPeriod": {"durationInDays": 0}}, "term_workdays"),
        ({"items": [{"id": "1", "description": "无人机航拍"}]}, "item"),
        ({"description": None}, "scope"),
    ],
)
def test_what_a_file_leaves_out_is_missing(changes: dict[str, Any], missing: str) -> None:
    assert missing in proposal_of(release(tender={**TENDER, **changes}), KNOWN).missing


@pytest.mark.parametrize(
    ("changes", "method"),
    [
        ({"awardCriteria": "ratedCriteria"}, "merit"),
        ({"procurementMethod": "selective"}, "credit_draw"),
        ({"procurementMethod": "direct"}, "live"),
        ({"method": "draw"}, "draw"),
        ({"method": "direct"}, "live"),
    ],
)
def test_the_method_is_its_own_or_the_nearest_and_never_direct(changes: dict[str, Any], method: str) -> None:
    assert proposal_of(release(tender={**TENDER, **changes}), KNOWN).values["method"] == method


def test_conditions_of_another_platform_stand_where_the_policy_check_reads_them() -> None:
    one = proposal_of(release(tender={**TENDER, "eligibilityCriteria": "仅限本市企业"}), KNOWN)
    assert "仅限本市企业" in one.values["scope"]
    assert "cited_law" not in one.values


def test_texts_that_are_too_long_are_cut_and_it_is_said() -> None:
    one = proposal_of(release(tender={**TENDER, "title": "长" * 500}), KNOWN)
    assert len(one.values["title"]) == 120
    assert "title_shortened" in one.notes


@pytest.mark.parametrize(
    "said",
    [
        as_bytes({"releases": [release()]}),
        as_bytes({"records": [{"ocid": "ocds-abc123-1", "compiledRelease": release()}]}),
        as_bytes({"records": [{"ocid": "ocds-abc123-1", "releases": [release()]}]}),
        as_bytes(release()),
        as_bytes(release(), release(ocid="ocds-abc123-2"), {"ocid": "no tender"}),
        b"\xef\xbb\xbf" + as_bytes(release()),
    ],
)
def test_every_wrapping_of_ocds_is_read(said: bytes) -> None:
    assert tenders(said)[0]["tender"]["title"] == TENDER["title"]


def test_releases_of_one_process_are_merged_by_their_dates() -> None:
    later = release(id="2", date="2026-11-03T00:00:00Z", tender={"id": "1", "title": "新名称"})
    [one] = tenders(as_bytes({"releases": [later, release()]}))
    assert (one["tender"]["title"], one["tender"]["description"]) == ("新名称", TENDER["description"])


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", ImportUnreadable),
        (b"{", ImportUnreadable),
        (b"\xff\xfe\x00", ImportUnreadable),
        (b"PK\x03\x04", ImportUnreadable),
        (as_bytes(release()) + b"\n{broken", ImportUnreadable),
        (b"[" * 100_000, ImportUnreadable),
        (b"[]", NotOcds),
        (b"null", NotOcds),
        (b'{"releases": []}', NotOcds),
        (b'{"releases": [{"ocid": "x", "tender": []}]}', NotOcds),
        (as_bytes({"tender": TENDER}), NotOcds),
        (b" " * (LIMIT + 1), ImportTooLarge),
        (as_bytes(*[release(ocid=f"x-{n}") for n in range(MOST + 1)]), ImportTooMany),
    ],
)
def test_what_is_no_file_of_tenders_is_refused(content: bytes, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        tenders(content)


def test_the_line_that_is_wrong_is_named() -> None:
    with pytest.raises(ImportUnreadable) as refused:
        tenders(as_bytes(release()) + b"\n\n{broken")
    assert refused.value.facts["line"] == 3


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "ocid",
                    "tender",
                    "releases",
                    "records",
                    "compiledRelease",
                    "items",
                    "value",
                    "planning",
                    "date",
                    "method",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)


@given(_JSON)
@settings(deadline=None)
def test_no_file_does_worse_than_being_refused(said: object) -> None:
    try:
        found = tenders(as_bytes({"releases": [said]}))
    except Refused:
        return
    for one in found:
        proposal_of(one, KNOWN)


def values(item: Any, **changes: Any) -> dict[str, Any]:
    one = proposal_of(release(), KNOWN).values
    return {**one, "item": item.code, **changes}


@pytest.mark.django_db
def test_what_is_confirmed_becomes_a_draft_of_the_buyer_and_of_nobody_else(waterworks, waterworks_user, item):
    [made] = import_tenders(waterworks_user, waterworks, [("ocds-abc123-1", values(item))])
    assert (made.status, made.buyer, made.number) == (RequestStatus.DRAFT, waterworks, None)
    assert (made.ceiling, made.term_workdays, made.payer) == (9_000_050, 20, waterworks)


@pytest.mark.django_db
def test_a_tender_is_imported_once_and_again_when_its_draft_is_gone(waterworks, waterworks_user, item):
    chosen = [("ocds-abc123-1", values(item))]
    [made] = import_tenders(waterworks_user, waterworks, chosen)
    assert import_tenders(waterworks_user, waterworks, chosen) == []
    made.delete()
    assert len(import_tenders(waterworks_user, waterworks, chosen)) == 1


@pytest.mark.django_db
def test_the_database_refuses_the_same_tender_twice(waterworks, waterworks_user, item):
    [made] = import_tenders(waterworks_user, waterworks, [("ocds-abc123-1", values(item))])
    other = cast.published(waterworks, item, waterworks_user)
    assert made.imported_tender.ocid == "ocds-abc123-1"
    with pytest.raises(IntegrityError, match="tender_imported_once_per_buyer"), transaction.atomic():
        ImportedTender.objects.create(buyer=waterworks, ocid="ocds-abc123-1", request=other, at=database_now())


@pytest.fixture
def buyer(client: Client, waterworks_user) -> Client:
    client.force_login(waterworks_user)
    return client


def upload(client: Client, content: bytes, name: str = "tenders.json") -> Any:
    return client.post("/desk/import/", {"file": SimpleUploadedFile(name, content)})


@pytest.mark.page
@pytest.mark.django_db
def test_the_dry_run_shows_everything_and_keeps_nothing(buyer, item):
    foreign = release(tender={**TENDER, "description": "要求在本市设有分支机构的企业参加。"})
    answer = upload(buyer, as_bytes(foreign))
    page = answer.content.decode()
    assert answer.status_code == 200
    for said in ("灌区节水改造水土保持方案编制", "tender.value", "¥90,000.50", "P20.3"):
        assert said in page
    assert Request.objects.count() == 0


@pytest.mark.page
@pytest.mark.django_db
def test_confirmed_it_is_on_the_desk_and_a_second_upload_says_so(buyer, item):
    answer = upload(buyer, as_bytes(release()))
    sealed = answer.context["sealed"]
    nothing = buyer.post("/desk/import/confirm/", {"sealed": sealed})
    assert (nothing.status_code, Request.objects.count()) == (422, 0)
    buyer.post("/desk/import/confirm/", {"sealed": sealed, "take": "0", "item-0": item.code})
    assert Request.objects.get().status == RequestStatus.DRAFT
    again = upload(buyer, as_bytes(release())).content.decode()
    assert "此前已有这项采购" in again


@pytest.mark.page
@pytest.mark.django_db
def test_what_was_changed_on_the_way_or_shown_to_another_is_refused(buyer, river_officer, item):
    sealed = upload(buyer, as_bytes(release())).context["sealed"]
    for changed in (sealed[:-3] + "abc", "", "x"):
        assert buyer.post("/desk/import/confirm/", {"sealed": changed, "take": "0"}).status_code == 422
    other = Client()
    other.force_login(river_officer)
    given = {"sealed": sealed, "take": "0", "item-0": item.code}
    assert other.post("/desk/import/confirm/", given).status_code == 422
    assert Request.objects.count() == 0


@pytest.mark.page
@pytest.mark.django_db
def test_a_bad_file_is_told_what_is_wrong(buyer):
    answer = upload(buyer, b"{")
    assert answer.status_code == 422
    assert "第 1 行不是有效的 JSON" in answer.content.decode()
    assert buyer.post("/desk/import/", {}).status_code == 422


@pytest.mark.page
@pytest.mark.django_db
def test_only_buyers_import(client, swift_agency, regulator):
    assert client.get("/desk/import/").status_code == 302
    for user in (swift_agency.user, regulator):
        client.force_login(user)
        assert client.get("/desk/import/").status_code == 404


@pytest.mark.page
@pytest.mark.django_db
def test_the_platforms_own_file_is_known_to_be_its_own(buyer, published_request):
    package = json.dumps(queries.record_of_request(published_request), ensure_ascii=False).encode()
    page = upload(buyer, package).content.decode()
    assert published_request.number in page
    assert "此前已有这项采购" in page
