"""The doors of contracts over HTTP: each lets its own party do its step, refuses others, and keeps what was typed."""

import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import pytest

from accounts.models import User
from contracts import actions
from contracts.models import (
    Contract,
    ContractStatus,
    Delivery,
    ExtensionStatus,
    MilestoneStatus,
    Payable,
    Payment,
    VersionStatus,
)
from tests import cast
from tests.contracts import play
from tests.contracts.browse import Doors, at, rows


@pytest.fixture
def doors(client: Client) -> Doors:
    return Doors(client)


@pytest.fixture
def drafted(awarded: str) -> str:
    actions.draft_contract(awarded)
    return awarded


def test_both_confirm_and_the_contract_is_signed(doors: Doors, drafted: str) -> None:
    one = play.contract(drafted)
    sha256 = one.versions.get().sha256
    status, shown = doors.acting_as(one.buyer).send(at(drafted, "confirm/"), sha256=sha256)
    assert (status, "请先阅读全文并勾选确认" in shown) == (400, True)
    assert doors.send(at(drafted, "confirm/"), sha256=sha256, read="on")[0] == 200
    status, shown = doors.send(at(drafted, "confirm/"), sha256=sha256, read="on")
    assert (status, "贵单位已确认这一稿" in shown) == (400, True)
    status, shown = doors.acting_as(one.agency).send(at(drafted, "confirm/"), sha256="0" * 64, read="on")
    assert (status, "您看到的不是最新一稿" in shown) == (400, True)
    assert doors.send(at(drafted, "confirm/"), sha256=sha256, read="on")[0] == 200
    assert play.contract(drafted).status == ContractStatus.SIGNED


def test_strangers_and_visitors_confirm_nothing(doors: Doors, drafted: str, third_agency: Any) -> None:
    sha256 = play.contract(drafted).versions.get().sha256
    assert doors.client.post(at(drafted, "confirm/"), {"sha256": sha256, "read": "on"}).status_code == 302
    doors.acting_as(third_agency.organisation)
    status, shown = doors.send(at(drafted, "confirm/"), sha256=sha256, read="on")
    assert (status, "只有合同双方可以进行此操作" in shown) == (400, True)
    assert doors.send(at("GS-2026-000000", "confirm/"), sha256=sha256, read="on")[0] == 404
    assert doors.client.get(at(drafted, "confirm/")).status_code == 405


def test_a_plan_is_proposed_and_what_was_typed_is_kept(doors: Doors, drafted: str) -> None:
    doors.acting_as(play.contract(drafted).buyer)
    status, shown = doors.send(at(drafted, "propose/"), **rows(("踏勘", "30000", "10"), ("报告书", "50000", "20")))
    assert status == 400
    assert "各期金额合计 ¥80,000.00，与合同价款 ¥90,000.00 不一致" in shown
    assert 'value="踏勘"' in shown
    status, shown = doors.send(at(drafted, "propose/"), **rows(("踏勘", "三万", "10")))
    assert (status, "第 1 行：请填写金额" in shown, 'value="三万"' in shown) == (400, True, True)
    status, shown = doors.send(at(drafted, "propose/"), **rows(("踏勘", "30000", "十天")))
    assert (status, "第 1 行：请填写工作日数" in shown) == (400, True)
    good = rows(("踏勘", "30000", "10"), ("", "", ""), ("报告书", "60,000.00", "20"), terms="成果著作权归甲方。")
    assert doors.send(at(drafted, "propose/"), **good)[0] == 200
    version = play.contract(drafted).versions.get(status=VersionStatus.OPEN)
    assert [(stage["n"], stage["amount"]) for stage in version.plan] == [(1, 3_000_000), (2, 6_000_000)]
    assert version.terms == "成果著作权归甲方。"


def test_one_more_row_needs_no_script(doors: Doors, drafted: str) -> None:
    doors.acting_as(play.contract(drafted).agency)
    status, shown = doors.send(at(drafted, "propose/"), **rows(("踏勘", "3", "10"), add="1"))
    assert status == 200
    assert 'value="踏勘"' in shown
    assert shown.count('name="stage_name"') == 3
    assert play.contract(drafted).versions.count() == 1


