"""The small cast of the tests: one operator, one enterprise, one department, three agencies, two regulators."""

import itertools
import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from stdnum.cn import uscc as standard

from accounts.models import Kind, Membership, Organisation, Role, User
from agencies.models import Agency, QualificationKind
from bidding.actions import Press, advance, enrol, set_floor
from bidding.models import Auction
from core.clock import BEIJING, database_now, rfc3339
from core.models import Region
from journal.actions import lock_case, open_case
from marketplace.models import (
    CommissionedBy,
    FeeMode,
    ItemStatus,
    Method,
    Offering,
    Request,
    RequestStatus,
    ServiceItem,
)
from marketplace.rulesets import CURRENT, ruleset

_numbers = itertools.count(1)


def yuan(text: str) -> int:
    """Fen from a price as people write it."""
    return int(Decimal(text) * 100)


def beijing_minute(moment: datetime) -> str:
    """`2026-11-23 14:30`, as pages and refusals say it."""
    return f"{moment.astimezone(BEIJING):%Y-%m-%d %H:%M}"


def next_uscc() -> str:
    """A code that passes its check."""
    body = f"91620100MA{next(_numbers):07d}"
    return body + standard.calc_check_digit(body)


def person(email: str, organisation: Organisation | None = None, **fields: Any) -> User:
    user = User.objects.create_user(email, "correct horse battery", **fields)
    if organisation is not None:
        Membership.objects.create(user=user, organisation=organisation, role=Role.OWNER)
    return user


def organisation(kind: Kind, name: str, region: str = "620100", **fields: Any) -> Organisation:
    place, _made = Region.objects.get_or_create(code=region, defaults={"name_zh": region, "name_en": region})
    return Organisation.objects.create(
        kind=kind,
        name=name,
        uscc=next_uscc(),
        region=place,
        contact_name="张三",
        contact_phone="0931-5550000",
        **fields,
    )


def agency(name: str, region: str = "620100") -> Agency:
    """An agency, registered, without offerings; `agency.user` acts for it."""
    body = organisation(Kind.AGENCY, name, region)
    with transaction.atomic():
        held = open_case(f"A-{body.uscc}")
        held.append("agency.committed", {"version": "2026-1", "sha256": "0" * 64, "name": name, "uscc": body.uscc})
        made = Agency.objects.create(organisation=body, case_id=held.id, registered_at=held.now)
    made.user = person(f"{body.uscc.lower()}@agency.example", body)  # type: ignore[attr-defined]
    return made


def service_item(code: str = "TST-01", *, required: QualificationKind | None = None, **fields: Any) -> ServiceItem:
    made = ServiceItem.objects.create(
        code=code,
        name_zh=fields.pop("name_zh", "水土保持方案编制"),
        name_en="Soil and water conservation plan",
        department_zh="水利",
        approval_zh="水土保持方案审批",
        legal_basis_zh="《中华人民共和国水土保持法》第二十五条",
        commissioned_by=CommissionedBy.APPLICANT,
        fee_mode=FeeMode.MARKET,
        time_limit_workdays=20,
        workflow_zh=["委托", "现场踏勘", "编制", "交付"],
        conditions_zh="项目已立项。",
        fee_standard_zh="市场调节价。",
        status=ItemStatus.PUBLISHED,
        **fields,
    )
    if required is not None:
        made.required.add(required)
    return made


def published(
    buyer: Organisation, item: ServiceItem, by: User, *, ceiling: str = "100000.00", **fields: Any
) -> Request:
    """A request in public whose enrolment is open for an hour; not through the form, whose tests stand elsewhere."""
    now = database_now()
    number = f"GS-2026-{900000 + next(_numbers):06d}"
    department = buyer.kind == Kind.DEPARTMENT
    defaults: dict[str, Any] = {
        "title": "灌区节水改造水土保持方案编制",
        "region": buyer.region,
        "scope": "按规范编制方案。",
        "deliverables": "报告书一式三份。",
        "term_workdays": 20,
        "method": Method.LIVE,
        "public_funds": department,
        "payer": buyer,
        "budget_line": "2026 年水土保持专项" if department else "",
        "status": RequestStatus.PUBLISHED,
        "ruleset": CURRENT,
        "published_at": now,
        "enrol_until": now + timedelta(hours=1),
        "selects_at": now + timedelta(hours=2),
    }
    with transaction.atomic():
        held = open_case(number)
        made = {**defaults, **fields}
        held.append("request.published", _notice(number, buyer, item, ceiling, made))
        return Request.objects.create(
            number=number,
            case_id=held.id,
            buyer=buyer,
            buyer_kind=buyer.kind,
            created_by=by,
            item=item,
            ceiling=yuan(ceiling),
            **made,
        )


