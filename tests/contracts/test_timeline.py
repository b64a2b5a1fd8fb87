"""The case file in the reader's words, from the draft to the last payment."""

from django.test import Client

from contracts import actions
from contracts.entries import Kind
from contracts.models import Payable
from marketplace.timeline import labels
from tests import cast
from tests.contracts import play
from tests.contracts.test_pages import page


def test_the_timeline_speaks_the_readers_language(client: Client, number: str, payable: Payable) -> None:
    shown = page(client, number)
    for words in ("合同签订并备案", "交付成果", "验收结论", "登记发票", "产生应付款"):
        assert words in shown
    assert "contract.signed</strong>" not in shown


def test_every_kind_of_entry_has_a_name() -> None:
    assert not {kind.value for kind in Kind} - labels().keys()
    assert "payer.refused" in labels()


def test_the_timeline_tells_what_happened_in_words_and_amounts(client: Client, number: str) -> None:
    one = play.contract(number)
    actions.ask_for_time(one.agency, number, 1, 5, "资料迟交")
    actions.answer_extension(one.buyer, number, 1, "", granted=True)
    actions.propose_change(play.user_of(one.agency), one.agency, number, play.stages(("方案", "90100.00", 20)), "改名")
    actions.refuse_change(one.buyer, number, "不必")
    payable = play.due(number)
    actions.deny_receipt(one.agency, play.transfer(payable, "90000.00").pk, "查无此款")
    actions.confirm_receipt(one.agency, play.transfer(payable, "90000.00").pk, cast.yuan("90500"))
    actions.return_suspense(one.agency, number, cast.yuan("500"), "多付")
    shown = page(client, number)
    for words in (
        "第 1 期 · 5 个工作日",
        "第 1 期 · 同意延期 · 采购人",
        "第 2 稿 · 采购人",
        "第 1 期 · 验收通过 · 采购人",
        "第 1 期 · ¥90,000.00",
        "¥90,000.00 · 对公转账",
        "对公转账 · 收款机构称未到账",
        "¥500.00 · 多付",
        "合同履行完毕",
    ):
        assert words in shown
