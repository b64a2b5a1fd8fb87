"""What the tests of crashes run as processes of their own: `python -m tests.contracts.stage VERB SCENE`, the verbs below.

`DIE=module:function:before|after` kills the process with -9 right before or after that function runs.
"""

import importlib
import json
import os
import signal
import sys
import uuid
from typing import Any


def fill(government: bool) -> dict[str, Any]:
    """A signed contract with 1,000.00 yuan due."""
    from accounts.models import Kind
    from tests import cast
    from tests.contracts import play

    buyer = cast.organisation(
        Kind.DEPARTMENT if government else Kind.ENTERPRISE, "陇中供水有限公司", field="水利" if government else ""
    )
    by, winner, item = cast.person("buyer@waterworks.example", buyer), cast.agency("迅达咨询"), cast.service_item()
    number = play.quick_award(buyer, by, item, winner, 100_000)
    play.sign(number)
    payable = play.due(number)
    return {"number": number, "payable": payable.pk, "buyer": buyer.pk, "by": by.pk, "agency": winner.organisation_id}


def award(_scene: dict[str, Any], _key: str) -> dict[str, Any]:
    """An auction of an enterprise, won at 90,000.00 yuan; the award is final, nothing else has happened."""
    from accounts.models import Kind
    from tests import cast
    from tests.contracts import play

    item = cast.service_item()
    buyer = cast.organisation(Kind.ENTERPRISE, "陇中供水有限公司")
    by = cast.person("buyer@waterworks.example", buyer)
    agencies = [cast.agency(name) for name in ("迅达咨询有限公司", "稳健环境技术有限公司", "三江工程咨询有限公司")]
    cast.offers(item, *agencies)
    number = play.award(cast.live_auction(buyer, item, by, *agencies), agencies[0])
    return {"number": number, "buyer": by.email, "agency": agencies[0].user.email}  # type: ignore[attr-defined]


def finish(_scene: dict[str, Any], _key: str) -> dict[str, Any]:
    """A contract that is finished and to be evaluated; the competent department and an officer have accounts."""
    from accounts.models import Kind
    from ratings.clockwork.evaluation import do_due_evaluations
    from tests import cast
    from tests.ratings import acting

    buyer = cast.organisation(Kind.ENTERPRISE, "陇中供水有限公司")
    by, agency = cast.person("buyer@waterworks.example", buyer), cast.agency("迅达咨询有限公司")
    department = cast.organisation(Kind.DEPARTMENT, "兰州市水务局", field="水利")
    officer = cast.person("lanzhou@water.example", department)
    done = acting.finished(buyer, by, cast.service_item(), agency)
    do_due_evaluations()
    people = {"buyer": by.email, "agency": agency.user.email, "department": officer.email}  # type: ignore[attr-defined]
    return {"number": done.award.request.number, "uscc": buyer.uscc, **people}


def pay(scene: dict[str, Any], key: str) -> dict[str, Any]:
    from accounts.models import Organisation, User
    from contracts import actions

    buyer, by = Organisation.objects.get(pk=scene["buyer"]), User.objects.get(pk=scene["by"])
    payment = actions.pay_online(by, buyer, scene["payable"], uuid.UUID(key), "stripe", 100_000)
    return {"payment": payment.pk, "reference": payment.reference}


def refund(scene: dict[str, Any], key: str) -> dict[str, Any]:
    from accounts.models import Organisation
    from contracts import actions
    from contracts.models import Payment

    agency, payment = Organisation.objects.get(pk=scene["agency"]), Payment.objects.get()
    return {"payment": actions.refund_online(agency, payment.pk, 30_000, uuid.UUID(key)).pk}


def statement(scene: dict[str, Any], _key: str) -> dict[str, Any]:
    """The payee takes in a statement of two parts, 400.00 and 600.00 yuan."""
    from datetime import date

    from accounts.models import Organisation
    from contracts import actions
    from contracts.models import Payable
    from contracts.rules.statement import Line
    from tests.contracts import play

    agency, payable = Organisation.objects.get(pk=scene["agency"]), Payable.objects.get(pk=scene["payable"])
    payer, day = payable.contract.payer.name, date(2026, 11, 23)
    lines = [Line(n, day, fen, payer, "", payable.code, "", f"{fen:064}") for n, fen in enumerate((40_000, 60_000))]
    actions.import_lines(play.user_of(agency), agency, lines)
    return {}


def clock(_scene: dict[str, Any], _key: str) -> dict[str, Any]:
    """Everything whose time has come, once; payments as if it had."""
    from config.chores import all_chores
    from contracts.models import Payment
    from core.clock import database_now

    Payment.objects.filter(check_at__isnull=False).update(check_at=database_now())
    for chore in all_chores():
        chore.work()
    return {}


def arm(where: str) -> None:
    """Let the process die where told."""
    module, name, when = where.split(":")
    owner: Any = importlib.import_module(module)
    *path, name = name.split(".")
    for part in path:
        owner = getattr(owner, part)
    whole = getattr(owner, name)

    def deadly(*args: Any, **kwargs: Any) -> Any:
        if when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = whole(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, deadly)


if __name__ == "__main__":
    import django

    django.setup()
    if where := os.environ.get("DIE"):
        arm(where)
    verb, given = sys.argv[1], json.loads(sys.argv[2])
    print(json.dumps(fill(given["government"]) if verb == "fill" else globals()[verb](given, given.get("key", ""))))
