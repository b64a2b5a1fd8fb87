"""Doors as a browser without scripts meets them."""

from typing import Any

from django.test import Client

from accounts.models import Organisation
from tests.contracts import play


class Doors:
    """A browser without scripts."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def acting_as(self, organisation: Organisation) -> "Doors":
        self.client.force_login(play.user_of(organisation))
        return self

    def send(self, address: str, **fields: Any) -> tuple[int, str]:
        """What came of it: the last status and the page."""
        answer = self.client.post(address, fields, follow=True)
        return answer.status_code, answer.content.decode()


def at(number: str, path: str = "") -> str:
    return f"/r/{number}/contract/{path}"


def rows(*stages: tuple[str, str, str], **more: Any) -> dict[str, Any]:
    """What the plan's form sends."""
    columns = {
        "stage_n": more.pop("n", [""] * len(stages)),
        "stage_name": [name for name, _amount, _wd in stages],
        "stage_amount": [amount for _name, amount, _wd in stages],
        "stage_due_wd": [wd for _name, _amount, wd in stages],
        "stage_deliverables": [""] * len(stages),
    }
    return {**columns, "terms": "", **more}
