"""A buyer that chooses directly compares agencies while it writes, and publishes the comparison with its reason."""

import hashlib
from urllib.parse import parse_qs, urlsplit

from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

import pytest

from accounts.models import Organisation, User
from agencies.models import Agency
from contracts.rules.plan import PersonalInPublicText
from journal.queries import entries_of
from marketplace import actions
from marketplace.forms import agency_label
from marketplace.models import Method, Request, ServiceItem
from ratings.models import Choice
from ratings.rules.comparison import ChosenNotCompared
from tests import cast
from tests.marketplace.drafts import draft
from tests.marketplace.test_doors import NEW, sent

pytestmark = pytest.mark.django_db
WHY = "已完成前期勘察，熟悉场地条件"


@pytest.fixture
def form(waterworks: Organisation, item: ServiceItem, swift_agency: Agency) -> dict[str, str]:
    """A complete form that chooses the swift agency."""
    named = {"direct_agency": agency_label(swift_agency), "direct_price": "86000.00", "direct_reason": WHY}
    return sent(waterworks, item, method="direct", **named)


@pytest.fixture
def buyer(waterworks_user: User) -> Client:
    client = Client()
    client.force_login(waterworks_user)
    return client


@pytest.fixture
def two(swift_agency: Agency, steady_agency: Agency) -> list[Agency]:
    return [swift_agency, steady_agency]


def codes(agencies: list[Agency]) -> list[str]:
    return [one.uscc for one in agencies]


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.page
def test_the_form_leads_to_the_comparison_and_back_without_losing_a_word(
    buyer: Client, form: dict[str, str], item: ServiceItem, two: list[Agency]
) -> None:
    unfinished = {**form, "title": "只写了一半的", "scope": "", "ceiling": "九万", "compare": "1"}
    there = buyer.post(NEW, unfinished)["Location"]
    assert parse_qs(urlsplit(there).query) == {
        "form": ["new"],
        "item": [item.code],
        "at": [form["region"]],
        "a": [two[0].uscc],
    }
    assert not Request.objects.exists()
    shown = text(buyer, there)
    assert f'<option value="{item.code}" selected>' in shown
    assert 'name="form" value="new"' in shown
    assert 'data-testid="choose"' not in shown  # one alone
    answer = buyer.get(f"{there}&a={two[1].uscc}")
    ways = {agency.uscc: address for agency, address in answer.context["choices"]}
    back = buyer.get(ways[two[1].uscc])
    assert back.context["form"]["title"].value() == "只写了一半的"
    assert back.context["form"]["ceiling"].value() == "九万"
    assert back.context["form"]["direct_agency"].value() == agency_label(two[1])
    assert back.context["compared"] == two
    assert not back.context["form"].errors


@pytest.mark.page
def test_the_enter_key_keeps_the_draft_and_does_not_lead_away(buyer: Client) -> None:
    form = text(buyer, NEW).partition('id="request-form"')[2]
    first = form[form.index('<button type="submit"') :].partition("</button>")[0]
    assert first.endswith("保存草稿")
    assert "name=" not in first


@pytest.mark.page
def test_the_directory_carries_the_comparison_for_the_form(
    buyer: Client, form: dict[str, str], item: ServiceItem, two: list[Agency]
) -> None:
    there = buyer.post(NEW, {**form, "compare": "1"})["Location"]
    directory = text(buyer, buyer.get(there).context["directory"])
    bar = directory[directory.index('id="compare-form"') :].partition("</form>")[0]
    for name, value in (("form", "new"), ("item", item.code), ("at", form["region"]), ("a", two[0].uscc)):
        assert f'name="{name}" value="{value}"' in bar


@pytest.mark.page
def test_a_draft_waits_under_its_own_address_and_nobody_elses_is_opened(
    buyer: Client, form: dict[str, str], two: list[Agency], river_officer: User
) -> None:
    buyer.post(NEW, form)
    kept = Request.objects.get()
    there = buyer.post(reverse("request_edit", args=[kept.pk]), {**form, "title": "改过的", "compare": "1"})["Location"]
    back = buyer.get(f"{there}&a={two[1].uscc}").context["back"]
    assert back.startswith(reverse("request_edit", args=[kept.pk]))
    assert buyer.get(back).context["form"]["title"].value() == "改过的"
    assert Request.objects.get().title == form["title"]
    other = Client()
    other.force_login(river_officer)
    assert other.get(back).status_code == 404


