"""Changes need both sides; large ones are published with their reason (R9)."""

import pytest

from contracts import actions
from contracts.models import Contract, ContractStatus, MilestoneStatus, Side, VersionStatus
from contracts.rules.plan import AcceptedStays, PersonalInPublicText, Stage
from contracts.rules.signing import ContractStep, NotAParty, ReasonMissing, is_published
from contracts.rulesets import contract_rules
from marketplace.models import Request, RequestStatus
from tests import cast
from tests.contracts import play


@pytest.fixture
def two(awarded: str) -> str:
    """Signed with 30,000.00 and 60,000.00 yuan."""
    play.signed_in(awarded, ("初稿", "30000.00", 10), ("报告书", "60000.00", 20))
    return awarded


def change(number: str, *parts: tuple[str, str, int], side: str = "buyer", reason: str = "勘察范围调整") -> None:
    one = play.contract(number)
    party = getattr(one, side)
    actions.propose_change(play.user_of(party), party, number, play.stages(*parts), reason)


def agree(number: str, side: str = "agency") -> Contract:
    one = play.contract(number)
    party = getattr(one, side)
    version = one.versions.get(status=VersionStatus.OPEN)
    actions.confirm(play.user_of(party), party, number, version.sha256)
    return play.contract(number)


def test_nothing_changes_until_the_other_side_agrees(two: str) -> None:
    change(two, ("初稿", "30000.00", 10), ("报告书", "55000.00", 20))
    assert play.contract(two).price == cast.yuan("90000.00")
    assert agree(two).price == cast.yuan("85000.00")
    assert play.sums(two) == {"agreed": -8_500_000, "undue": 8_500_000}


def test_a_small_change_is_filed_and_a_large_one_published_with_its_reason(two: str) -> None:
    change(two, ("初稿", "30000.00", 10), ("报告书", "59000.00", 20))
    agree(two)
    change(two, ("初稿", "30000.00", 10), ("报告书", "75000.00", 20), reason="新增两处取土场")
    agree(two)
    small, large = play.said(two, "contract.changed")
    assert (small["published"], "reason" in small) == (False, False)
    assert (large["published"], large["reason"], large["price_before"]) == (True, "新增两处取土场", "89000.00")


@pytest.mark.parametrize(
    ("earlier", "price", "time_wd", "published"),
    [
        (0, (100, 110), (20, 20), False),
        (0, (100, 111), (20, 20), True),
        (0, (100, 89), (20, 20), True),
        (0, (100, 100), (20, 22), False),
        (0, (100, 100), (20, 23), True),
        (1, (100, 100), (20, 20), False),
        (2, (100, 100), (20, 20), True),
    ],
)
def test_what_is_published(earlier: int, price: tuple[int, int], time_wd: tuple[int, int], published: bool) -> None:
    assert is_published(contract_rules(), earlier_changes=earlier, price=price, time_wd=time_wd) is published


def test_the_third_change_is_published_however_small(two: str) -> None:
    for fen, why in ((1, "一"), (2, "二"), (3, "三")):
        change(two, ("初稿", "30000.00", 10), ("报告书", f"60000.0{fen}", 20), reason=why)
        agree(two)
    assert [one["published"] for one in play.said(two, "contract.changed")] == [False, False, True]
    assert play.said(two, "contract.changed")[-1]["reason"] == "三"


def test_more_than_a_tenth_more_time_is_published(two: str) -> None:
    change(two, ("初稿", "30000.00", 10), ("报告书", "60000.00", 22))
    agree(two)
    change(two, ("初稿", "30000.00", 10), ("报告书", "60000.00", 25), reason="汛期不能勘察")
    agree(two)
    small, large = play.said(two, "contract.changed")
    assert (small["published"], large["published"], large["reason"]) == (False, True, "汛期不能勘察")


