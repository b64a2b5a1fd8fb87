"""What selections by mean and by merit add to pages: progress, an entrant's plan, marks, and how the award came about."""

from typing import Any

from django import template

from accounts.models import User
from bidding import experts, queries, valued_page
from bidding.forms import PlanForm
from core.clock import database_now
from journal.awards.outcome import Outcome
from marketplace.models import Request
from marketplace.rulesets import Merit, ruleset

register = template.Library()


@register.inclusion_tag("bidding/_valued_panel.html")
def valued_panel(subject: Request) -> dict[str, Any]:
    """How far a 均价 or 综合比选 is; nothing for other methods, and once it is over."""
    numbers = ruleset(subject.ruleset)
    way = numbers.of(Merit) if numbers.has(Merit) else None
    return {"page": valued_page.progress(subject, database_now()), "subject": subject, "merit": way}


@register.inclusion_tag("bidding/_plan_panel.html", takes_context=True)
def plan_panel(context: dict[str, Any], subject: Request) -> dict[str, Any]:
    """An entrant's plan: send, replace, withdraw; nothing to everybody else."""
    request = context["request"]
    panel = valued_page.plan_panel(subject, queries.agency_of(request.user), database_now())
    return {"panel": panel, "subject": subject, "form": PlanForm(), "request": request}


@register.inclusion_tag("bidding/_marks.html")
def published_marks(subject: Request) -> dict[str, Any]:
    """All experts' marks for all plans with their reasons, once they are published."""
    return {"marked": valued_page.published_marks(subject), "subject": subject}


@register.inclusion_tag("bidding/_award_average.html")
def averaged_prices(subject: Request, outcome: Outcome) -> dict[str, Any]:
    """Every price of a 均价 and the numbers on the way to the benchmark."""
    rows, numbers = valued_page.averaged_rows(subject, outcome), valued_page.averaged_numbers(outcome)
    return {"rows": rows, "numbers": numbers, "subject": subject}


@register.inclusion_tag("bidding/_award_merit.html")
def merit_scores(subject: Request, outcome: Outcome) -> dict[str, Any]:
    """The whole table of scores of a 综合比选."""
    return {"rows": valued_page.merit_rows(subject, outcome), "subject": subject}


@register.inclusion_tag("bidding/_expert_card.html", takes_context=True)
def expert_card(context: dict[str, Any]) -> dict[str, Any]:
    """To an expert of the pool: how many selections wait for their marks; nothing to everybody else."""
    user = context["request"].user
    expert = experts.expert_of(user) if isinstance(user, User) else None
    waiting = experts.waited_for(experts.seats_of(user)) if expert else []
    return {"expert": expert, "waiting": waiting}
