"""Delivery, acceptance, return, silence and more time (R9)."""

from datetime import timedelta

import pytest

from accounts.models import Organisation, User
from agencies.models import Agency
from contracts import actions
from contracts.clockwork import do_due_duties
from contracts.models import Delivery, DeliveryStatus, Extension, Milestone, MilestoneStatus, Payable
from contracts.rules.delivery import (
    AcceptedAmount,
    BuyerStillHasTime,
    ConfidentialWithoutReason,
    ExtensionStep,
    MilestoneStep,
    NothingDelivered,
    OpinionMissing,
)
from contracts.rules.plan import PersonalInPublicText
from contracts.rules.signing import NotAParty
from core.clock import database_now
from core.files import FileNotReadable, in_public
from tests import cast
from tests.contracts import play


def milestone(number: str, n: int = 1) -> Milestone:
    return play.contract(number).milestones.get(n=n)


def let_time_pass(number: str) -> int:
    """What the delivery waits for is over: the clock does what follows."""
    Delivery.objects.filter(due_at__isnull=False).update(due_at=database_now())
    return do_due_duties()


def test_files_stand_in_the_case_file_by_hash_and_versions_are_counted(number: str) -> None:
    play.deliver(number)
    play.accept(number, verdict=DeliveryStatus.RETURNED, reason="quality", opinion="缺少现场照片")
    play.deliver(number)
    first, second = play.said(number, "delivery.made")
    assert (first["version"], second["version"]) == (1, 2)
    stored = Delivery.objects.get(version=2).files.get().file
    assert second["files"] == [
        {
            "name": stored and Delivery.objects.get(version=2).files.get().name,
            "sha256": stored.sha256,
            "size": stored.size,
        }
    ]


def test_a_confidential_file_shows_its_hash_and_why_and_is_not_downloadable(number: str) -> None:
    agency = play.contract(number).agency
    open_one, secret = play.upload("公开.pdf"), play.upload("图纸.pdf", confidential=True, because="涉及商业秘密")
    actions.deliver(play.user_of(agency), agency, number, 1, [open_one, secret])
    shown, hidden = play.said(number, "delivery.made")[0]["files"]
    assert hidden["confidential"] == "涉及商业秘密"
    assert "name" not in hidden
    assert in_public(shown["sha256"]) is not None
    assert in_public(hidden["sha256"]) is None


def test_refused_deliveries_leave_nothing(number: str) -> None:
    agency, buyer = play.contract(number).agency, play.contract(number).buyer
    user = play.user_of(agency)
    with pytest.raises(NothingDelivered):
        actions.deliver(user, agency, number, 1, [])
    with pytest.raises(ConfidentialWithoutReason):
        actions.deliver(user, agency, number, 1, [play.upload(confidential=True)])
    with pytest.raises(FileNotReadable):
        actions.deliver(user, agency, number, 1, [play.upload("a.pdf", b"MZ not a document")])
    with pytest.raises(PersonalInPublicText):
        actions.deliver(user, agency, number, 1, [play.upload("张三13893112233.pdf")])
    with pytest.raises(PersonalInPublicText):
        actions.deliver(user, agency, number, 1, [play.upload(confidential=True, because="问 138 9311 2233")])
    with pytest.raises(NotAParty):
        actions.deliver(play.user_of(buyer), buyer, number, 1, [play.upload()])
    with pytest.raises(MilestoneStep):
        actions.deliver(user, agency, number, 9, [play.upload()])
    assert not Delivery.objects.exists()


def test_acceptance_makes_the_amount_payable_with_a_code(number: str) -> None:
    play.deliver(number)
    play.accept(number)
    payable = Payable.objects.get()
    assert (payable.amount, payable.due_at) == (cast.yuan("90000.00"), None)
    assert play.sums(number) == {"agreed": -9_000_000, "due": 9_000_000}
    assert milestone(number).status == MilestoneStatus.ACCEPTED


