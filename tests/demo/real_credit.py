"""Every shape that evaluations and ledgers can have, written by the platform's own actions."""

from itertools import product

from accounts.models import Kind, Organisation, User
from agencies.models import Agency
from contracts import actions as contracts
from marketplace.models import ServiceItem
from ratings.actions import evaluations
from ratings.clockwork.evaluation import do_due_evaluations
from ratings.models import MarkSide
from tests import cast
from tests.contracts import play
from tests.ratings import acting, rating

PRICE = 10_000_000
# What the demo tells with the platform's own verbs needs no comparison.
OWN_VERBS = (
    "exit.",
    "flag.",
    "agency.standing",
    "credit.",
    "item.cancelled",
    "inspection.",
    "draw.",
    "trustee.",
    "complaint.",
    "list.",
)


def write_all(by: User, agency: Agency, item: ServiceItem) -> None:
    """Every combination of sides that speak, a bad mark that is put right, and an act."""
    buyer = by.memberships.get().organisation
    # Of a field that no department here has: nobody is asked what became of the result.
    unknown = ServiceItem.objects.exclude(department_zh__in=[item.department_zh, "气象"]).first()
    assert unknown
    _put_right(_finished(buyer, by, unknown, agency))
    department = cast.organisation(Kind.DEPARTMENT, "某水务局", buyer.region_id, field=item.department_zh)
    cast.person("water@department.example", department)
    for speaks in product((True, False), repeat=3):
        _evaluated(_finished(buyer, by, item, agency), department, *speaks)
    acting.note(agency, "unsigned", "shape")


def _finished(buyer: Organisation, by: User, item: ServiceItem, agency: Agency) -> str:
    """Signed, delivered, accepted and paid; its round is open."""
    number = play.quick_award(buyer, by, item, agency, PRICE)
    play.sign(number)
    payment = play.transfer(play.due(number), "100000.00")
    contracts.confirm_receipt(agency.organisation, payment.pk, PRICE)
    do_due_evaluations()
    return number


def _evaluated(number: str, department: Organisation, buyer: bool, agency: bool, reports: bool) -> None:
    if reports:
        rating.by_department(number, department)
    if buyer:
        rating.by_buyer(number)
    if agency:
        rating.by_agency(number)
    rating.end_window(number)
    do_due_evaluations()


def _put_right(number: str) -> None:
    rating.revealed(number, grade=1, comment="数据有误")
    one = play.contract(number)
    evaluations.report_rectification(play.user_of(one.agency), one.agency, number, MarkSide.BUYER, "已更正")
    evaluations.judge_rectification(one.buyer, number, MarkSide.BUYER, "整改到位", confirmed=True)
