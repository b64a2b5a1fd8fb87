"""Operators keep the platform by a program, too; and a colleague whom a program invites is mailed the link."""

from django.core import mail

import pytest

from accounts.models import Organisation, User
from agencies.models import Agency
from bidding.models import Expert
from core.search.models import Synonym
from draws.models import Trustee
from marketplace.models import ServiceItem
from tests import cast
from tests.api.calls import Program, program_of

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P12.1")]
READS = ["organisations", "items", "synonyms", "experts", "trustees"]


@pytest.fixture
def operator(waterworks: Organisation) -> Program:
    return program_of(cast.person("operator@platform.example", waterworks, is_staff=True))


def test_a_place_is_given_and_given_again(
    operator: Program, waterworks: Organisation, django_capture_on_commit_callbacks: object
) -> None:
    said = {"kind": "department", "name": "岷县水务局", "uscc": cast.next_uscc(), "region": waterworks.region_id}
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        made = operator.post("operate/organisations/", {**said, "field": "水利", "email": "office@minxian.example"})
    assert (made.status, made["email"]) == (201, "office@minxian.example")
    assert made["token"] in mail.outbox[0].body
    assert operator.post("operate/organisations/", {**said, "email": "b@minxian.example"}).status == 409
    assert not operator.get("operate/organisations/")["results"][0]["taken_up"]
    again = operator.post(f"operate/organisations/{said['uscc']}/invite/")
    assert again["token"] != made["token"]
    assert operator.post(f"operate/organisations/{waterworks.uscc}/invite/").status == 404


def test_an_owner_invites_a_colleague_who_is_mailed(
    waterworks_user: User, django_capture_on_commit_callbacks: object
) -> None:
    program = program_of(waterworks_user)
    said = {"email": "new@waterworks.example", "role": "member"}
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        made = program.post("me/members/", said, Idempotency_Key="one")
    assert [one.to for one in mail.outbox] == [["new@waterworks.example"]]
    assert made["token"] in mail.outbox[0].body
    assert program.post("me/members/", said, Idempotency_Key="one")["token"] is None


def test_synonyms_and_items_are_kept_and_refused_as_on_their_pages(operator: Program, item: ServiceItem) -> None:
    made = operator.post("operate/synonyms/", {"short": "灌改", "long": "灌区改造"})
    assert made.status == 201
    assert operator.post("operate/synonyms/", {"short": "灌改", "long": "灌区改造"})["code"] == "E_SYNONYM_KNOWN"
    assert operator.post("operate/synonyms/", {"short": "，", "long": "灌区改造"})["code"] == "E_SYNONYM_EMPTY"
    assert operator.delete(f"operate/synonyms/{made['id']}/").status == 200
    assert not Synonym.objects.filter(pk=made["id"]).exists()
    said = {"legal_basis_zh": item.legal_basis_zh, "time_limit_workdays": 15, "fee_standard_zh": "市场调节价"}
    emptied = operator.put(f"operate/items/{item.pk}/", said)
    assert (emptied.status, emptied["code"]) == (409, "E_ITEM_INCOMPLETE")
    blocks = {"workflow_zh": "受理\n编制", "conditions_zh": "依法设立", "materials_zh": "申请表"}
    revised = operator.put(f"operate/items/{item.pk}/", {**said, **blocks})
    assert (revised["workflow"], revised["missing"]) == (["受理", "编制"], [])
    assert operator.post(f"operate/items/{item.pk}/publish/")["status"] == "published"


def test_experts_and_trustees_are_named_and_retired(operator: Program, waterworks_user: User) -> None:
    said = {"email": waterworks_user.email}
    for path, kept in (("operate/experts/", Expert), ("operate/trustees/", Trustee)):
        assert list(operator.post(path, {"email": "nobody@example.cn"})["errors"]) == ["email"]
        made = operator.post(path, said)
        assert made.status == 201, made.json
        assert [one["id"] for one in operator.get(path)["results"]] == [made["id"]]
        assert operator.delete(f"{path}{made['id']}/").status == 200
        assert kept.objects.get(pk=made["id"]).retired_at  # type: ignore[attr-defined]
        assert operator.delete(f"{path}{made['id']}/").status == 404


@pytest.mark.parametrize("what", READS)
def test_others_find_nothing_there(what: str, waterworks_user: User, swift_agency: Agency, regulator: User) -> None:
    for user in (waterworks_user, swift_agency.user, regulator):  # type: ignore[attr-defined]
        assert program_of(user).get(f"operate/{what}/").status == 404
    assert Program().get(f"operate/{what}/").status == 401
    assert program_of(waterworks_user).post("operate/synonyms/", {"short": "灌改", "long": "灌区改造"}).status == 404
