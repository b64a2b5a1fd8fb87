"""One case file for each way of selecting, and one more where a way has a turn that the others lack."""

from datetime import timedelta
from typing import Any

from bidding import entries
from bidding.entries import lots, offers
from bidding.entries import merit as plans
from core.clock import rfc3339
from core.money import parse, wire
from journal import canon
from journal.awards import experts
from journal.offers import SealedPrice, opened, root
from tests.vectors.case import TRUSTEES, File, secret

FOUR = ("青松", "白杨", "红柳", "沙枣")
SIX = (*FOUR, "金露", "银杏")


def all_files() -> dict[str, File]:
    """Name of the vector → its case file."""
    makers = (live, live_tie_out, sealed, sealed_tie, sealed_failed, average, merit_, draw, credit_draw, direct)
    return {
        maker.__name__.strip("_").replace("_", "-").replace("credit-draw", "credit_draw"): maker() for maker in makers
    }


def priced(file: File, prices: dict[str, str], *, replaced: str | None = None) -> None:
    """Seal these prices, close and open them; `replaced` had sent another before."""
    shut_prices(file, prices, replaced=replaced)
    open_prices(file, prices)


def shut_prices(file: File, prices: dict[str, str], *, replaced: str | None = None) -> None:
    file.add(
        "offers.arranged", {"trustees": {"keys": [k.hex() for k in TRUSTEES.keys], "threshold": TRUSTEES.threshold}}
    )
    if replaced:
        first = SealedPrice.of("99999.00", file.people[replaced]["uscc"], secret(f"first price {replaced}"), TRUSTEES)
        file.add(*offers.sealed(replaced, first.commitment, first.digest, replaces=False))
    for label in prices:
        one = _sealed_price(file, label, prices)
        file.add(*offers.sealed(label, one.commitment, one.digest, replaces=label == replaced))
        file.wait(60)
    shut = {label: _sealed_price(file, label, prices).commitment for label in prices}
    file.add(*offers.closed(root(shut), shut))


def open_prices(file: File, prices: dict[str, str]) -> None:
    found = []
    for label in prices:
        k = secret(f"price {label}")
        one = _sealed_price(file, label, prices)
        result = opened(one, k, file.people[label]["uscc"], 100_000_00, TRUSTEES)
        amount = None if result.amount is None else wire(result.amount)
        void = result.void and result.void.value
        found.append({"label": label, "amount": amount, "nonce": k.hex(), "by": "trustees", "void": void})
    file.wait(30)
    file.add(*offers.opened(found))


def _sealed_price(file: File, label: str, prices: dict[str, str]) -> SealedPrice:
    return SealedPrice.of(prices[label], file.people[label]["uscc"], secret(f"price {label}"), TRUSTEES)


def _auction(file: File, openings: dict[str, str], hard_end: int) -> None:
    """Opening offers stand as prices, the lowest last; the auction runs ten minutes."""
    priced(file, openings)
    begin = file.now + timedelta(seconds=180)
    file.add(*entries.ready(file.now, begin))
    for label, amount in sorted(openings.items(), key=lambda one: -parse(one[1])):
        file.add("bid.placed", {"label": label, "amount": amount, "opening": True})
    file.wait(180)
    end = file.now + timedelta(seconds=600)
    file.add(*entries.opened(begin, end, file.now + timedelta(seconds=hard_end), 100_000_00, 500_00))


def _bid(file: File, label: str, amount: str, **more: Any) -> int:
    return file.add("bid.placed", {"label": label, "amount": amount, **more})


def _floor(file: File, label: str, amount: str) -> dict[str, Any]:
    nonce = secret(f"floor {label}")
    seq = file.add(
        "proxy.set",
        {"label": label, "commitment": canon.commitment("floor", nonce, {"amount": amount, "label": label})},
    )
    return {"seq": seq, "label": label, "amount": amount, "nonce": nonce.hex()}


