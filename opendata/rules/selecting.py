"""From the first bid to the final award: what entries of `bidding` say of bids and awards. Pure.

Before identities are public a bid stands under its label and names nobody (I5).
"""

from collections.abc import Iterable
from typing import Any

from opendata.rules.course import Course, Data, Part
from opendata.rules.shapes import reference, value

_UPDATE = ("tenderUpdate",)


def placed(course: Course, data: Data) -> Part:
    """A bid of a live auction: the first one of a label is its opening price."""
    return _details([_priced(course, data["label"], data["amount"])])


def opened(course: Course, data: Data) -> Part:
    """All sealed prices at once; `void` says why one does not count."""
    return _details(
        _priced(course, one["label"], one["amount"])
        if one["void"] is None
        else _void(course, one["label"], one["amount"])
        for one in data["offers"]
    )


def offers_closed(course: Course, data: Data) -> Part:
    """The deadline: how many sealed prices there are, none of them open."""
    course.bidders.update(str(one["label"]) for one in data["offers"])
    return _details(course.bid(one["label"], status="pending") for one in data["offers"])


def tie_out(course: Course, data: Data) -> Part:
    return _details(_priced(course, one["label"], one["amount"]) for one in data["offers"])


def confirmed(course: Course, data: Data) -> Part:
    return _details([_priced(course, data["label"], data["amount"])])


def barred(course: Course, data: Data) -> Part:
    """The bids of a label no longer count."""
    course.out.add(data["label"])
    return _details([course.bid(data["label"], status="disqualified")])


def low_decided(course: Course, data: Data) -> Part | None:
    """A price found abnormally low and not explained is out."""
    return None if data["accepted"] else barred(course, data)


def begun(course: Course, data: Data) -> Part:
    """The auction runs, or runs again, until then."""
    start = {"startDate": data["opens_at"]} if "opens_at" in data else {}
    return _award_period(course, {**start, "endDate": data["closes_at"]})


def prolonged(course: Course, data: Data) -> Part:
    return _award_period(course, {"endDate": data["closes_at"]})


def short_listed(course: Course, data: Data) -> Part:
    """The names of a short list are open before its buyer picks."""
    return Part(_UPDATE, _revealed(course, data))


def closed(course: Course, data: Data) -> Part:
    """The end of a selection: who stood behind the labels, and how many there were."""
    return Part(_UPDATE, _revealed(course, data) | {"tender": {"id": course.facts.number, **_numbers(course)}})


def failed(course: Course, data: Data) -> Part:
    """No award comes of it; `statusDetails` is the code of the reason."""
    tender = {"id": course.facts.number, "status": "unsuccessful", "statusDetails": data["reason"], **_numbers(course)}
    return Part(_UPDATE, _revealed(course, data) | {"tender": tender})


def awarded(course: Course, data: Data) -> Part:
    """Published, and pending while it may be objected to."""
    course.awards += 1
    winner = course.winner = dict(data["winner"])
    award = {
        "id": course.award,
        "title": "中选公告",
        "status": "pending",
        "date": course.at,
        "value": value(data["amount"]),
        "suppliers": [reference(winner)],
        "items": [course.item],
        "documents": [_notice(course)],
        "standstillPeriod": {"startDate": course.at, "endDate": data["standstill_until"]},
    }
    tender = {"id": course.facts.number, "status": "complete"}
    parties = [course.party(winner, "tenderer", "supplier")]
    return Part(("award",), {"parties": parties, "tender": tender, "awards": [award]})


def final(course: Course, _data: Data) -> Part:
    return Part(("awardUpdate",), {"awards": [{"id": course.award, "status": "active"}]})


def fell(course: Course, data: Data) -> Part:
    """The winner declined, or the award was voided; an unsigned contract falls with it."""
    reason = data.get("reason") or data.get("because") or f"异议 {data.get('objection')} 成立"
    amendment = {"id": course.release, "date": course.at, "rationale": str(reason)}
    body: dict[str, Any] = {"awards": [{"id": course.award, "status": "cancelled", "amendments": [amendment]}]}
    if course.contract and not course.signed:
        body["contracts"] = [{"id": course.contract, "awardID": course.award, "status": "cancelled"}]
    return Part(("awardCancellation",), body)


def _priced(course: Course, label: str, amount: str) -> dict[str, Any]:
    price = value(amount)
    first = {} if label in course.priced else {"openingValue": price}
    course.bidders.add(label)
    course.priced.add(label)
    return course.bid(label, date=course.at, status="valid", value=price, **first)


def _void(course: Course, label: str, amount: str | None) -> dict[str, Any]:
    course.out.add(label)
    price = {} if amount is None else {"value": value(amount)}
    return course.bid(label, date=course.at, status="disqualified", **price)


def _details(bids: Iterable[dict[str, Any]]) -> Part:
    return Part(_UPDATE, {"bids": {"details": list(bids)}})


def _award_period(course: Course, period: dict[str, Any]) -> Part:
    return Part(_UPDATE, {"tender": {"id": course.facts.number, "awardPeriod": period}})


def _revealed(course: Course, data: Data) -> dict[str, Any]:
    """Opens labels: parties and the bids' tenderers. Who entered and never bid was interested, and is no tenderer."""
    new = {one["label"]: {"name": one["name"], "uscc": one["uscc"]} for one in data["reveals"]}
    course.names.update(new)
    if course.fixed_price:
        course.bidders.update(label for label in new if label in course.entrants)
    roles = {label: ("tenderer",) if label in course.bidders else ("interestedParty",) for label in new}
    bids = [course.bid(label, status=_status(course, label)) for label in new if label in course.bidders]
    body: dict[str, Any] = {"parties": course.parties((new[label], roles[label]) for label in new)}
    if bids:
        body["bids"] = {"details": bids}
        tenderers = [reference(new[label]) for label in new if label in course.bidders]
        body["tender"] = {"id": course.facts.number, "tenderers": tenderers}
    return {name: part for name, part in body.items() if part}


def _status(course: Course, label: str) -> str:
    return "disqualified" if label in course.out else "valid"


def _numbers(course: Course) -> dict[str, Any]:
    known = [label for label in course.bidders if label in course.names]
    found: dict[str, Any] = {"numberOfTenderers": len(known)}
    if known:
        found["tenderers"] = [reference(course.names[label]) for label in sorted(known)]
    return found


def _notice(course: Course) -> dict[str, Any]:
    return {
        "id": "award-notice",
        "documentType": "awardNotice",
        "title": "中选公告",
        "url": course.facts.url(f"/awards/{course.facts.number}/"),
        "datePublished": course.at,
        "format": "text/html",
        "language": "zh",
    }
