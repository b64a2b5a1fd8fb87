"""Owners and licensed professionals are public, and shared ones link registrations: registering again sheds no history (R2)."""

from django.test import Client
from django.urls import reverse

import pytest

from agencies import insiders
from agencies.models import Agency, Insider, InsiderKind
from agencies.queries import timeline
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P22.4")]

OWNER, STAFF = InsiderKind.OWNER, InsiderKind.STAFF


@pytest.fixture
def other(db: None) -> Agency:
    return cast.agency("另起炉灶咨询有限公司")


def declare(agency: Agency, kind: InsiderKind, name: str, number: str = "", share: int | None = None) -> Insider:
    return insiders.declare_insider(agency.user, agency, kind, name, number, share)  # type: ignore[attr-defined]


def reasons(agency: Agency) -> dict[str, list[str]]:
    return {one.agency.uscc: [str(reason) for reason in one.reasons] for one in insiders.linked_to(agency)}


def test_an_owner_or_professional_elsewhere_links_the_two_both_ways(swift_agency: Agency, other: Agency) -> None:
    declare(swift_agency, OWNER, "陇原投资有限公司", "91620100MA0000001X", 60)
    declare(other, OWNER, "陇原投资（集团）", "91620100ma0000001x", 30)
    declare(swift_agency, STAFF, "李工", "环评工程师 0001")
    declare(other, STAFF, "李工", "环评工程师 0001")
    assert reasons(swift_agency) == {other.uscc: ["同一股东", "同一持证人员"]}
    assert reasons(other) == {swift_agency.uscc: ["同一股东", "同一持证人员"]}


def test_persons_of_one_name_are_called_so_and_others_are_not_linked(
    swift_agency: Agency, other: Agency, steady_agency: Agency
) -> None:
    declare(swift_agency, OWNER, "王某", share=100)
    declare(other, OWNER, "王某", share=25)
    declare(steady_agency, STAFF, "王某", "监理 7")
    assert reasons(swift_agency) == {other.uscc: ["股东同名"]}
    assert reasons(steady_agency) == {}


def test_who_left_still_links(swift_agency: Agency, other: Agency) -> None:
    left = declare(swift_agency, STAFF, "李工", "环评工程师 0001")
    declare(other, STAFF, "李工", "环评工程师 0001")
    insiders.end_insider(swift_agency.user, left)  # type: ignore[attr-defined]
    insiders.end_insider(swift_agency.user, left)  # type: ignore[attr-defined]
    assert reasons(other) == {swift_agency.uscc: ["同一持证人员"]}
    assert [event.kind for event in timeline(swift_agency)].count("insider.ended") == 1


@pytest.mark.parametrize(
    ("kind", "number", "share"), [(OWNER, "", None), (OWNER, "", 24), (OWNER, "", 101), (STAFF, "", None)]
)
def test_what_does_not_link_is_refused(swift_agency: Agency, kind: InsiderKind, number: str, share: int | None) -> None:
    with pytest.raises(insiders.InsiderIncomplete):
        declare(swift_agency, kind, "王某", number, share)
    assert not Insider.objects.exists()


def test_the_same_one_is_declared_once(swift_agency: Agency) -> None:
    declare(swift_agency, STAFF, "李工", "环评工程师 0001")
    with pytest.raises(insiders.InsiderKnown, match="李工"):
        declare(swift_agency, STAFF, "李工", "环评工程师 0001")


def test_the_case_file_names_nobody(swift_agency: Agency) -> None:
    from journal.queries import entries_of

    declare(swift_agency, OWNER, "王某", share=51)
    bodies = b"".join(bytes(one.body) for one in entries_of(swift_agency.case.name))
    assert "王某".encode() not in bodies
    assert b'"share":51' in bodies


def test_it_is_declared_on_the_desk_and_shown_to_everybody(swift_agency: Agency, other: Agency) -> None:
    client = Client()
    client.force_login(swift_agency.user)  # type: ignore[attr-defined]
    refused = client.post(reverse("desk_insider_new"), {"kind": "staff", "name": "李工"})
    assert "专业人员须填写证书编号" in refused.content.decode()
    client.post(reverse("desk_insider_new"), {"kind": "staff", "name": "李工", "number": "环评工程师 0001"})
    declare(other, STAFF, "李工", "环评工程师 0001")
    page = Client().get(reverse("agency_page", args=[swift_agency.uscc])).content.decode()
    assert "环评工程师 0001" in page
    assert other.organisation.name in page
    assert "同一持证人员" in page
    insider = Insider.objects.get(agency=swift_agency)
    assert client.post(reverse("desk_insider_end", args=[insider.pk])).status_code == 302
    other_client = Client()
    other_client.force_login(other.user)  # type: ignore[attr-defined]
    assert other_client.post(reverse("desk_insider_end", args=[insider.pk])).status_code == 404
