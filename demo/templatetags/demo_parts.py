"""What the demo adds to the frame of every page."""

from django import template
from django.utils.functional import Promise

from demo.roles import ROLES

register = template.Library()


@register.simple_tag
def demo_roles() -> dict[str, str | Promise]:
    """The roles a visitor may take: name → label."""
    return ROLES
