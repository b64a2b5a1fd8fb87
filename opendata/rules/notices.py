"""From the notice to the deadline: what entries of `marketplace` and of enrolment say of a tender. Pure."""

from typing import Any

from opendata.rules.course import Course, Data, Part
from opendata.rules.shapes import METHOD_NAMES, attachment, item, place, reference, value

# OCDS's method: who may come. Every agency may enter a selection but a direct one; by credit, only a short list goes on.
METHODS = {
    "live": "open",
    "sealed": "open",
    "average": "open",
    "merit": "open",
    "draw": "open",
    "credit_draw": "selective",
    "direct": "direct",
}
_CRITERIA = {
    "live": ("priceOnly", "最低报价中选"),
    "sealed": ("priceOnly", "最低有效报价中选"),
    "average": ("priceOnly", "最接近且不高于基准价的报价中选"),
    "merit": ("ratedCriteria", "价格、方案、信用加权得分最高者中选"),
    "draw": (None, "在报名机构中随机抽取，费用固定"),
    "credit_draw": ("qualityOnly", "按信用等级配签抽取入围，采购人说明理由选定"),
    "direct": (None, "采购人以自有资金直接选取，机构确认"),
}
_TEXTS = {"scope": "description", "cited_law": "eligibilityCriteria"}


def published(course: Course, data: Data) -> Part:
    """The notice: plan and tender in one, for that is when both become public."""
    course.notice, course.method, course.ceiling = course.release, data["method"], data["ceiling"]
    course.buyer, course.payer = dict(data["buyer"]), dict(data["payer"])
    course.item = item(course.facts, data["item"], data["region"])
    body: dict[str, Any] = {
        "buyer": reference(data["buyer"]),
        "parties": _parties(course, data),
        "planning": {"budget": _budget(data)},
        "tender": _tender(course, data),
    }
    if data.get("forerunner"):
        body["relatedProcesses"] = [_forerunner(course, data["forerunner"])]
    return Part(("planning", "tender"), body)


def changed(course: Course, data: Data) -> Part:
    """A notice of change: the new values, and the amendment that says what they were."""
    tender: dict[str, Any] = {**_times(data), "amendments": [_amendment(course, data)]}
    for change in data["changes"]:
        name, new = change["field"], change["new"]
        if name == "ceiling":
            course.ceiling, tender["value"] = new, value(new)
        elif name == "region":
            tender["items"] = [{"id": "1", **place(course.facts, new)}]
        elif name == "term_workdays":
            tender["termWorkdays"] = new
        else:
            tender[_TEXTS.get(name, name)] = new or None
    return Part(("tenderAmendment",), {"tender": _with_id(course, tender)})


def extended(course: Course, data: Data) -> Part:
    """The deadline moved by the rules, without a notice of change."""
    return Part(("tenderUpdate",), {"tender": _with_id(course, _times(data))})


def cancelled(course: Course, data: Data) -> Part:
    amendment = {"id": course.release, "date": course.at, "rationale": data["reason"], "description": "撤回采购需求"}
    tender = {"status": "cancelled", "amendments": [amendment]}
    return Part(("tenderCancellation",), {"tender": _with_id(course, tender)})


def asked(course: Course, data: Data) -> Part:
    enquiry = {"id": str(data["question"]), "date": course.at, "description": data["text"]}
    return Part(("tenderUpdate",), {"tender": _with_id(course, {"hasEnquiries": True, "enquiries": [enquiry]})})


def answered(course: Course, data: Data) -> Part:
    enquiry = {"id": str(data["question"]), "answer": data["text"], "dateAnswered": course.at}
    return Part(("tenderUpdate",), {"tender": _with_id(course, {"enquiries": [enquiry]})})


def enrolled(course: Course, data: Data) -> Part:
    course.entrants.add(data["label"])
    return _requests(course)