def live() -> File:
    """Opening offers, a hidden floor, a soft close, a bidder barred; the winner declines and the next in rank follows."""
    file = File("GS-2026-900001", "live")
    file.enrol(*FOUR)
    _auction(file, {"青松": "96000.00", "白杨": "98000.00", "红柳": "97500.00", "沙枣": "99000.00"}, 3600)
    file.wait(100)
    floor = _floor(file, "白杨", "94000.00")
    _bid(file, "白杨", "95500.00", proxy=True)
    file.wait(100)
    _bid(file, "沙枣", "95000.00")
    _bid(file, "白杨", "94500.00", proxy=True)
    file.wait(50)
    file.add(*entries.barred("沙枣", "suspended", 94_500_00, "白杨", file.now + timedelta(seconds=350)))
    file.wait(300)
    seq = _bid(file, "青松", "94000.00")
    file.add(*entries.prolonged(file.now + timedelta(seconds=120), seq))
    file.wait(60)
    seq = _bid(file, "红柳", "93500.00")
    file.add(*entries.prolonged(file.now + timedelta(seconds=120), seq))
    file.wait(120)
    kind, data = entries.closed("红柳", 93_500_00, file.reveals())
    file.add(kind, {**data, "floors": [floor]})
    file.award("红柳", 93_500_00)
    file.wait(3600)
    file.add(*entries.award_declined("红柳", "人员不足"))
    file.award("青松", 94_000_00, 2)
    file.wait(86400)
    file.add(*entries.award_final())
    return file


def live_tie_out() -> File:
    """The hard end cuts an extension short: who is near sends one sealed price, and equal ones fall to the earlier position."""
    file = File("GS-2026-900002", "live")
    file.enrol(*FOUR)
    _auction(file, {"青松": "96000.00", "白杨": "95500.00", "红柳": "99500.00", "沙枣": "99000.00"}, 600)
    file.wait(550)
    _bid(file, "青松", "95000.00")
    _bid(file, "白杨", "94500.00")
    file.wait(50)
    seats = [("白杨", "94500.00"), ("青松", "95000.00")]
    until = rfc3339(file.now + timedelta(seconds=120))
    file.add("tie_out.opened", {"seats": [{"label": a, "amount": b} for a, b in seats], "closes_at": until})
    sent = {"白杨": "93000.00", "青松": "93000.00"}
    for label in ("青松", "白杨"):
        value = {"amount": sent[label], "label": label}
        file.wait(30)
        commitment = canon.commitment("tie-out", secret(f"tie-out {label}"), value)
        file.add("tie_out.offered", {"label": label, "commitment": commitment})
    file.wait(60)
    opened_ = [{"label": a, "amount": sent[a], "nonce": secret(f"tie-out {a}").hex()} for a, _ in seats]
    file.add("tie_out.closed", {"offers": opened_, "best": "93000.00", "leader": "白杨"})
    file.add(*entries.closed("白杨", 93_000_00, file.reveals()))
    file.award("白杨", 93_000_00)
    return file


def sealed() -> File:
    """The lowest valid price; the ceiling was raised before, one price is above it all the same, one was replaced."""
    file = File("GS-2026-900003", "sealed", ceiling="90000.00")
    change = {"field": "ceiling", "old": "90000.00", "new": "100000.00"}
    until = rfc3339(file.now + timedelta(days=3))
    file.add(
        "request.changed",
        {"changes": [change], "enrol_until": until, "selects_at": until, "reason": "增加监测点位", "findings": []},
    )
    file.enrol(*FOUR)
    prices = {"青松": "95000.00", "白杨": "86500.00", "红柳": "100000.01", "沙枣": "87250.50"}
    priced(file, prices, replaced="白杨")
    file.close("白杨", 86_500_00)
    return file


def sealed_tie() -> File:
    """Two lowest prices are equal: a draw between them, opened only then."""
    file = File("GS-2026-900004", "sealed")
    file.enrol(*FOUR)
    priced(file, {"青松": "86500.00", "白杨": "86500.00", "红柳": "91000.00", "沙枣": "87250.50"})
    file.open_draw("T1", "红柳")
    first = file.seal_and_draw("T1", {"青松": 1, "白杨": 1}, "红柳")[0]
    file.close(first, 86_500_00)
    return file


def sealed_failed() -> File:
    """Nobody sent a price."""
    file = File("GS-2026-900005", "sealed")
    file.enrol(*FOUR[:2])
    priced(file, {})
    file.add(*entries.selection_failed("no_bids", file.reveals()))
    return file


def average() -> File:
    """Six prices, one far from the others and dropped; the factor is sealed before the opening and drawn after it."""
    file = File("GS-2026-900006", "average")
    file.open_draw("F")
    file.enrol(*SIX)
    amounts = ("90000.00", "91000.00", "92000.00", "88500.00", "60000.00", "89333.33")
    prices = dict(zip(SIX, amounts, strict=True))
    shut_prices(file, prices)
    file.seal("F", {str(n): 1 for n in (950, 960, 970, 980, 990, 1000)})
    open_prices(file, prices)
    file.reveal_and_draw("F")
    found = file.outcome()
    file.close(found.winner or "", found.amount or 0)
    return file


