"""From the contract to its last payment: what entries of `contracts` say of contracts and their implementation. Pure."""

from typing import Any

from opendata.rules.course import Course, Data, Milestone, Part
from opendata.rules.shapes import attachment, reference, value

_MET = {"accepted": "met", "partly": "partiallyMet", "returned": "scheduled"}


def drafted(course: Course, data: Data) -> Part:
    """The contract of a final award, not yet signed."""
    course.contract, course.signed, course.price = f"{course.facts.number}-C{course.awards}", False, data["price"]
    course.milestones.clear()
    contract = {"title": course.item["description"], "status": "pending", "value": value(data["price"])}
    # The payer was named with the buyer; the supplier is the payee from now on.
    parties = [course.party(course.winner, "payee")]
    return Part(("contract",), {"parties": parties, **_contract(course, {**contract, "items": [course.item]})})


def signed(course: Course, data: Data) -> Part:
    """Both have confirmed the same text, which is known by its hash."""
    course.signed, course.price = True, data["price"]
    due = max((one["due"] for one in data["milestones"]), default=course.at)
    contract = {
        "status": "active",
        "dateSigned": course.at,
        "period": {"startDate": course.at, "endDate": due},
        "value": value(data["price"]),
        "milestones": _plan(course, data),
        "documents": [_text(course, data)],
    }
    return Part(("contractUpdate",), _contract(course, contract))


def changed(course: Course, data: Data) -> Part:
    """A change that both confirmed; a large one says why (R9). Milestones it drops were not met, and will not be."""
    before, course.price = course.price, data["price"]
    amendment = {
        "id": course.release,
        "date": course.at,
        "rationale": data.get("reason") or "双方确认的变更",
        "description": "重大变更，已公开" if data["published"] else "变更",
        "releaseID": course.release,
        "formerValue": value(before),
        "value": value(data["price"]),
    }
    standing = {one["n"] for one in data["milestones"]}
    dropped = [{"id": str(n), "status": "notMet"} for n in course.milestones if n not in standing]
    contract = {
        "value": value(data["price"]),
        "milestones": [*_plan(course, data), *dropped],
        "amendments": [amendment],
        "documents": [_text(course, data)],
    }
    if data["milestones"]:
        contract["period"] = {"endDate": max(one["due"] for one in data["milestones"])}
    return Part(("contractAmendment",), _contract(course, contract))


def ended(course: Course, _data: Data) -> Part:
    """Performed to the end, or dissolved before: OCDS has one word for both."""
    return Part(("contractTermination",), _contract(course, {"status": "terminated"}))


def reopened(course: Course, _data: Data) -> Part:
    """Money went back, so something is owed again."""
    return Part(("contractUpdate",), _contract(course, {"status": "active"}))


def delivered(course: Course, data: Data) -> Part:
    milestone = course.milestones.setdefault(data["milestone"], Milestone())
    milestone.delivered = course.at
    documents = [
        {
            **attachment(course.facts, one, course.at, "physicalProgressReport"),
            "relatedMilestone": str(data["milestone"]),
        }
        for one in data["files"]
    ]
    return Part(course.implementation(), _contract(course, {"implementation": {"documents": documents}}))


def decided(course: Course, data: Data) -> Part:
    """Accepted, accepted in part, or returned. A milestone was met when what was accepted was delivered."""
    milestone = course.milestones.setdefault(data["milestone"], Milestone())
    milestone.status = _MET[data["verdict"]]
    said: dict[str, Any] = {"id": str(data["milestone"]), "status": milestone.status, "dateModified": course.at}
    if data["verdict"] != "returned":
        said["dateMet"] = milestone.delivered or course.at
    return Part(course.implementation(), _contract(course, {"milestones": [said]}))


def granted(course: Course, data: Data) -> Part | None:
    """An extension that was granted."""
    if not data["granted"]:
        return None
    milestone = {"id": str(data["milestone"]), "dueDate": data["due"], "dateModified": course.at}
    return Part(("contractUpdate",), _contract(course, {"milestones": [milestone]}))


def paid(course: Course, data: Data) -> Part:
    return _transaction(course, data["amount"], back=False, method=data["method"])


def returned(course: Course, data: Data) -> Part:
    """A refund."""
    return _transaction(course, data["amount"], back=True, method=data["method"])


def kept(course: Course, data: Data) -> Part:
    """A refund that the payer's bank did not take: the payee has the money again."""
    return _transaction(course, data["amount"], back=False, method=data["method"])


def disputed(course: Course, data: Data) -> Part:
    """A card dispute took the money back, or gave it again."""
    return _transaction(course, data["amount"], back=not data["won"], method=data["method"])


def _transaction(course: Course, amount: str, *, back: bool, method: str) -> Part:
    there, here = reference(course.payer), reference(course.winner)
    payer, payee = (here, there) if back else (there, here)
    said = {
        "id": course.release,
        "source": course.facts.url(f"/r/{course.facts.number}/"),
        "date": course.at,
        "value": value(amount),
        "payer": payer,
        "payee": payee,
        "paymentMethod": method,
    }
    return Part(course.implementation(), _contract(course, {"implementation": {"transactions": [said]}}))


def _plan(course: Course, data: Data) -> list[dict[str, Any]]:
    found = []
    for one in data["milestones"]:
        milestone = course.milestones.setdefault(one["n"], Milestone())
        said = {"id": str(one["n"]), "title": one["name"], "type": "delivery", "dueDate": one["due"]}
        found.append({**said, "status": milestone.status, "value": value(one["amount"])})
    return found


def _text(course: Course, data: Data) -> dict[str, Any]:
    """The text of the contract: the parties', so its hash is public and the text is not."""
    return {
        "id": data["sha256"],
        "documentType": "contractSigned",
        "title": f"合同文本第 {data['version']} 稿",
        "datePublished": course.at,
        "sha256": data["sha256"],
    }


def _contract(course: Course, fields: dict[str, Any]) -> dict[str, Any]:
    return {"contracts": [{"id": course.contract, "awardID": course.award, **fields}]}
