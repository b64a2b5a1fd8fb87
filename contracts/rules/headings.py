"""The heading row of a bank statement: found by its names, wherever the table starts and whatever the bank calls them."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from contracts.rules import cells

Columns = Mapping[str, tuple[int, ...]]

_WITHIN = 40
# What banks call the columns, the best name first; compared without blanks, units and what stands in brackets.
_NAMES = {
    "booked_on": "交易日期 记账日期 入账日期 记账日 交易日 入账时间 交易时间 记账时间 日期"
    " bookingdate transactiondate valuedate postingdate tradedate date",
    "credit": "贷方发生额 贷方金额 贷方发生额收入 收入金额 收入 贷方 转入金额 存入金额 收款金额 入账金额"
    " creditamount credit deposits deposit moneyin paidin",
    "amount": "交易金额 发生额 金额 transactionamount tradeamount amount",
    "direction": "借贷标志 借贷方向 借贷标识 借贷 收支标志 收支方向 收支 借贷方 dcflag drcr direction dc",
    "payer_name": "付款人名称 付款人户名 付款方名称 付款户名 付款方户名 对方户名 对方名称 对方账户名称 对方单位名称 对方单位 对方账户名"
    " 付款人 付款方 payername counterpartyname payer counterparty",
    "payer_account": "付款人账号 付款账号 付款方账号 对方账号 对方帐号 对方账户"
    " payeraccount payeraccountnumber counterpartyaccount accountnumber",
    "remark": "附言 交易附言 客户附言 用途 交易用途 摘要 交易摘要 备注 remark remarks purpose memo description details narrative reference",
    "reference": "交易流水号 流水号 银行流水号 交易编号 交易号 凭证号 凭证号码"
    " transactionid transactionreferencenumber referencenumber referenceno id",
}
_COLUMN_OF = {name: (column, rank) for column, names in _NAMES.items() for rank, name in enumerate(names.split())}


def find(table: Sequence[Sequence[object]]) -> tuple[int, Columns]:
    """The index of the heading row and which column is which; if there is none, -1 and the most that one row had."""
    best: Columns = {}
    for number, row in enumerate(table[:_WITHIN]):
        columns = _columns(row)
        if not missing(columns):
            return number, columns
        best = max(best, columns, key=len)
    return -1, best


def missing(columns: Columns) -> list[str]:
    """The columns without which nothing can be read, by the names that most banks give them."""
    absent = [] if "booked_on" in columns else ["交易日期"]
    return absent + ([] if "credit" in columns or "amount" in columns else ["收入金额"])


def _columns(row: Sequence[object]) -> Columns:
    """Each column's places, the best name first: a remark may stand in several, the rest is read from the first."""
    found: dict[str, list[tuple[int, int]]] = {}
    for place, cell in enumerate(row):
        for name in _said(cells.text(cell)):
            if name in _COLUMN_OF:
                column, rank = _COLUMN_OF[name]
                found.setdefault(column, []).append((rank, place))
                break
    return {column: tuple(place for _rank, place in sorted(places)) for column, places in found.items()}


def _said(heading: str) -> list[str]:
    """A heading with and without what its brackets hold: 贷方发生额/元(收入), 付款人名称[ Payer's Name ]."""
    plain = unicodedata.normalize("NFKC", heading).lower().translate(str.maketrans("【】〔〕[]", "()()()"))
    bare = re.sub(r"\([^()]*\)", "", plain)
    return [re.sub(r"[^\w]|_|元|人民币|cny|rmb", "", one) for one in (bare, plain)]