def merit_() -> File:
    """Experts drawn mark unnamed plans before prices open; one declares a conflict; the dearest wins by its plan."""
    file = File("GS-2026-900007", "merit", weights={"price": 50, "quality": 40, "credit": 10})
    file.open_draw("E")
    labels = FOUR[:3]
    file.enrol(*labels)
    for label in labels:
        file.add(*plans.plan_submitted(label, secret(f"plan {label}").hex(), 20_000))
    scores = [("青松", "84.2", "B"), ("白杨", "91.0", "A"), ("红柳", "76.5", "N")]
    file.add(*lots.credit_noted({"label": a, "k": k, "grade": g} for a, k, g in scores))
    prices = {"青松": "90000.00", "白杨": "86000.00", "红柳": "86000.00"}
    shut_prices(file, prices)
    file.add(
        *plans.plans_closed({"label": one, "sha256": secret(f"plan {one}").hex(), "size": 20_000} for one in labels)
    )
    order = file.seal_and_draw("E", {f"E{n:03d}": 1 for n in range(1, 8)})
    due = file.now + timedelta(days=3)
    file.add(*plans.experts_appointed(order[:3], due))
    file.add(*plans.expert_recused(order[1], order[3], due))
    _mark(file, [order[0], order[2], order[3]])
    open_prices(file, prices)
    file.close("青松", 90_000_00)
    return file


def _mark(file: File, seated: list[str]) -> None:
    """Each expert's marks, sealed and then shown together."""
    shown = []
    points = (
        {"白杨": 78, "红柳": 85, "青松": 90},
        {"白杨": 80, "红柳": 60, "青松": 88},
        {"白杨": 75, "红柳": 84, "青松": 93},
    )
    for expert, given in zip(seated, points, strict=True):
        marks = [{"label": label, "points": one, "reason": "措施与监测点位的落实程度"} for label, one in given.items()]
        salt = secret(f"marks {expert}")
        file.add(*plans.marks_given(expert, experts.commitment(salt, marks)))
        shown.append({"expert": expert, "salt": salt.hex(), "marks": marks})
        file.wait(60)
    file.add(*plans.marks_published(shown))


def draw() -> File:
    """Everybody once at the fixed fee. One contributor's envelope is dishonest, another keeps silent: neither chooses anything."""
    file = File("GS-2026-900008", "draw", ceiling="86000.00")
    file.open_draw("D", "青松", "白杨", dishonest="白杨")
    file.enrol(*FOUR)
    file.add(*entries.turned_away("沙枣", "suspended"))
    first = file.seal_and_draw(
        "D",
        dict.fromkeys(FOUR[:3], 1),
        "青松",
        "白杨",
        excluded={"沙枣": "suspended"},
        silent="青松",
        dishonest="白杨",
    )[0]
    file.close(first, 86_000_00)
    return file


def credit_draw() -> File:
    """A long list by credit, a short list by draw with tickets by grade, the buyer's reasoned choice."""
    file = File("GS-2026-900009", "credit_draw")
    file.open_draw("D")
    file.enrol(*SIX)
    known = [
        ("青松", "84.2", "B"),
        ("白杨", "91.0", "A"),
        ("红柳", "76.5", "N"),
        ("沙枣", "58.0", "D"),
        ("金露", "76.5", "C"),
        ("银杏", "70.1", "C"),
    ]
    file.add(*lots.credit_noted({"label": a, "k": k, "grade": g} for a, k, g in known))
    tickets = {"青松": 3, "白杨": 4, "红柳": 3, "金露": 1}
    order = file.seal_and_draw("D", tickets, excluded={"沙枣": "k_below_76.5", "银杏": "k_below_76.5"})
    file.add(*lots.short_listed(order[:3], file.now + timedelta(days=2), file.reveals(order[:3])))
    file.wait(3600)
    file.add(*lots.picked(order[1], "做过同一灌区的前期方案"))
    file.close(order[1], 100_000_00)
    return file


def direct() -> File:
    """The agency that an enterprise named confirms the price it named."""
    named = {
        "agency": {"name": "祁连生态咨询有限公司", "uscc": "91620100MA00000010"},
        "price": "78000.00",
        "reason": "续做上年监测",
    }
    file = File("GS-2026-900010", "direct", direct=named)
    file.add(*lots.direct_asked(file.now + timedelta(days=2)))
    file.enrol("青松")
    file.add(*lots.direct_confirmed("青松", 78_000_00))
    file.close("青松", 78_000_00)
    return file