@pytest.mark.clause("P20.7", "I2")
def test_another_payer_in_the_form_is_refused_and_recorded(doors: Doors, public_number: str, awarded: str) -> None:
    actions.draft_contract(awarded)
    one = play.contract(awarded)
    fields = rows(("报告书", "90000", "20"), payer=one.agency.uscc)
    status, shown = doors.acting_as(one.buyer).send(at(awarded, "propose/"), **fields)
    assert (status, "付款单位和预算项目在发布公告时已经确定" in shown) == (400, True)
    assert (
        doors.acting_as(play.contract(public_number).buyer).send(
            at(public_number, "change/"),
            **rows(("报告书", "90000", "20"), n=["1"], reason="换付款方", payer=one.agency.uscc),
        )[0]
        == 400
    )
    assert [said["attempt"] for said in play.said(public_number, "payer.refused")] == ["form"]
    [said] = play.said(awarded, "payer.refused")
    assert (said["attempt"], said["words"]) == ("form", one.agency.uscc)
    assert "表单填写了其他付款单位" in doors.client.get(at(awarded)).content.decode()


def test_a_change_is_refused_with_reasons_or_withdrawn(doors: Doors, number: str) -> None:
    one = play.contract(number)
    changed = rows(("水土保持方案编制", "95000", "30"), n=["1"], reason="增加取样")
    status, shown = doors.acting_as(one.buyer).send(at(number, "change/"), **(changed | {"reason": ""}))
    assert (status, 'value="95000"' in shown) == (400, True)
    assert doors.send(at(number, "change/"), **changed)[0] == 200
    status, shown = doors.acting_as(one.agency).send(at(number, "change/answer/"), step="refuse", reason="")
    assert status == 400
    assert doors.send(at(number, "change/answer/"), step="refuse", reason="工期不够")[0] == 200
    assert one.versions.get(number=2).status == VersionStatus.REFUSED
    doors.acting_as(one.buyer).send(at(number, "change/"), **changed)
    assert doors.send(at(number, "change/answer/"), step="withdraw")[0] == 200
    assert one.versions.get(number=3).status == VersionStatus.WITHDRAWN
    assert doors.send(at(number, "change/answer/"), step="nonsense")[0] == 404


def test_dropping_all_open_milestones_ends_the_contract(doors: Doors, number: str) -> None:
    one = play.contract(number)
    gone = rows(("水土保持方案编制", "90000", "20"), n=["1"], stage_drop=["1"], reason="项目取消")
    assert doors.acting_as(one.buyer).send(at(number, "change/"), **gone)[0] == 200
    version = one.versions.get(status=VersionStatus.OPEN)
    doors.acting_as(one.agency).send(at(number, "confirm/"), sha256=version.sha256, read="on")
    assert play.contract(number).status == ContractStatus.TERMINATED


def test_a_changed_plan_leaves_delivered_rows_as_they_are(doors: Doors, awarded: str) -> None:
    play.signed_in(awarded, ("初稿", "30000.00", 10), ("报告书", "60000.00", 20))
    play.deliver(awarded, 1)
    one = play.contract(awarded)
    # The first row was tampered with; it stands as it is.
    changed = rows(
        ("别的", "1", "1"), ("报告书", "60000", "25"), ("附图", "500", "25"), n=["1", "2", ""], reason="增加附图"
    )
    assert doors.acting_as(one.agency).send(at(awarded, "change/"), **changed)[0] == 200
    plan = one.versions.get(status=VersionStatus.OPEN).plan
    assert [(stage["n"], stage["name"], stage["amount"]) for stage in plan] == [
        (1, "初稿", 3_000_000),
        (2, "报告书", 6_000_000),
        (3, "附图", 50_000),
    ]


