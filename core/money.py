"""Money: whole fen in code, a string with two decimals on every wire, `¥128,500.00` and 大写 on pages."""

import re
from typing import NewType

Fen = NewType("Fen", int)

_WIRE = re.compile(r"(0|[1-9][0-9]{0,12})(?:\.([0-9]{1,2}))?")
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def parse(text: str) -> Fen:
    """`"100150.00"`, `"100150"`, `"¥100,150"` as fen; raises ValueError for anything else, negative or finer than a fen."""
    plain = text.strip().replace(",", "").replace("，", "").removeprefix("¥").removeprefix("￥")
    match = _WIRE.fullmatch(plain)
    if match is None:
        raise ValueError(f"not an amount: {text!r}")
    return Fen(int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")))


def wire(amount: int) -> str:
    """`"100150.00"`: how entries and sockets carry an amount."""
    sign, amount = ("-", -amount) if amount < 0 else ("", amount)
    return f"{sign}{amount // 100}.{amount % 100:02d}"


def shown(amount: int) -> str:
    """`¥128,500.00`: how pages show an amount."""
    sign, amount = ("−", -amount) if amount < 0 else ("", amount)
    return f"{sign}¥{amount // 100:,}.{amount % 100:02d}"


def in_words(amount: int) -> str:
    """The amount in the financial numerals of contracts: 壹拾贰万捌仟伍佰元整. For 0 ≤ amount < 10¹⁸ fen."""
    if not 0 <= amount < 10**18:
        raise ValueError("only amounts from 0 to 10^18 fen have words here")
    yuan, jiao, fen = amount // 100, amount // 10 % 10, amount % 10
    words = _whole(yuan) + "元" if yuan else ""
    if not jiao and not fen:
        return (words or "零元") + "整"
    if jiao:
        words += _DIGITS[jiao] + "角"
    elif words:
        words += "零"
    return words + (_DIGITS[fen] + "分" if fen else "整")


def _whole(number: int) -> str:
    groups: list[int] = []
    while number:
        number, rest = divmod(number, 10000)
        groups.append(rest)
    words = ""
    for index in range(len(groups) - 1, -1, -1):
        group = groups[index]
        if not group:
            continue
        skipped = words and (group < 1000 or (index + 1 < len(groups) and not groups[index + 1]))
        words += ("零" if skipped else "") + _thousands(group) + _GROUPS[index]
    return words


def _thousands(group: int) -> str:
    words, gap = "", False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit:
            words += ("零" if gap and words else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = True
    return words