@pytest.mark.page
def test_what_was_kept_as_a_draft_is_not_typed_over_by_what_waited(
    buyer: Client, form: dict[str, str], two: list[Agency]
) -> None:
    buyer.post(NEW, {**form, "title": "先写的", "compare": "1"})
    buyer.post(NEW, {**form, "compared": codes(two)})
    assert buyer.get(f"{NEW}?back=1").context["form"]["title"].value() is None


@pytest.mark.page
def test_it_is_frozen_into_the_file_when_the_request_is_published(
    buyer: Client, form: dict[str, str], two: list[Agency]
) -> None:
    answer = buyer.post(NEW, {**form, "compared": codes(two), "preview": "1"})
    assert two[1].organisation.name in text(buyer, answer["Location"])
    kept = Request.objects.get()
    number = buyer.post(reverse("request_publish", args=[kept.pk]))["Location"].split("/")[2]
    kinds = [entry.kind for entry in entries_of(number)]
    assert kinds[:2] == ["request.published", "choice.recorded"]
    choice = Choice.objects.get(request__number=number)
    assert (choice.reason, choice.chosen) == (WHY, two[0])
    entry = entries_of(number).get(kind="choice.recorded")
    assert [one["uscc"] for one in entry.data["compared"]] == codes(two)
    assert hashlib.sha256(bytes(choice.body)).hexdigest() == entry.data["comparison"]
    assert "查看当时的机构比较" in text(Client(), reverse("request_page", args=[number]))


@pytest.mark.page
def test_nothing_is_frozen_where_nothing_was_compared(buyer: Client, form: dict[str, str], two: list[Agency]) -> None:
    buyer.post(NEW, {**form, "preview": "1"})
    buyer.post(reverse("request_publish", args=[Request.objects.get().pk]))
    assert Request.objects.get().status == "published"
    assert not Choice.objects.exists()


@pytest.mark.page
@pytest.mark.parametrize(
    ("given", "why"),
    [
        (["swift"], "比较需要 2 至 4 家机构，现有 1 家"),
        (["swift", "91620000MA000000XX"], "没有统一社会信用代码为 91620000MA000000XX 的机构"),
        (["steady", "third"], "比较中没有选定的机构"),
    ],
)
def test_a_comparison_that_proves_nothing_is_asked_again(
    buyer: Client, form: dict[str, str], two: list[Agency], given: list[str], why: str
) -> None:
    named = {"swift": two[0].uscc, "steady": two[1].uscc, "third": cast.agency("第三咨询有限公司").uscc}
    answer = buyer.post(NEW, {**form, "compared": [named.get(one, one) for one in given]})
    assert (answer.status_code, why in answer.content.decode()) == (400, True)


def test_where_competition_decides_nothing_is_compared(
    waterworks_user: User, waterworks: Organisation, item: ServiceItem, two: list[Agency]
) -> None:
    kept = draft(waterworks_user, waterworks, item, method=Method.LIVE, compared=codes(two))
    assert kept.compared == []
    with pytest.raises(IntegrityError, match="none_or_two_to_four_are_compared"), transaction.atomic():
        Request.objects.filter(pk=kept.pk).update(compared=codes(two))


@pytest.mark.parametrize(
    ("chosen", "reason", "refusal"), [(2, WHY, ChosenNotCompared), (0, "联系 13800138000", PersonalInPublicText)]
)
def test_a_comparison_that_cannot_be_frozen_stops_the_publication(
    waterworks_user: User,
    waterworks: Organisation,
    item: ServiceItem,
    two: list[Agency],
    chosen: int,
    reason: str,
    refusal: type[Exception],
) -> None:
    agencies = [*two, cast.agency("第三咨询有限公司")]
    named = {"direct_agency": agencies[chosen], "direct_price": cast.yuan("86000.00"), "direct_reason": reason}
    kept = draft(waterworks_user, waterworks, item, method=Method.DIRECT, compared=codes(two), **named)
    with pytest.raises(refusal):
        actions.publish(waterworks_user, waterworks, kept.pk)
    assert Request.objects.get().status == "draft"
    assert not Choice.objects.exists()