def test_passing_over_waits_for_the_signing_date(doors: Doors, drafted: str) -> None:
    one = play.contract(drafted)
    status, shown = doors.acting_as(one.buyer).send(at(drafted, "pass-over/"))
    assert (status, "签订期限未到" in shown) == (400, True)
    Contract.objects.filter(pk=one.pk).update(sign_due_at=one.drafted_at)
    assert "pass-over/" in doors.client.get(at(drafted)).content.decode()
    assert doors.send(at(drafted, "pass-over/"))[0] == 200
    assert Contract.objects.get(pk=one.pk).status == ContractStatus.VOID


def pdf(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, play.PDF + name.encode())


def test_files_are_delivered_public_and_confidential(doors: Doors, number: str) -> None:
    one = play.contract(number)
    deliver = at(number, "milestones/1/deliver/")
    status, shown = doors.acting_as(one.agency).send(deliver, note="首期")
    assert (status, "请上传 1 至 20 个成果文件" in shown, "首期" in shown) == (400, True, True)
    status, shown = doors.send(deliver, secret_1=pdf("图.pdf"))
    assert (status, "标为保密的文件须写明理由" in shown) == (400, True)
    status, shown = doors.send(deliver, files=[SimpleUploadedFile("x.pdf", b"MZ")])
    assert (status, "无法识别该文件的内容" in shown) == (400, True)
    files = {"files": [pdf("a.pdf"), pdf("b.pdf")], "secret_1": pdf("图.pdf"), "because_1": "未公开坐标"}
    assert doors.acting_as(one.buyer).send(deliver, files=[pdf("a.pdf")])[0] == 400
    assert doors.acting_as(one.agency).send(deliver, **files)[0] == 200
    kept = one.milestones.get().deliveries.get().files.order_by("pk")
    assert [(file.name, file.confidential) for file in kept] == [("a.pdf", False), ("b.pdf", False), ("图.pdf", True)]


def test_the_buyer_decides_and_says_why(doors: Doors, number: str) -> None:
    one = play.contract(number)
    play.deliver(number)
    decide = at(number, "milestones/1/decide/")
    assert doors.acting_as(one.agency).send(decide, verdict="accepted")[0] == 400
    status, shown = doors.acting_as(one.buyer).send(decide, verdict="returned", opinion="缺图")
    assert (status, "退回或部分验收须选择原因并写明意见" in shown, "缺图" in shown) == (400, True, True)
    status, _shown = doors.send(decide, verdict="partly", amount="90000", reason="quality", opinion="缺图")
    assert status == 400
    assert doors.send(decide, verdict="partly", amount="40000", reason="quality", opinion="缺图")[0] == 200
    assert one.payables.get().amount == cast.yuan("40000")
    assert one.milestones.get().status == MilestoneStatus.OPEN


@pytest.mark.clause("I9")
def test_the_regulator_decides_only_after_silence(doors: Doors, number: str, regulator: User) -> None:
    play.deliver(number)
    decide, delivery = at(number, "milestones/1/decide/"), play.contract(number).milestones.get().deliveries.get()
    doors.client.force_login(regulator)
    assert decide not in doors.client.get(at(number)).content.decode()
    status, shown = doors.send(decide, verdict="accepted")
    assert (status, "采购人的验收期限未满" in shown) == (400, True)
    Delivery.objects.filter(pk=delivery.pk).update(escalated_at=delivery.delivered_at, due_at=None)
    assert decide in doors.client.get(at(number)).content.decode()
    assert doors.send(decide, verdict="accepted")[0] == 200
    delivery.refresh_from_db()
    assert delivery.decided_as == "regulator"


def test_more_time_is_asked_for_and_answered(doors: Doors, number: str) -> None:
    one = play.contract(number)
    ask, answer = at(number, "milestones/1/extension/"), at(number, "milestones/1/extension/answer/")
    assert doors.acting_as(one.agency).send(ask, wd="0", reason="资料迟交")[0] == 400
    assert doors.send(ask, wd="5", reason="资料迟交")[0] == 200
    assert doors.acting_as(one.buyer).send(answer, granted="0", answer="")[0] == 400
    assert doors.send(answer, granted="1", answer="")[0] == 200
    assert one.milestones.get().extensions.get().status == ExtensionStatus.GRANTED


