"""From a final award to a signed contract (R9)."""

import hashlib
from datetime import timedelta

import pytest

from accounts.models import Organisation, User
from agencies.models import Agency
from bidding.actions import decline_award
from bidding.models import Auction, Award
from bidding.rules.objections import NotTheWinner
from contracts import actions
from contracts.clockwork import do_due_duties
from contracts.models import Contract, ContractStatus, Version, VersionStatus
from contracts.rules.plan import MilestonesDoNotAddUp, PersonalInPublicText, Stage
from contracts.rules.signing import (
    AlreadyConfirmed,
    AnotherText,
    ContractStep,
    NoContractYet,
    NotAParty,
    PayerIsFixed,
    SigningNotOverdue,
)
from core.clock import database_now
from marketplace.models import Request, RequestStatus
from tests import cast
from tests.contracts import play


def open_text(number: str) -> Version:
    return play.contract(number).versions.get(status=VersionStatus.OPEN)


def test_the_clock_drafts_a_contract_for_a_final_award_once(awarded: str) -> None:
    assert do_due_duties() == 1
    assert do_due_duties() == 0
    drafted = play.contract(awarded)
    assert (drafted.price, drafted.status) == (cast.yuan("90000.00"), ContractStatus.DRAFTED)
    assert play.kinds(awarded)[-2:] == ["contract.drafted", "contract.proposed"]


def test_there_is_no_contract_before_the_award_is_final(published_request: Request) -> None:
    with pytest.raises(NoContractYet):
        actions.draft_contract(published_request.number or "")


def test_both_confirm_the_same_text_and_it_is_signed(awarded: str, swift_agency: Agency) -> None:
    signed = play.sign(awarded)
    assert signed.status == ContractStatus.SIGNED
    assert Request.objects.get(number=awarded).status == RequestStatus.CONTRACTED
    [entry] = play.said(awarded, "contract.signed")
    version = signed.versions.get(status=VersionStatus.SIGNED)
    assert entry["sha256"] == hashlib.sha256(version.text.encode()).hexdigest() == version.sha256
    assert [one["by"] for one in play.said(awarded, "contract.confirmed")] == ["buyer", "agency"]
    assert play.sums(awarded) == {"agreed": -9_000_000, "undue": 9_000_000}


def test_the_text_names_both_parties_the_price_in_words_and_the_annex_by_its_hash(awarded: str) -> None:
    actions.draft_contract(awarded)
    version = open_text(awarded)
    one = play.contract(awarded)
    for words in (one.buyer.name, one.agency.uscc, "¥90,000.00", "玖万元整", "第一条", awarded):
        assert words in version.text
    assert one.buyer.contact_phone not in version.text
    assert (version.annex or {})["buyer"]["phone"] == one.buyer.contact_phone


def test_a_text_that_is_not_the_newest_cannot_be_confirmed(awarded: str, waterworks: Organisation) -> None:
    actions.draft_contract(awarded)
    old = open_text(awarded).sha256
    agency = play.contract(awarded).agency
    plan = play.stages(("初稿", "30000.00", 10), ("报告书", "60000.00", 20))
    actions.propose(play.user_of(agency), agency, awarded, plan)
    with pytest.raises(AnotherText):
        actions.confirm(play.user_of(waterworks), waterworks, awarded, old)
    signed = play.sign(awarded)
    assert [(m.n, m.amount) for m in signed.milestones.all()] == [(1, 3_000_000), (2, 6_000_000)]


def test_a_proposal_counts_as_its_partys_confirmation(awarded: str, waterworks: Organisation) -> None:
    actions.draft_contract(awarded)
    user = play.user_of(waterworks)
    version = actions.propose(user, waterworks, awarded, play.stages(("成果", "90000.00", 20)))
    with pytest.raises(AlreadyConfirmed):
        actions.confirm(user, waterworks, awarded, version.sha256)


def test_milestones_add_up_to_the_price_to_the_fen(awarded: str, waterworks: Organisation) -> None:
    actions.draft_contract(awarded)
    plan = play.stages(("初稿", "30000.00", 10), ("报告书", "59999.99", 20))
    with pytest.raises(MilestonesDoNotAddUp) as refused:
        actions.propose(play.user_of(waterworks), waterworks, awarded, plan)
    assert refused.value.facts["sum"] == "¥89,999.99"


