"""Comparing agencies as parts of pages that lie below this package."""

from typing import Any

from django import template
from django.http import QueryDict
from django.urls import reverse

from accounts.queries import organisation_of
from marketplace.models import Request
from ratings.queries.comparing import choice_in, chosen_of
from ratings.rules.comparison import FREE, MOST

register = template.Library()


@register.inclusion_tag("ratings/_compare_bar.html", takes_context=True)
def compare_bar(context: dict[str, Any]) -> dict[str, Any]:
    """The form that the directory's check boxes belong to, with what was chosen on pages before."""
    return _carried(context["request"].GET, ("form", "item", "at"))


@register.inclusion_tag("ratings/_compare_kept.html", takes_context=True)
def compare_kept(context: dict[str, Any]) -> dict[str, Any]:
    """The same as hidden fields of another form of the page, so that filtering loses none."""
    return _carried(context["request"].GET, ("form", "at"))


@register.inclusion_tag("ratings/_choice_panel.html", takes_context=True)
def choice_panel(context: dict[str, Any], subject: Request) -> dict[str, Any]:
    """The record of a free choice; to its buyer, while there is none, where to begin one."""
    choice = choice_in(subject) if subject.method in FREE else None
    chosen = None if choice else chosen_of(subject)
    reader = organisation_of(context["request"].user) if chosen else None
    start = ""
    if chosen is not None and reader is not None and reader.pk == subject.buyer_id:
        start = f"{reverse('compare')}?for={subject.number}&a={chosen.uscc}"
    return {"choice": choice, "subject": subject, "start": start}


def _carried(given: QueryDict, names: tuple[str, ...]) -> dict[str, Any]:
    """What is compared, for which request, and what else of the comparison is asked for by these names."""
    ways = [(name, given[name]) for name in names if given.get(name)]
    return {"kept": _kept(given), "number": given.get("for", ""), "ways": ways}


def _kept(given: QueryDict) -> list[str]:
    return list(dict.fromkeys(given.getlist("a")))[:MOST]