def left(course: Course, data: Data) -> Part:
    """Left, or turned away."""
    course.entrants.discard(data["label"])
    return _requests(course)


def _requests(course: Course) -> Part:
    """How many have asked to take part, in the words of the bid extension."""
    statistic = {"id": "requests", "measure": "requests", "date": course.at, "value": len(course.entrants)}
    return Part(("tenderUpdate",), {"bids": {"statistics": [statistic]}})


def _parties(course: Course, data: Data) -> list[dict[str, Any]]:
    buyer, payer = data["buyer"], data["payer"]
    found = course.parties([(buyer, ("buyer", "procuringEntity")), (payer, ("payer",))])
    found[0]["details"] = {"kind": buyer["kind"]}
    return found


def _budget(data: Data) -> dict[str, Any]:
    found: dict[str, Any] = {"amount": value(data["ceiling"])}
    if data["budget_line"]:
        found["project"] = data["budget_line"]
    return found | {"description": "财政资金" if data["public_funds"] else "自有资金"}


def _tender(course: Course, data: Data) -> dict[str, Any]:
    method = data["method"]
    criteria, details = _CRITERIA[method]
    found: dict[str, Any] = {
        "title": data["title"],
        "description": data["scope"],
        "status": "active",
        "procuringEntity": reference(data["buyer"]),
        "items": [course.item],
        "value": value(data["ceiling"]),
        "procurementMethod": METHODS[method],
        "procurementMethodDetails": METHOD_NAMES[method],
        "mainProcurementCategory": "services",
        "awardCriteriaDetails": details,
        "submissionMethod": ["electronicAuction" if method == "live" else "electronicSubmission"],
        **_times(data),
        "documents": _documents(course, data),
        # Fields of this publisher (docs/opendata.md): what OCDS has no place for.
        "method": method,
        "deliverables": data["deliverables"],
        "termWorkdays": data["term_workdays"],
    }
    found["tenderPeriod"]["startDate"] = course.at
    if criteria:
        found["awardCriteria"] = criteria
    if data["materials"]:
        found["materials"] = data["materials"]
    if data["cited_law"]:
        found["eligibilityCriteria"] = data["cited_law"]
    if "direct" in data:
        found["procurementMethodRationale"] = data["direct"]["reason"]
    return _with_id(course, found)


def _times(data: Data) -> dict[str, Any]:
    return {"tenderPeriod": {"endDate": data["enrol_until"]}, "awardPeriod": {"startDate": data["selects_at"]}}


def _documents(course: Course, data: Data) -> list[dict[str, Any]]:
    facts = course.facts
    page, record = facts.url(f"/r/{facts.number}/"), facts.url(f"/r/{facts.number}/record.json")
    dated = {"datePublished": course.at, "language": "zh"}
    return [
        {
            "id": "notice",
            "documentType": "tenderNotice",
            "title": "采购公告",
            "url": page,
            "format": "text/html",
            **dated,
        },
        {"id": "record", "title": "案卷", "url": record, "format": "application/json", **dated},
        *(attachment(facts, one, course.at, "biddingDocuments") for one in data["attachments"]),
    ]


def _amendment(course: Course, data: Data) -> dict[str, Any]:
    fields = "、".join(str(change["field"]) for change in data["changes"])
    amendment = {"id": course.release, "date": course.at, "rationale": data["reason"], "description": fields}
    before, course.notice = course.notice, course.release
    return amendment | {"amendsReleaseID": before, "releaseID": course.release}


def _forerunner(course: Course, number: str) -> dict[str, Any]:
    return {
        "id": "1",
        "relationship": ["unsuccessfulProcess"],
        "scheme": "ocid",
        "identifier": f"{course.facts.prefix}-{number}",
        "uri": course.facts.url(f"/r/{number}/ocds/record.json"),
    }


def _with_id(course: Course, tender: dict[str, Any]) -> dict[str, Any]:
    return {"id": course.facts.number, **tender}
