"""What accounts add to desks: the list of what to do, and how many notices wait."""

from typing import Any

from django import template

from accounts.models import Notice, Organisation
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


@register.simple_tag
def unread(organisation: Organisation) -> int:
    """How many notices nobody has looked at."""
    return Notice.objects.filter(organisation=organisation, read_at__isnull=True).count()


def _days_left(due_at: Any, now: Any) -> int | None:
    return None if due_at is None else (due_at - now).days
