"""What an organisation reads at its own desk."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts import queries as people
from accounts.channels import actions as channels
from accounts.channels import queries as follows
from accounts.tasks import tasks_of
from api.callers import Caller, Who
from api.reads import Read
from api.shapes import contracts as paper
from api.shapes import credit, market, selection
from api.shapes.people import FOLLOWED, ME, MEMBER, NOTICE, TASK
from api.verbs import Verb
from bidding.desks import enrolments_of
from contracts import queries as contracts
from core.clock import database_now
from journal.models import Case
from marketplace import queries as requests
from ratings.queries import complaints, exits
from ratings.queries.evaluation_facts import outcomes_of
from ratings.queries.exits import repairs


def _tasks(caller: Caller) -> Any:
    return tasks_of(caller.organisation, database_now())


def _own_case(caller: Caller, number: str) -> dict[str, Any]:
    """The whole file once the notice is received, as on the page."""
    case = exits.case_of_party(caller.organisation, number)
    received = case.noticed_at is not None and case.served_at is not None
    documents = case.documents.order_by("-pk") if received else []
    return {"case": case, "documents": documents, "verbs": exits.verbs_of(case)}


def _case(name: str) -> Case:
    found = follows.followed_case(name)
    if found is None:
        raise Http404(name)
    return found


def _follow(caller: Caller, _form: Any, name: str) -> None:
    channels.follow(caller.membership, _case(name))


def _unfollow(caller: Caller, _form: Any, name: str) -> None:
    channels.unfollow(caller.membership, _case(name))


def _read_all(caller: Caller, _form: Any) -> None:
    notices.mark_all_read(caller.membership)


READS = [
    Read(
        "following",
        "me/following/",
        _("关注的需求和机构"),
        lambda c: follows.follows_of(c.membership),
        FOLLOWED,
        ("following",),
        Who.MEMBER,
        many=True,
    ),
    Read("me", "me/", _("我是谁"), lambda c: c, ME, who=Who.PERSON),
    Read(
        "members",
        "me/members/",
        _("本单位成员"),
        lambda c: people.members_of(c.organisation),
        MEMBER,
        ("members",),
        Who.MEMBER,
        many=True,
    ),
    Read(
        "inbox",
        "me/notices/",
        _("站内消息"),
        lambda c: notices.newest(c.membership, c.query.get("event", "")),
        NOTICE,
        ("inbox",),
        Who.MEMBER,
        many=True,
        order=("-at", "-id"),
        query={"event": {"type": "string"}},
    ),
    Read("tasks", "me/tasks/", _("待办"), _tasks, TASK, ("desk", "desk_calendar"), Who.MEMBER, many=True),
    Read(
        "drafts",
        "me/drafts/",
        _("草稿"),
        lambda c: requests.drafts_of(c.organisation),
        market.DRAFT,
        ("desk",),
        Who.BUYER,
        many=True,
        order=("-id",),
    ),
    Read(
        "draft",
        "me/drafts/<int:pk>/",
        _("一份草稿"),
        lambda c, pk: requests.draft_of(c.organisation, pk),
        market.DRAFT,
        ("request_edit", "request_preview"),
        Who.BUYER,
    ),
    Read(
        "enrolments",
        "me/enrolments/",
        _("本机构的报名"),
        lambda c: enrolments_of(c.agency),
        selection.ENROLMENT,
        ("desk",),
        Who.AGENCY,
        many=True,
        order=("-enrolled_at", "-id"),
    ),
    Read("own_agency", "me/agency/", _("本机构资料"), lambda c: c.agency, market.AGENCY, ("desk_agency",), Who.AGENCY),
    Read(
        "own_contracts",
        "me/contracts/",
        _("本单位的合同"),
        lambda c: contracts.contracts_of(c.organisation),
        paper.CONTRACT_ROW,
        ("desk",),
        Who.MEMBER,
        many=True,
        order=("-drafted_at", "-id"),
        clauses=("R9",),
    ),
    Read(
        "own_money",
        "me/money/",
        _("本单位的应付与收款"),
        lambda c: contracts.balances_of_party(c.organisation),
        paper.PARTY_MONEY,
        ("desk",),
        Who.MEMBER,
        clauses=("R9",),
    ),
    Read(
        "bank_lines",
        "me/bank-lines/",
        _("待核对的银行流水"),
        lambda c: contracts.waiting_lines(c.organisation),
        paper.BANK_LINE,
        ("bank_queue",),
        Who.AGENCY,
        many=True,
        order=("booked_on", "id"),
    ),
    Read(
        "own_cases",
        "me/cases/",
        _("涉及本机构的退出案件"),
        lambda c: exits.cases_of(c.organisation),
        credit.OWN_CASE_ROW,
        ("desk_cases",),
        Who.AGENCY,
        many=True,
        order=("-opened_at", "-id"),
        clauses=("R8",),
    ),
    Read(
        "own_case",
        "me/cases/<str:number>/",
        _("一件退出案件"),
        _own_case,
        credit.OWN_CASE,
        ("desk_case",),
        Who.AGENCY,
        clauses=("R8",),
    ),
    Read(
        "own_repair",
        "me/repairs/<int:pk>/",
        _("本机构的一件信用修复申请"),
        lambda c, pk: get_object_or_404(repairs().filter(agency=c.agency), pk=pk),
        credit.REPAIR,
        ("desk_repair",),
        Who.AGENCY,
        clauses=("R8",),
    ),
    Read(
        "own_complaints",
        "me/complaints/",
        _("我的投诉"),
        lambda c: complaints.complaints_by(c.user),
        credit.COMPLAINT,
        ("my_complaints",),
        Who.PERSON,
        many=True,
        order=("-filed_at", "-id"),
    ),
    Read(
        "own_complaint",
        "me/complaints/<str:number>/",
        _("一件投诉"),
        lambda c, number: complaints.complaint_by(c.user, number),
        credit.COMPLAINT,
        ("my_complaint",),
        Who.PERSON,
    ),
    Read(
        "complaints_about_us",
        "me/complaints-about-us/",
        _("请本单位说明的投诉"),
        lambda c: complaints.put_to(c.organisation),
        credit.COMPLAINT_ABOUT,
        ("my_complaints",),
        Who.MEMBER,
        many=True,
        order=("-filed_at", "-id"),
    ),
    Read(
        "complaint_about_us",
        "me/complaints-about-us/<str:number>/",
        _("请本单位说明的一件投诉"),
        lambda c, number: complaints.put_to_by(c.organisation, number),
        credit.COMPLAINT_ABOUT,
        ("complaint_about_us",),
        Who.MEMBER,
    ),
    Read(
        "outcomes",
        "me/outcomes/",
        _("待反馈审查结果的合同"),
        lambda c: outcomes_of(c.organisation),
        credit.OUTCOME_ROW,
        ("outcomes",),
        Who.DEPARTMENT,
        many=True,
        order=("closes_at", "id"),
        clauses=("P19.5",),
    ),
]
VERBS = [
    Verb("inbox_read", "me/notices/read/", _("站内消息全部已读"), _read_all, ("inbox_read",)),
    Verb("follow", "me/following/<str:name>/", _("关注需求或机构"), _follow, ("follow",), method="PUT"),
    Verb("unfollow", "me/following/<str:name>/", _("取消关注"), _unfollow, ("follow",), method="DELETE"),
]
