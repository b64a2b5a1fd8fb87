"""Where the regulators' console leads besides its inbox. A package above says here what it adds."""

from django.utils.functional import Promise

_more: list[tuple[str, str | Promise]] = []


def lead_to(name: str, label: str | Promise) -> None:
    """Let the console lead to the door of that URL name; called once, when the package is ready."""
    _more.append((name, label))


def more_doors() -> list[tuple[str, str | Promise]]:
    """URL names and what they are called, in the order of the packages."""
    return list(_more)