@pytest.mark.parametrize(
    "terms",
    [
        "联系人手机 13893112233",
        "手机 138-9311-2233",
        "电话１３８９３１１２２３３",
        "账号 6222 0227 0300 1234 567",
        "身份证 62010219800101123X",
        "邮箱 zhang@example.com",
    ],
)
def test_the_public_text_takes_no_personal_numbers(awarded: str, waterworks: Organisation, terms: str) -> None:
    actions.draft_contract(awarded)
    with pytest.raises(PersonalInPublicText):
        actions.propose(play.user_of(waterworks), waterworks, awarded, play.stages(("成果", "90000.00", 20)), terms)


def test_nobody_else_confirms(awarded: str, steady_agency: Agency, regulator: User) -> None:
    actions.draft_contract(awarded)
    sha256 = open_text(awarded).sha256
    for stranger in (steady_agency.organisation, regulator.memberships.get().organisation):
        with pytest.raises(NotAParty):
            actions.confirm(play.user_of(stranger), stranger, awarded, sha256)


def test_a_signed_contract_cannot_be_confirmed_again_nor_the_award_declined(number: str, swift_agency: Agency) -> None:
    text = play.contract(number).versions.get().sha256
    with pytest.raises(ContractStep):
        actions.confirm(play.user_of(swift_agency.organisation), swift_agency.organisation, number, text)
    with pytest.raises(NotTheWinner):
        decline_award(swift_agency.organisation, number, "不做了")


def test_a_declined_award_takes_its_draft_with_it(awarded: str, swift_agency: Agency, waterworks: Organisation) -> None:
    actions.draft_contract(awarded)
    sha256 = open_text(awarded).sha256
    decline_award(swift_agency.organisation, awarded, "人手不足")
    with pytest.raises(NoContractYet):
        actions.confirm(play.user_of(waterworks), waterworks, awarded, sha256)
    do_due_duties()
    assert Contract.objects.get().status == ContractStatus.VOID


def test_the_buyer_passes_over_a_winner_that_lets_the_date_pass(
    awarded: str, waterworks: Organisation, swift_agency: Agency
) -> None:
    actions.draft_contract(awarded)
    with pytest.raises(SigningNotOverdue):
        actions.pass_over(waterworks, awarded)
    Contract.objects.update(sign_due_at=database_now() - timedelta(seconds=1))
    assert do_due_duties() == 1
    assert play.said(awarded, "contract.sign_overdue") == [{"missing": ["buyer", "agency"]}]
    with pytest.raises(NotAParty):
        actions.pass_over(swift_agency.organisation, awarded)
    actions.pass_over(waterworks, awarded)
    assert Award.objects.get().status == "declined"
    assert play.said(awarded, "award.declined")[0]["reason"] == "unsigned"
    assert Contract.objects.get().status == ContractStatus.VOID


def test_a_contract_follows_a_real_auction(auction: Auction, swift_agency: Agency) -> None:
    number = play.award(auction, swift_agency)
    assert play.sign(number).price == cast.yuan("90000.00")


@pytest.mark.clause("P20.7")
def test_terms_that_let_applicants_pay_are_refused_and_on_record(
    public_award: str, river_bureau: Organisation, river_officer: User, swift_agency: Agency
) -> None:
    number = public_award
    actions.draft_contract(number)
    plan = play.stages(("成果", "90000.00", 20))
    with pytest.raises(PayerIsFixed):
        actions.propose(river_officer, river_bureau, number, plan, "服务费用由申请人承担。")
    with pytest.raises(PayerIsFixed):
        actions.propose(river_officer, river_bureau, number, plan, payer_uscc=swift_agency.uscc)
    hidden = [Stage(1, "成果", "报告书一份，评审费用由建设单位承担", cast.yuan("90000.00"), 20)]
    with pytest.raises(PayerIsFixed):
        actions.propose(river_officer, river_bureau, number, hidden)
    assert [one["attempt"] for one in play.said(number, "payer.refused")] == ["terms", "form", "terms"]
    assert play.contract(number).versions.count() == 1


@pytest.mark.clause("P20.7")
def test_nor_does_a_change_let_them(public_number: str, river_bureau: Organisation, river_officer: User) -> None:
    hidden = [Stage(1, "成果", "检测费用由申请单位支付", cast.yuan("90000.00"), 30)]
    with pytest.raises(PayerIsFixed):
        actions.propose_change(river_officer, river_bureau, public_number, hidden, "范围调整")
    assert play.said(public_number, "payer.refused")[0]["words"] == "费用由申请单位支付"
    assert play.contract(public_number).versions.count() == 1


def test_the_english_text_is_for_reading_and_says_so(awarded: str) -> None:
    actions.draft_contract(awarded)
    version = open_text(awarded)
    assert len(version.body_en["sections"]) == len(version.body["sections"])
    assert version.text.startswith("中介服务合同\n")