def test_the_other_side_may_refuse_with_a_reason_and_the_proposer_take_back(two: str) -> None:
    one = play.contract(two)
    change(two, ("报告书", "90000.00", 20))
    with pytest.raises(NotAParty):
        actions.refuse_change(one.buyer, two, "不同意")
    with pytest.raises(ReasonMissing):
        actions.refuse_change(one.agency, two, " ")
    actions.refuse_change(one.agency, two, "工作量未减少")
    with pytest.raises(ContractStep):
        actions.withdraw_change(one.buyer, two)
    change(two, ("报告书", "90000.00", 20))
    with pytest.raises(NotAParty):
        actions.withdraw_change(one.agency, two)
    actions.withdraw_change(one.buyer, two)
    assert one.versions.filter(status=VersionStatus.OPEN).count() == 0


def test_a_change_says_why_and_one_is_open_at_a_time(two: str) -> None:
    with pytest.raises(ReasonMissing):
        change(two, ("报告书", "90000.00", 20), reason=" ")
    change(two, ("报告书", "90000.00", 20))
    with pytest.raises(ContractStep):
        change(two, ("报告书", "80000.00", 20), side="agency")


def test_why_a_change_is_refused_is_public_too(two: str) -> None:
    change(two, ("报告书", "90000.00", 20))
    with pytest.raises(PersonalInPublicText):
        actions.refuse_change(play.contract(two).agency, two, "请致电 13893112233")


def test_what_was_accepted_or_delivered_stands(two: str) -> None:
    play.deliver(two, 1)
    with pytest.raises(AcceptedStays):
        change(two, ("初稿", "20000.00", 10), ("报告书", "60000.00", 20))
    play.accept(two, 1)
    with pytest.raises(AcceptedStays):
        change(two, ("报告书", "60000.00", 20))


def test_a_delivery_between_proposal_and_consent_is_not_lost(two: str) -> None:
    change(two, ("初稿", "20000.00", 10), ("报告书", "60000.00", 20))
    play.deliver(two, 1)
    with pytest.raises(AcceptedStays):
        agree(two)
    assert play.contract(two).price == cast.yuan("90000.00")


def test_dropping_the_rest_ends_the_contract_with_what_was_accepted(two: str) -> None:
    payable = play.due(two, 1)
    change(two, ("初稿", "30000.00", 10), reason="项目停建")
    agree(two)
    assert play.contract(two).milestones.get(n=2).status == MilestoneStatus.DROPPED
    payment = play.transfer(payable, "30000.00")
    actions.confirm_receipt(play.contract(two).agency, payment.pk, 3_000_000)
    assert play.contract(two).status == ContractStatus.COMPLETED


def test_dropping_everything_before_anything_was_accepted_terminates(two: str) -> None:
    change(two, reason="项目取消")
    ended = agree(two)
    assert (ended.status, ended.price) == (ContractStatus.TERMINATED, 0)
    assert Request.objects.get(number=two).status == RequestStatus.FAILED
    assert play.sums(two) == {}
    assert play.kinds(two)[-1] == "contract.terminated"


def test_a_milestone_accepted_in_part_may_shrink_to_that_part(two: str) -> None:
    play.deliver(two, 2)
    play.accept(two, 2, verdict="partly", amount=4_000_000, reason="incomplete", opinion="缺附图")
    one = play.contract(two)
    first = Stage(1, "初稿", "", 3_000_000, 10)
    plan = [first, Stage(2, "报告书", "", 3_999_999, 20)]
    with pytest.raises(AcceptedStays):
        actions.propose_change(play.user_of(one.buyer), one.buyer, two, plan, "缩减")
    plan = [first, Stage(2, "报告书", "", 4_000_000, 20)]
    actions.propose_change(play.user_of(one.buyer), one.buyer, two, plan, "缩减")
    agree(two)
    assert one.milestones.get(n=2).status == MilestoneStatus.ACCEPTED
    assert Side.BUYER in one.versions.latest("number").confirmations.values_list("side", flat=True)
