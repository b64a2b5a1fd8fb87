"""A buyer sees how far each of its requests has come, and opens each stage on its desk (UX §2.13)."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse

import pytest

from accounts.models import Organisation, User
from agencies.models import Agency
from contracts import actions
from contracts.models import Payable
from contracts.pipeline import in_stage, stages_of
from core.clock import database_now
from marketplace.models import Request, RequestStatus, ServiceItem
from tests import cast
from tests.contracts import play


def counts(buyer: Organisation) -> dict[str, int]:
    return {stage.key: stage.count for stage in stages_of(buyer) if stage.count}


def test_a_contract_stands_under_payment_while_something_is_to_pay(awarded: str) -> None:
    buyer = Request.objects.get(number=awarded).buyer
    assert counts(buyer) == {"awarded": 1}
    play.sign(awarded)
    assert counts(buyer) == {"contract": 1}
    payable = play.due(awarded)
    assert counts(buyer) == {"payment": 1}
    payment = play.transfer(payable, "90000.00")
    assert counts(buyer) == {"payment": 1}
    actions.confirm_receipt(play.contract(awarded).agency, payment.pk, 9_000_000)
    assert counts(buyer) == {"completed": 1}


def test_each_request_is_in_one_stage_and_a_cancelled_one_in_none(
    waterworks: Organisation, waterworks_user: User, item: ServiceItem
) -> None:
    for status in RequestStatus:
        if status != RequestStatus.DRAFT:
            cast.published(waterworks, item, waterworks_user, status=status)
    assert sum(counts(waterworks).values()) == len(RequestStatus) - 2
    listed = [
        request.pk
        for stage in stages_of(waterworks)
        for request in in_stage(waterworks, stage.key) or []
        if stage.count
    ]
    assert len(listed) == len(set(listed)) == len(RequestStatus) - 2


def test_the_nearest_deadline_of_what_is_published_comes_first(
    waterworks: Organisation, waterworks_user: User, item: ServiceItem
) -> None:
    late, soon = (cast.published(waterworks, item, waterworks_user) for _ in range(2))
    Request.objects.filter(pk=soon.pk).update(enrol_until=soon.published_at)
    assert list(in_stage(waterworks, "published") or []) == [soon, late]


def test_the_nearest_date_to_pay_comes_first(
    waterworks: Organisation, waterworks_user: User, item: ServiceItem, swift_agency: Agency
) -> None:
    numbers = [play.quick_award(waterworks, waterworks_user, item, swift_agency, 100_000) for _ in range(3)]
    for number in numbers:
        play.sign(number)
    for number, wait in zip(numbers[:2], (9, 3), strict=True):
        Payable.objects.filter(pk=play.due(number).pk).update(due_at=database_now() + timedelta(days=wait))
    play.deliver(numbers[2])
    play.accept(numbers[2])
    found = [request.number for request in in_stage(waterworks, "payment") or []]
    assert found == [numbers[1], numbers[0], numbers[2]]


@pytest.mark.parametrize(
    ("status", "page"),
    [
        (RequestStatus.PUBLISHED, "request_page"),
        (RequestStatus.SELECTING, "request_page"),
        (RequestStatus.STANDSTILL, "award_page"),
        (RequestStatus.FAILED, "award_page"),
        (RequestStatus.COMPLETED, "contract_page"),
    ],
)
def test_a_stage_opens_on_the_desk_with_a_way_to_each_request(
    client: Client,
    waterworks: Organisation,
    waterworks_user: User,
    item: ServiceItem,
    status: RequestStatus,
    page: str,
) -> None:
    request = cast.published(waterworks, item, waterworks_user, status=status)
    client.force_login(waterworks_user)
    shown = client.get(reverse("desk"), {"stage": status.value}).content.decode()
    stage = shown[shown.index('data-testid="stage"') :]
    assert f'href="{reverse(page, args=[request.number])}"' in stage


def test_what_is_to_pay_leads_to_its_contract(client: Client, waterworks_user: User, payable: Payable) -> None:
    client.force_login(waterworks_user)
    shown = client.get(reverse("desk"), {"stage": "payment"}).content.decode()
    stage = shown[shown.index('data-testid="stage"') :]
    assert f'href="{reverse("contract_page", args=[play.number_of(payable)])}"' in stage


def test_a_long_stage_has_pages_and_an_unknown_one_opens_nothing(
    client: Client, waterworks: Organisation, waterworks_user: User, item: ServiceItem
) -> None:
    for _ in range(21):
        cast.published(waterworks, item, waterworks_user, status=RequestStatus.COMPLETED)
    client.force_login(waterworks_user)
    assert "?stage=completed&amp;page=2" in client.get(reverse("desk"), {"stage": "completed"}).content.decode()
    assert 'data-testid="stage"' not in client.get(reverse("desk"), {"stage": "dreams"}).content.decode()


def test_nobody_sees_anothers_requests(
    client: Client, river_officer: User, waterworks: Organisation, waterworks_user: User, item: ServiceItem
) -> None:
    mine = cast.published(waterworks, item, waterworks_user, title="供水管网勘测")
    client.force_login(river_officer)
    assert mine.title not in client.get(reverse("desk"), {"stage": "published"}).content.decode()
