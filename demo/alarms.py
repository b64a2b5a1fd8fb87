"""Flags alive in the demo: what was planted is found, one flag was confirmed, one rule was wrong too often; the rest waits for a visitor."""

from django.db import transaction

from accounts.models import Organisation, User
from core.clock import database_now
from demo.planted import Plants
from flags import actions
from flags.actions.raising import raise_all
from flags.models import Flag, Status
from flags.queries.windows import window
from flags.rulesets import flag_rules

_REVIEWS = 30


def warn(plants: Plants, body: Organisation) -> list[Flag]:
    """Run the rules over what was planted, and let two officers judge two of the flags."""
    for scope, key in plants.windows:
        with transaction.atomic():
            raise_all(window(scope, key, database_now()), scope, flag_rules())
    first, second = User.objects.filter(memberships__organisation=body).order_by("pk")[1:3]
    for flag in _some(rule="B7", agencies=[]):
        actions.refer(first, body, flag.number, "省财政厅政府采购监督管理处", "四个需求属同一项目，拆分后均低于限额。")
        actions.conclude(second, body, flag.number, "经核实确属同一项目，已责令改正并合并采购。", confirmed=True)
    # In a market with much competition this rule is wrong every time: it switches itself off.
    for flag in _some(_REVIEWS, rule="B10"):
        actions.dismiss(first, body, flag.number, "竞争充分，成交价降得多，限价测算有依据。")
    actions.switch_off_where_wrong()
    return list(Flag.objects.all())


def _some(most: int = 1, **what: object) -> list[Flag]:
    """Flags like this that nobody has looked at, at most so many."""
    return list(Flag.objects.filter(status=Status.RAISED, **what).order_by("pk")[:most])
