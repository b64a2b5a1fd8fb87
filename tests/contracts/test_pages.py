"""The contract's page: who sees what, and how it reads as the contract moves."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils.html import escape

import pytest
from icalendar import Calendar

from accounts.models import Organisation, User
from contracts import actions
from contracts.models import Contract, DeliveryFile, DeliveryStatus, Payable, VersionStatus
from contracts.providers import offer, withdraw
from contracts.providers.stripe import StripeProvider
from contracts.rules.statement import Line
from core import jobs
from core.files import in_public, store
from core.models import Rendering
from tests import cast
from tests.contracts import play

ACCOUNT = "62170012345678901234"


def page(client: Client, number: str, query: str = "") -> str:
    answer = client.get(f"/r/{number}/contract/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def sign_in(client: Client, organisation: Organisation) -> Organisation:
    client.force_login(play.user_of(organisation))
    return organisation


def agree(number: str) -> None:
    """The agency confirms the change that the buyer proposed."""
    one = play.contract(number)
    version = one.versions.get(status=VersionStatus.OPEN)
    actions.confirm(play.user_of(one.agency), one.agency, number, version.sha256)


@pytest.fixture
def account(awarded: str, swift_agency: Any) -> None:
    """The agency has said where it is paid."""
    actions.set_account(swift_agency.user, swift_agency.organisation, "中国建设银行兰州城关支行", ACCOUNT)


@pytest.fixture
def secret(number: str) -> DeliveryFile:
    """A delivery of a public and a confidential file; the confidential one."""
    agency = play.contract(number).agency
    files = [play.upload("方案.pdf"), play.upload("图纸.pdf", confidential=True, because="含未公开坐标")]
    actions.deliver(play.user_of(agency), agency, number, 1, files)
    return DeliveryFile.objects.get(confidential=True)


def test_there_is_no_page_before_there_is_a_contract(client: Client, auction: Any) -> None:
    assert client.get(f"/r/{auction.request.number}/contract/").status_code == 404


def test_everybody_reads_the_signed_contract(client: Client, number: str, signed: Contract) -> None:
    shown = page(client, number)
    assert "¥90,000.00" in shown
    assert "玖万元整" in shown
    assert signed.versions.get().sha256 in shown
    assert "暂无应付" in shown
    assert "<form" not in shown.partition("<main")[2]


def test_the_english_text_stands_beside_the_chinese(client: Client, number: str, signed: Contract) -> None:
    shown = page(client, number, "?text=en")
    version = signed.versions.get()
    assert escape(version.body["sections"][0]["heading"]) in shown
    assert escape(version.body_en["sections"][0]["paragraphs"][0]) in shown
    assert "contract-texts-two" in shown


def test_award_and_request_lead_to_the_contract(client: Client, number: str) -> None:
    for address in (f"/awards/{number}/", f"/r/{number}/"):
        assert f"/r/{number}/contract/" in client.get(address).content.decode()


def test_the_annex_is_for_the_parties_and_the_regulator(
    client: Client, account: None, number: str, regulator: User, third_agency: Any
) -> None:
    one = play.contract(number)
    for reader in (one.buyer, one.agency, regulator.memberships.get().organisation):
        sign_in(client, reader)
        assert 'data-testid="annex"' in page(client, number)
        assert ACCOUNT in page(client, number)
    for stranger in (third_agency.organisation, None):
        client.logout()
        if stranger:
            sign_in(client, stranger)
        shown = page(client, number)
        assert 'data-testid="annex"' not in shown
        assert ACCOUNT not in shown
        assert "0931-5550000" not in shown


def test_the_account_stands_in_no_public_record(client: Client, account: None, number: str, payable: Payable) -> None:
    for address in ("contract/", "contract/?text=en", "contract/deadlines.ics", "record.json", ""):
        answer = client.get(f"/r/{number}/{address}")
        assert answer.status_code == 200
        assert ACCOUNT not in answer.content.decode()
        assert payable.code not in answer.content.decode()


def test_a_confidential_file_is_a_hash_and_a_reason_to_the_public(
    client: Client, number: str, secret: DeliveryFile
) -> None:
    shown = page(client, number)
    assert "方案.pdf" in shown
    assert "图纸.pdf" not in shown
    assert "含未公开坐标" in shown
    assert secret.file.sha256 in shown
    assert in_public(secret.file.sha256) is None
    assert client.get(f"/files/{secret.file.sha256}/x.pdf").status_code == 404
    public = DeliveryFile.objects.get(confidential=False)
    assert client.get(f"/files/{public.file.sha256}/方案.pdf").status_code == 200


def test_the_parties_and_the_regulator_fetch_it(
    client: Client, number: str, secret: DeliveryFile, regulator: User, third_agency: Any
) -> None:
    address = f"/r/{number}/contract/files/{secret.pk}/"
    assert client.get(address).status_code == 302
    one = play.contract(number)
    for reader in (one.buyer, one.agency, regulator.memberships.get().organisation):
        sign_in(client, reader)
        answer = client.get(address)
        assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
        assert answer["Content-Disposition"].startswith("attachment")
        assert address in page(client, number)
    sign_in(client, third_agency.organisation)
    assert client.get(address).status_code == 404
    sign_in(client, one.buyer)
    assert client.get(f"/r/GS-2026-000000/contract/files/{secret.pk}/").status_code == 404


def test_receipt_and_invoice_are_private(client: Client, number: str, payable: Payable, third_agency: Any) -> None:
    payment = play.transfer(payable, "90000.00")
    payment.receipt = payable.invoice = store(play.upload("回单.pdf").file)
    payment.save()
    payable.save()
    addresses = (f"/payments/{payment.pk}/receipt/", f"/payables/{payable.pk}/invoice/file/")
    sign_in(client, play.contract(number).agency)
    assert [client.get(address).status_code for address in addresses] == [200, 200]
    sign_in(client, third_agency.organisation)
    assert [client.get(address).status_code for address in addresses] == [404, 404]


def test_money_reads_as_the_ledger_says(client: Client, number: str, payable: Payable) -> None:
    one = play.contract(number)
    sign_in(client, one.buyer)
    assert 'data-testid="pay"' in page(client, number)
    payment = play.transfer(payable, "90000.00")
    assert "等待到账，预计 2026-11-24 前" in page(client, number)
    actions.confirm_receipt(one.agency, payment.pk, cast.yuan("89000.00"))
    shown = page(client, number)
    assert 'data-testid="mismatch"' in shown
    assert "登记付款 ¥90,000.00，实际到账 ¥89,000.00" in shown
    assert payable.code in shown
    rest = play.transfer(payable, "1000.00")
    actions.confirm_receipt(one.agency, rest.pk, cast.yuan("1000.00"))
    shown = page(client, number)
    assert "已完成" in shown
    assert 'data-testid="pay"' not in shown


def test_too_much_is_shown_and_only_its_payee_may_return_it(client: Client, number: str, payable: Payable) -> None:
    one = play.contract(number)
    payment = play.transfer(payable, "95000.00")
    actions.confirm_receipt(one.agency, payment.pk, cast.yuan("95000.00"))
    assert "suspense/return/" not in page(client, number)
    assert "¥5,000.00" in page(client, number)
    sign_in(client, one.agency)
    assert "suspense/return/" in page(client, number)


def test_each_side_finds_its_own_doors(client: Client, number: str) -> None:
    one = play.contract(number)
    sign_in(client, one.agency)
    assert "milestones/1/deliver/" in page(client, number)
    assert "milestones/1/decide/" not in page(client, number)
    play.deliver(number)
    assert "milestones/1/deliver/" not in page(client, number)
    sign_in(client, one.buyer)
    assert "milestones/1/decide/" in page(client, number)
    play.accept(number, verdict=DeliveryStatus.RETURNED, reason="quality", opinion="缺图。")
    assert "缺图。" in page(client, number)
    assert "milestones/1/decide/" not in page(client, number)


def test_a_small_changes_text_and_reason_are_the_parties_alone(client: Client, number: str) -> None:
    one = play.contract(number)
    actions.propose_change(
        play.user_of(one.buyer), one.buyer, number, play.stages(("水土保持方案编制", "90500.00", 20)), "增加一处取样点"
    )
    assert "增加一处取样点" not in page(client, number)
    sign_in(client, one.agency)
    assert "增加一处取样点" in page(client, number)
    agree(number)
    client.logout()
    assert "增加一处取样点" not in page(client, number, "?v=2")
    assert "¥90,500.00" in page(client, number)


def test_a_large_change_is_published_with_its_reason(client: Client, number: str) -> None:
    one = play.contract(number)
    actions.propose_change(
        play.user_of(one.buyer), one.buyer, number, play.stages(("水土保持方案编制", "120000.00", 20)), "范围扩大一倍"
    )
    agree(number)
    shown = page(client, number)
    assert "重大变更，已公开" in shown
    assert "范围扩大一倍" in shown


def test_the_calendar_has_one_event_for_each_open_date(client: Client, number: str) -> None:
    answer = client.get(f"/r/{number}/contract/deadlines.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    milestone = play.contract(number).milestones.get()
    assert event["dtstart"].dt == milestone.due_at
    assert event["dtstart"].to_ical().endswith(b"Z")
    again = client.get(f"/r/{number}/contract/deadlines.ics")
    assert Calendar.from_ical(again.content).walk("VEVENT")[0]["uid"] == event["uid"]


def forms_lead_to(answer: HttpResponse) -> list[str]:
    """Where the page's forms may lead; the order of the directives in the header is nobody's promise."""
    policy = dict(directive.split(maxsplit=1) for directive in answer["Content-Security-Policy"].split("; "))
    return policy["form-action"].split()


def test_forms_lead_to_a_provider_only_where_one_can_pay_by_it(client: Client, number: str, payable: Payable) -> None:
    one = play.contract(number)
    address = f"/r/{number}/contract/"
    offer(StripeProvider("sk_test_x", "whsec_x", "https://pay.example"))
    try:
        public = forms_lead_to(client.get(address))
        sign_in(client, one.buyer)
        payer = forms_lead_to(client.get(address))
    finally:
        withdraw("stripe")
    assert public == ["'self'"]
    assert payer == ["'self'", "https://pay.example"]
    assert forms_lead_to(client.get(address)) == ["'self'"]


def test_the_pdf_is_set_once_and_handed_out(client: Client, number: str) -> None:
    address = f"/r/{number}/contract/contract.pdf"
    assert client.get(address)["Location"] == f"/r/{number}/contract/#downloads"
    assert "PDF 生成中" in page(client, number)
    [waiting] = Rendering.objects.all()
    jobs.render.call(waiting.key)
    assert address in page(client, number)
    answer = client.get(address)
    assert answer.content.startswith(b"%PDF-")
    assert "下载 PDF" in client.get(address, headers={"HX-Request": "true"}).content.decode()


def test_the_publics_pdf_has_no_annex(client: Client, account: None, number: str) -> None:
    page(client, number)
    sign_in(client, play.contract(number).agency)
    page(client, number)
    public, private = Rendering.objects.order_by("pk")
    assert (public.data["annex"], ACCOUNT in str(public.data)) == (None, False)
    assert ACCOUNT in str(private.data)


def test_an_account_that_is_not_the_signed_one_is_marked_before_anybody_pays(
    client: Client, account: None, number: str, payable: Payable
) -> None:
    one = play.contract(number)
    sign_in(client, one.buyer)
    assert "account-differs" not in page(client, number)
    actions.set_account(play.user_of(one.agency), one.agency, "工商银行", "6222001234567890")
    shown = page(client, number)
    assert 'data-testid="account-differs"' in shown
    assert ACCOUNT in shown  # the annex still says what was signed


@pytest.mark.clause("P20.7")
def test_a_strangers_money_is_offered_back_and_not_to_use(client: Client, public_number: str) -> None:
    payable, agency = play.due(public_number), play.contract(public_number).agency
    line = Line(1, date(2026, 11, 23), 100_000, "路人甲", "", payable.code, "", "f" * 64)
    actions.import_lines(play.user_of(agency), agency, [line])
    sign_in(client, agency)
    shown = page(client, public_number)
    assert "suspense/return/" in shown
    assert f"payables/{payable.pk}/suspense/" not in shown
    assert "只能退回，不能入账" in shown