def test_an_invoice_is_recorded_by_the_agency(doors: Doors, number: str) -> None:
    play.deliver(number)
    play.accept(number)
    one = play.contract(number)
    payable = one.payables.get()
    address = f"/payables/{payable.pk}/invoice/"
    status, shown = doors.acting_as(one.agency).send(address, invoice_number="123")
    assert (status, "数电票号码为 20 位数字" in shown, 'value="123"' in shown) == (400, True, True)
    assert doors.acting_as(one.buyer).send(address, invoice_number="1" * 20)[0] == 400
    assert doors.acting_as(one.agency).send(address, invoice_number="1" * 20, file=pdf("票.pdf"))[0] == 200
    payable.refresh_from_db()
    assert payable.due_at is not None
    assert payable.invoice is not None


def test_a_transfer_is_announced_once_confirmed_or_denied(doors: Doors, payable: Payable) -> None:
    one = play.contract(play.number_of(payable))
    address, key = f"/payables/{payable.pk}/transfer/", str(uuid.uuid4())
    sent = {"key": key, "amount": "90000", "paid_on": "2026-11-23"}
    status, shown = doors.acting_as(one.buyer).send(address, **(sent | {"amount": "多"}))
    assert (status, key in shown) == (400, True)
    assert doors.send(address, **sent)[0] == doors.send(address, **sent)[0] == 200
    payment = Payment.objects.get()
    assert doors.send(f"/payments/{payment.pk}/confirm/", amount="90000")[0] == 400
    assert doors.acting_as(one.agency).send(f"/payments/{payment.pk}/deny/", reason="查无此款")[0] == 200
    assert play.owed(payable) == cast.yuan("90000")
    assert "查无此款" in doors.acting_as(one.buyer).client.get(at(play.number_of(payable))).content.decode()
    doors.acting_as(one.agency)
    again = play.transfer(payable, "90000.00")
    assert doors.send(f"/payments/{again.pk}/confirm/", amount="90000")[0] == 200
    assert play.contract(play.number_of(payable)).status == ContractStatus.COMPLETED


@pytest.mark.clause("P20.7")
def test_a_strangers_transfer_is_refused_and_recorded(doors: Doors, public_number: str, third_agency: Any) -> None:
    payable = play.due(public_number)
    sent = {"key": str(uuid.uuid4()), "amount": "90000", "paid_on": "2026-11-23"}
    status, shown = doors.acting_as(third_agency.organisation).send(f"/payables/{payable.pk}/transfer/", **sent)
    assert (status, "不能代付" in shown) == (400, True)
    assert [said["attempt"] for said in play.said(public_number, "payer.refused")] == ["transfer"]
    assert doors.send("/payables/0/transfer/", **sent)[0] == 404


def test_what_came_too_much_is_returned_or_used(doors: Doors, awarded: str) -> None:
    play.signed_in(awarded, ("初稿", "30000.00", 10), ("报告书", "60000.00", 20))
    first, one = play.due(awarded, 1), play.contract(awarded)
    payment = play.transfer(first, "30000.00")
    actions.confirm_receipt(one.agency, payment.pk, cast.yuan("35000"))
    second = play.due(awarded, 2)
    doors.acting_as(one.agency)
    assert doors.send(f"/payables/{second.pk}/suspense/", amount="6000")[0] == 400
    assert doors.send(f"/payables/{second.pk}/suspense/", amount="4000")[0] == 200
    assert doors.send(at(awarded, "suspense/return/"), amount="1001", reason="")[0] == 400
    assert doors.send(at(awarded, "suspense/return/"), amount="1000", reason="多付")[0] == 200
    assert play.owed(second) == cast.yuan("56000")
    assert "suspense" not in play.sums(awarded)


def test_doors_are_limited(doors: Doors, drafted: str) -> None:
    doors.acting_as(play.contract(drafted).buyer)
    statuses: list[int] = []
    # Twice as many as a minute allows: one of its minutes may end on the way.
    while 429 not in statuses and len(statuses) < 122:
        statuses.append(doors.client.post(at(drafted, "confirm/"), {}).status_code)
    assert set(statuses) == {400, 429}
