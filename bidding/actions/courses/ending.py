"""How a selection ends, whatever its method: with names and an award, or with a reason. Parts of larger verbs."""

from bidding import entries, news, queries
from bidding.actions.award import hold_agencies, publish_award
from bidding.actions.barring import bar_under
from bidding.methods import strategy_for
from bidding.models import Enrolment, Selection, Stage
from draws.models import Draw
from journal.actions import Held
from journal.awards.outcome import Outcome
from marketplace.models import Method, Request, RequestStatus
from marketplace.rulesets import ruleset


def decided(held: Held, request: Request) -> Outcome:
    """What follows from the case file as it stands, after barring whoever may not be selected (R8)."""
    hold_agencies(request)
    bar_under(held, request)
    return strategy_for(Method(request.method)).decide(queries.case_entries(held.name), ruleset(request.ruleset))


def close(held: Held, request: Request, outcome: Outcome) -> None:
    """Open the names and publish the award."""
    assert outcome.winner is not None
    assert outcome.amount is not None
    wait(request.selection, Stage.CLOSED)
    held.append(*entries.selection_closed(outcome.winner, outcome.amount, queries.reveals(request)))
    winner = Enrolment.objects.select_related("agency__organisation").get(request=request, label=outcome.winner)
    publish_award(held, request, winner, outcome.amount)


def fail(held: Held, request: Request, reason: str) -> None:
    """The selection ends without an award (流标)."""
    if hasattr(request, "selection"):
        wait(request.selection, Stage.FAILED)
    held.append(*entries.selection_failed(reason, queries.reveals(request)))
    changed = Request.objects.filter(pk=request.pk, status=request.status).update(status=RequestStatus.FAILED)
    assert changed == 1, f"request {request.pk} was not {request.status}"
    request.status = RequestStatus.FAILED
    news.failed(request)


def wait(selection: Selection, stage: Stage, *, for_draw: Draw | None = None, due_at: object = None) -> None:
    """Move the selection to a stage, and say what it waits for there. Compare-and-set: the case lock is held."""
    changed = Selection.objects.filter(pk=selection.pk, stage=selection.stage).update(
        stage=stage, waits_for=for_draw, due_at=due_at
    )
    assert changed == 1, f"selection {selection.pk} was not {selection.stage}"
    selection.stage, selection.waits_for = stage, for_draw
    selection.refresh_from_db(fields=["due_at"])
