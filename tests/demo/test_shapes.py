"""The demo's entries never drift from the platform's: for every kind, the data that real actions write has the same shape."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from accounts import actions as accounts
from accounts.models import Kind, Organisation, User
from agencies import actions as registering
from agencies.models import Agency, QualificationKind, TieNature
from bidding.actions import Answer, advance, cancel, enrol, leave
from bidding.models import Award
from core.clock import database_now
from core.models import Region
from demo.actions import seed
from journal.models import Entry
from marketplace import actions as market
from marketplace.models import Method, Request, ServiceItem
from tests import cast
from tests.demo import real_contracts, real_credit

pytestmark = pytest.mark.slow


@pytest.fixture
def real_entries(db: None, bid: Callable[..., Answer]) -> dict[str, set[str]]:
    """Every kind that the demo writes, written by the platform's own actions in a small world."""
    market.load_catalogue()
    boss = cast.person("boss@platform.example", is_staff=True)
    region = Region.objects.get(pk="620100")
    invited = accounts.invite_organisation(
        boss, kind=Kind.DEPARTMENT, name="某局", uscc=cast.next_uscc(), region=region, email="a@b.example", field="水利"
    )
    officer = accounts.accept(invited.token, name="李四", phone="0931-5550000", password="correct horse battery")
    owner = accounts.register_enterprise(_applicant("甘肃某公司"), signed=True)
    agencies = [registering.register(_applicant(f"第{n}事务所"), signed=True) for n in range(3)]
    _furnish(agencies[0], cast.organisation(Kind.DEPARTMENT, "另一局", field="气象"))
    for one in agencies:
        market.offer(one, {"WAT-01": 100})
    _awarded(owner, agencies, bid)
    _withdrawn(owner)
    _too_few(officer, agencies)
    _nobody(officer)
    item = ServiceItem.objects.get(pk="WAT-01")
    real_contracts.write_all(owner, agencies[0], item, _office_of(officer))
    real_credit.write_all(owner, agencies[0], item)
    return _shapes()


def test_each_kind_of_entry_has_the_shape_that_the_platform_gives_it(real_entries):
    before = Entry.objects.latest("pk").pk
    seed(requests=300)
    invented = _shapes(after=before)
    for kind, shapes in invented.items():
        if kind.startswith(real_credit.OWN_VERBS):
            continue
        assert kind in real_entries, f"no real action was shown to write {kind}"
        assert shapes <= real_entries[kind], kind
    assert len(invented) >= 40


def _office_of(officer: User) -> Organisation:
    return officer.memberships.get().organisation


def _applicant(name: str) -> accounts.Applicant:
    code = cast.next_uscc()
    mail = f"{code.lower()}@real.example"
    return accounts.Applicant(name, code, "620100", "张三", "0931-5550001", mail, "correct horse battery")


def _furnish(agency: Agency, department: Organisation) -> None:
    user = agency.organisation.memberships.get().user
    registering.change_profile(user, agency, {"intro": "简介", "legal_representative": "张三"})
    kind = QualificationKind.objects.get(pk="SURVEY")
    claim = registering.Claim(kind, "1", "某部门", date(2026, 1, 1), date(2030, 1, 1))
    registering.claim_qualification(user, agency, claim)
    registering.declare_tie(user, agency, department, TieNature.STAFF)
    registering.show_work(user, agency, title="某项目", client="某公司", year=2025)


def _published(by: User, title: str) -> Request:
    buyer = by.memberships.get().organisation
    values: dict[str, Any] = {
        "item": ServiceItem.objects.get(pk="WAT-01"),
        "region": buyer.region,
        "title": title,
        "scope": "按规范编制方案。",
        "deliverables": "方案一份。",
        "term_workdays": 10,
        "method": Method.LIVE,
        "ceiling": cast.yuan("100000"),
        "budget_line": "某经费" if buyer.kind == Kind.DEPARTMENT else "",
    }
    return market.publish(by, buyer, market.save_draft(by, buyer, values).pk)


def _awarded(owner: User, agencies: list[Agency], bid: Callable[..., Answer]) -> None:
    request = _published(owner, "节水改造水土保持方案编制")
    for one in agencies:
        enrol(None, one, request.number or "")
    leave(agencies[2], request.number or "")
    auction = cast.go_live(request)
    cast.set_close(auction, 60)
    assert bid(auction, agencies[0], "99000.00").refusal is None
    cast.set_close(auction, -1)
    advance(request.number or "")
    Award.objects.filter(request=request).update(standstill_until=database_now())
    advance(request.number or "")


def _withdrawn(owner: User) -> None:
    request = _published(owner, "道路工程水土保持方案编制")
    cancel(request.buyer, request.number or "", "不再需要")


def _too_few(officer: User, agencies: list[Agency]) -> None:
    """One request goes on with two after its extension and hears no bid."""
    request = _published(officer, "灌区工程水土保持方案编制")
    for one in agencies[:2]:
        enrol(None, one, request.number or "")
    cast.let_enrolment_end(request)
    auction = cast.go_live(request)
    cast.set_close(auction, -1)
    advance(request.number or "")


def _nobody(officer: User) -> None:
    request = _published(officer, "水库工程水土保持方案编制")
    cast.let_enrolment_end(request)
    cast.let_enrolment_end(request)


def _shapes(after: int = 0) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for entry in Entry.objects.filter(pk__gt=after):
        found.setdefault(entry.kind, set()).add(_shape(entry.data))
    return found


def _shape(value: Any) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{name}: {_shape(one)}" for name, one in sorted(value.items())) + "}"
        case list():
            return f"[{_shape(value[0])}]" if value and isinstance(value[0], dict) else "[]"
        case int() if not isinstance(value, bool):
            return "number"
        case bool():
            return "yes or no"
        case _:
            return "text"