def _notice(number: str, buyer: Organisation, item: ServiceItem, ceiling: str, made: dict[str, Any]) -> dict[str, Any]:
    """What the case file says of its publication."""
    rules = ruleset(made["ruleset"])
    notice = {
        "number": number,
        "title": made["title"],
        "item": {"code": item.code, "name": item.name_zh},
        "region": made["region"].code,
        "scope": made["scope"],
        "deliverables": made["deliverables"],
        "materials": made.get("materials", ""),
        "term_workdays": made["term_workdays"],
        "payer": {"name": made["payer"].name, "uscc": made["payer"].uscc},
        "budget_line": made["budget_line"],
        "cited_law": made.get("cited_law", ""),
        "findings": [],
        "attachments": [],
        "forerunner": None,
        "enrol_until": rfc3339(made["enrol_until"]),
        "selects_at": rfc3339(made["selects_at"]),
        "method": str(made["method"]),
        "ceiling": f"{yuan(ceiling) / 100:.2f}",
        "public_funds": made["public_funds"],
        "ruleset": {"id": rules.id, "sha256": rules.sha256},
        "buyer": {"name": buyer.name, "uscc": buyer.uscc, "kind": str(buyer.kind)},
    }
    if named := made.get("direct_agency"):
        price = f"{made['direct_price'] / 100:.2f}"
        agency_named = {"name": named.organisation.name, "uscc": named.uscc}
        notice["direct"] = {"agency": agency_named, "price": price, "reason": made["direct_reason"]}
    return notice


def offers(item: ServiceItem, *agencies: Agency) -> None:
    Offering.objects.bulk_create([Offering(agency=a, item=item) for a in agencies])


def let_enrolment_end(request: Request) -> None:
    """The deadline has passed: make the move that follows."""
    now = database_now()
    Request.objects.filter(pk=request.pk).update(enrol_until=now, selects_at=now)
    advance(request.number or "")
    request.refresh_from_db()


def go_live(request: Request, *, seconds: float = 600, hard_seconds: float = 3600) -> Auction:
    """End enrolment and open the auction now; it closes in `seconds`."""
    let_enrolment_end(request)
    now = database_now()
    Auction.objects.filter(request=request).update(
        ready_at=now - timedelta(seconds=1),
        opens_at=now,
        closes_at=now + timedelta(seconds=seconds),
        hard_end=now + timedelta(seconds=hard_seconds),
        due_at=now,
    )
    advance(request.number or "")
    return Auction.objects.get(request=request)


def set_close(auction: Auction, seconds: float) -> None:
    """Let the auction close `seconds` from now (the past, if negative), with the times before it in order."""
    now = database_now()
    closes_at = now + timedelta(seconds=seconds)
    opens_at = min(auction.opens_at, closes_at - timedelta(seconds=60))
    Auction.objects.filter(pk=auction.pk).update(
        ready_at=min(auction.ready_at, opens_at), opens_at=opens_at, closes_at=closes_at, due_at=closes_at
    )


def live_auction(buyer: Organisation, item: ServiceItem, by: User, *agencies: Agency, **fields: Any) -> Auction:
    """A live auction of a fresh request with `agencies` enrolled."""
    request = published(buyer, item, by, **fields)
    for one in agencies:
        enrol(None, one, request.number or "")
    return go_live(request)


def short_auction(buyer: Organisation, item: ServiceItem, by: User, *agencies: Agency, **fields: Any) -> Auction:
    """One of 90 seconds and not one more: its record says so, and any bid is within the last two minutes."""
    request = published(buyer, item, by, **fields)
    for one in agencies:
        enrol(None, one, request.number or "")
    return go_live(request, seconds=90, hard_seconds=90)


def ready_auction(buyer: Organisation, item: ServiceItem, by: User, *agencies: Agency, **fields: Any) -> Auction:
    """About to open: the first two have opening offers of 96,000 and 95,000 yuan, the third a floor of 90,000."""
    request = published(buyer, item, by, **fields)
    for one in agencies:
        enrol(None, one, request.number or "")
    let_enrolment_end(request)
    now = database_now()
    soon = Auction.objects.filter(request=request)
    soon.update(opens_at=now + timedelta(seconds=60), closes_at=now + timedelta(seconds=660))
    user = agencies[2].organisation.memberships.get().user_id
    set_floor(request.number or "", Press(uuid.uuid4(), agencies[2].pk, user, yuan("90000.00"), True))
    labels = [request.enrolments.get(agency=one).label for one in agencies[:2]]
    offers = [
        {"label": label, "amount": amount, "nonce": "", "by": "bidder", "void": None}
        for label, amount in zip(labels, ("96000.00", "95000.00"), strict=True)
    ]
    with transaction.atomic():
        lock_case(request.number or "").append("offers.opened", {"offers": offers})
    now = database_now()
    soon.update(ready_at=now - timedelta(seconds=1), opens_at=now, due_at=now, closes_at=now + timedelta(seconds=600))
    return soon.get()
