"""What accounts add to desks: the list of what to do, and how many notices wait."""

from typing import Any

from django import template
from django.template import Context

from accounts.events import CHANNEL_NAMES, Channel
from accounts.models import Organisation
from accounts.notices import unread
from accounts.queries import Visitor, membership_of, membership_with_preferences
from accounts.tasks import calendar_token, tasks_of
from core.clock import database_now

register = template.Library()
SHOWN = 15


@register.inclusion_tag("accounts/_tasks.html")
def task_list(organisation: Organisation) -> dict[str, Any]:
    """今日: what to do next, the nearest date first."""
    now = database_now()
    tasks = tasks_of(organisation, now)
    rows = [(task, task.overdue(now), _days_left(task.due_at, now)) for task in tasks]
    token = calendar_token(organisation)
    return {"rows": rows[:SHOWN], "more": rows[SHOWN:], "organisation": organisation, "token": token}


@register.inclusion_tag("accounts/_bell.html")
def bell(user: Visitor) -> dict[str, Any]:
    """The way to the inbox, with how many notices are new."""
    member = membership_with_preferences(user)
    return {"member": member, "news": unread(member) if member else 0}


@register.inclusion_tag("accounts/_follow.html", takes_context=True)
def follow_button(context: Context, case: str) -> dict[str, Any]:
    """Follow a request or an agency, or stop; nothing for who acts for nobody."""
    member = membership_of(context["request"].user)
    followed = member is not None and member.follows.filter(case__name=case).exists()
    return {"case": case, "followed": followed, "shown": member is not None, "request": context["request"]}


@register.filter
def channel_name(channel: Channel) -> Any:
    """How a channel is called on pages."""
    return CHANNEL_NAMES[channel]


def _days_left(due_at: Any, now: Any) -> int | None:
    return None if due_at is None else (due_at - now).days
