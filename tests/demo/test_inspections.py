"""The demo's year has inspections at every stage, drawn so that anybody can check them; its trustees open what is kept back."""

from datetime import timedelta

import pytest

from accounts.models import Organisation, User
from accounts.tasks import tasks_of
from core.clock import database_now
from demo import roles, trustees
from draws.clockwork import do_due_draws
from draws.models import Draw
from journal.draw import verify_draw
from journal.stages import REVEAL_FOR
from ratings.models import Inspection, Inspector, Plan, PlanStatus
from tests.draws.ceremony import let_pass

pytestmark = pytest.mark.usefixtures("year")


@pytest.fixture
def office() -> Organisation:
    return User.objects.get(email=roles.email("regulator")).memberships.get().organisation


def test_there_are_plans_at_every_stage_and_each_draw_checks(office: Organisation) -> None:
    assert set(Plan.objects.values_list("status", flat=True)) == {
        PlanStatus.COLLECTING,
        PlanStatus.DRAWN,
        PlanStatus.DONE,
    }
    drawn = Draw.objects.filter(drawn_at__isnull=False)
    assert drawn.count() >= 6
    for draw in drawn:
        assert verify_draw(draw.result, seal=draw.seal, compulsory=["platform", office.uscc]).order
    assert Inspector.objects.count() >= 4


def test_the_regulator_has_something_to_contribute_and_to_report(office: Organisation) -> None:
    waiting = {task.what for task in tasks_of(office, database_now())}
    assert {"为随机抽取提交随机数", "填报抽查结果"} <= waiting
    assert Inspection.objects.filter(published_at__isnull=False).exists()


def test_its_trustees_open_what_the_regulator_keeps_back(office: Organisation) -> None:
    from ratings.actions import inspections
    from tests.ratings.inspecting import CLOSES_IN, Inspectorate

    officer = User.objects.get(email=roles.email("regulator"))
    own = Inspectorate(office, officer, None)  # type: ignore[arg-type]
    plan = own.plan(2, scope={"region": "620100"})
    own.contribute(plan)
    let_pass(CLOSES_IN)
    inspections.move_on(plan.number)
    assert trustees.open_due() == 0
    let_pass(REVEAL_FOR + timedelta(seconds=1))
    assert trustees.open_due() == 6, "three shares for each draw are enough"
    assert do_due_draws() == 2
    inspections.move_on(plan.number)
    assert plan.inspections.count() == 2
