"""What selection adds to a request's page between publication and selection: changes, questions, the buyer's doors, the chain."""

from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy

from accounts.models import Kind, Organisation, User
from accounts.queries import organisation_of
from bidding import announcements
from bidding.forms import AnswerForm
from core.clock import database_now
from core.money import parse, shown
from core.queries import regions
from journal.models import Entry
from journal.queries import entries_of
from marketplace.changes import pieces
from marketplace.models import Request, RequestStatus
from marketplace.queries import WITHOUT_AWARD, forerunners_of, successors_of
from marketplace.timeline_notices import detail

register = template.Library()

_FIELDS = {
    "title": gettext_lazy("项目名称"),
    "region": gettext_lazy("项目所在地"),
    "scope": gettext_lazy("服务内容与要求"),
    "deliverables": gettext_lazy("交付成果"),
    "materials": gettext_lazy("报名需提交的材料"),
    "term_workdays": gettext_lazy("服务期限（工作日）"),
    "ceiling": gettext_lazy("最高限价（元）"),
    "cited_law": gettext_lazy("限制条件的法律依据"),
}


@register.inclusion_tag("bidding/_notice_board.html", takes_context=True)
def notice_board(context: dict[str, Any], subject: Request) -> dict[str, Any]:
    """Changes with their difference, and questions with their answers."""
    organisation = _reader(context)
    numbers, now = announcements.numbers_of(subject), database_now()
    taking = subject.status == RequestStatus.PUBLISHED and numbers is not None
    until = announcements.asking_until(subject) if taking else None
    questions = list(announcements.questions_of(subject))
    return {
        "subject": subject,
        "changes": [{"entry": entry, **entry.data} for entry in announcements.changes_of(subject.number or "")],
        "noted": entries_of(subject.number or "").filter(kind="request.noted"),
        "questions": questions,
        "waiting": sum(one.answered_at is None for one in questions),
        "holds": announcements.announced(subject).holds if taking else 0,
        "numbers": numbers,
        "taking": taking,
        "asking_until": until,
        "asking": until is not None and now < until,
        "is_agency": organisation is not None and organisation.kind == Kind.AGENCY,
        "is_buyer": organisation is not None and organisation.pk == subject.buyer_id,
        "signed_in": context["request"].user.is_authenticated,
        "answer_form": AnswerForm(),
    }


@register.inclusion_tag("bidding/_notice_doors.html", takes_context=True)
def notice_doors(context: dict[str, Any], subject: Request) -> dict[str, Any]:
    """What the buyer may do about its request in public: change, withdraw, offer again."""
    organisation = _reader(context)
    own = organisation is not None and organisation.pk == subject.buyer_id
    open_now = (
        own
        and subject.status == RequestStatus.PUBLISHED
        and subject.enrol_until is not None
        and database_now() < subject.enrol_until
    )
    return {
        "request": context["request"],
        "subject": subject,
        "open": open_now,
        "again": own and subject.status in WITHOUT_AWARD and not successors_of(subject),
        "csrf_token": context.get("csrf_token"),
        "waiting": announcements.unanswered(subject).count() if open_now else 0,
    }


@register.inclusion_tag("bidding/_request_chain.html")
def request_chain(subject: Request) -> dict[str, Any]:
    """What the request repeats and what repeats it, in order of time."""
    before, after = forerunners_of(subject)[::-1], successors_of(subject)
    return {"subject": subject, "chain": [*before, subject, *after] if before or after else []}


@register.inclusion_tag("bidding/_request_withdrawn.html")
def withdrawn_notice(subject: Request) -> dict[str, Any]:
    """Why its buyer withdrew the request, where it did."""
    if subject.status != RequestStatus.CANCELLED:
        return {"entry": None}
    return {"entry": entries_of(subject.number or "").filter(kind="request.cancelled").last()}


@register.inclusion_tag("bidding/_difference.html")
def difference(changes: list[dict[str, Any]]) -> dict[str, Any]:
    """Field by field, what went and what came."""
    return {"fields": [_difference(one) for one in changes]}


@register.filter
def note_text(entry: Entry) -> str:
    """What a note to the regulator says."""
    return detail(entry.kind, entry.data)


def _difference(change: dict[str, Any]) -> dict[str, Any]:
    name, old, new = str(change["field"]), _shown(change, "old"), _shown(change, "new")
    return {
        "name": name,
        "label": _FIELDS.get(name, name),
        "long": name in ("scope", "deliverables", "materials"),
        "pieces": pieces(old, new) if old and new and name not in ("ceiling", "term_workdays", "region") else [],
        "old": old,
        "new": new,
    }


def _shown(change: dict[str, Any], side: str) -> str:
    value = change[side]
    match change["field"]:
        case "ceiling":
            return shown(parse(value))
        case "region":
            place = regions().filter(code=value).first()
            return place.name if place else str(value)
        case _:
            return str(value)


def _reader(context: dict[str, Any]) -> Organisation | None:
    user: User | AnonymousUser = context["request"].user
    return organisation_of(user)