def test_a_part_can_be_accepted_and_the_rest_later(number: str) -> None:
    play.deliver(number)
    with pytest.raises(AcceptedAmount):
        play.accept(number, verdict=DeliveryStatus.PARTLY, amount=9_000_000, reason="incomplete", opinion="缺附图")
    with pytest.raises(OpinionMissing):
        play.accept(number, verdict=DeliveryStatus.PARTLY, amount=5_000_000)
    play.accept(number, verdict=DeliveryStatus.PARTLY, amount=5_000_000, reason="incomplete", opinion="缺附图")
    assert milestone(number).status == MilestoneStatus.OPEN
    play.deliver(number)
    play.accept(number)
    assert [p.amount for p in Payable.objects.all()] == [5_000_000, 4_000_000]
    assert play.sums(number) == {"agreed": -9_000_000, "due": 9_000_000}


def test_what_is_decided_is_decided(number: str) -> None:
    play.deliver(number)
    play.accept(number)
    with pytest.raises(MilestoneStep):
        play.accept(number)


def test_silence_is_reminded_then_goes_to_the_regulator_and_is_never_praise(
    number: str, regulator: User, swift_agency: Agency
) -> None:
    play.deliver(number)
    body = regulator.memberships.get().organisation
    with pytest.raises(BuyerStillHasTime):
        actions.decide(regulator, body, number, 1, DeliveryStatus.ACCEPTED)
    assert let_time_pass(number) == 1
    assert play.kinds(number)[-1] == "acceptance.reminded"
    with pytest.raises(BuyerStillHasTime):
        actions.decide(regulator, body, number, 1, DeliveryStatus.ACCEPTED)
    assert let_time_pass(number) == 1
    assert play.kinds(number)[-1] == "acceptance.escalated"
    assert do_due_duties() == 0
    assert Delivery.objects.get().status == DeliveryStatus.WAITING
    decided = actions.decide(regulator, body, number, 1, DeliveryStatus.ACCEPTED, opinion="成果符合约定")
    assert play.said(number, "acceptance.decided")[0]["by"] == "regulator"
    assert decided.accepted == 9_000_000


def test_a_buyer_that_wakes_up_may_still_decide_before_the_regulator(number: str) -> None:
    play.deliver(number)
    let_time_pass(number)
    let_time_pass(number)
    play.accept(number)
    assert milestone(number).status == MilestoneStatus.ACCEPTED


def test_more_time_moves_the_date_by_working_days(number: str, waterworks: Organisation) -> None:
    agency = play.contract(number).agency
    before = milestone(number).due_at
    actions.ask_for_time(agency, number, 1, 5, "汛期无法进场踏勘")
    with pytest.raises(ExtensionStep):
        actions.ask_for_time(agency, number, 1, 5, "再次申请")
    actions.answer_extension(waterworks, number, 1, "", granted=True)
    assert milestone(number).due_at >= before + timedelta(days=5)
    assert play.said(number, "extension.answered")[0]["granted"] is True
    with pytest.raises(ExtensionStep):
        actions.answer_extension(waterworks, number, 1, "", granted=True)


def test_the_regulator_answers_for_more_time_only_after_silence(number: str, regulator: User) -> None:
    agency, body = play.contract(number).agency, regulator.memberships.get().organisation
    actions.ask_for_time(agency, number, 1, 5, "汛期无法进场踏勘")
    with pytest.raises(BuyerStillHasTime):
        actions.answer_extension(body, number, 1, "", granted=True)
    Extension.objects.update(answer_due_at=database_now())
    with pytest.raises(OpinionMissing):
        actions.answer_extension(body, number, 1, "", granted=False)
    actions.answer_extension(body, number, 1, "理由成立", granted=True)
    assert play.said(number, "extension.answered")[0]["by"] == "regulator"


def test_a_late_delivery_is_marked_so(number: str) -> None:
    Milestone.objects.update(due_at=database_now() - timedelta(days=1))
    play.deliver(number)
    assert play.said(number, "delivery.made")[0]["late"] is True
