"""The stage's sealed prices run by themselves, from notice to award."""

from datetime import timedelta
from random import Random

from bidding.actions import advance, open_due_offers
from bidding.models import SealedOffer
from core.clock import database_now
from demo import roles, sealed, stage, trustees
from marketplace.models import Method, Request, RequestStatus


def the_request() -> Request:
    return Request.objects.get(method=Method.SEALED, ruleset=stage.NEXT)


def test_a_request_for_sealed_prices_runs_to_its_award_with_nobody_there(year):
    sealed.keep_going(Random(3))
    sealed.keep_going(Random(4))
    request = the_request()
    # Nearly over, with time left for a slow machine to enrol and seal.
    began, until = database_now() - timedelta(minutes=19), database_now() + timedelta(minutes=1)
    Request.objects.filter(pk=request.pk).update(published_at=began, enrol_until=until, selects_at=until)
    stage.fill_all()
    assert sealed.seal_due() >= 2
    ours = SealedOffer.objects.filter(enrolment__agency__organisation__memberships__user__email=roles.email("agency"))
    assert not ours.exists(), "the visitor's own price is the visitor's"
    Request.objects.filter(pk=request.pk).update(enrol_until=database_now(), selects_at=database_now())
    assert advance(request.number) == 1
    assert trustees.open_due() >= 6
    assert open_due_offers() == 1
    request.refresh_from_db()
    assert request.status == RequestStatus.STANDSTILL
    assert request.awards.get().amount == min(SealedOffer.objects.values_list("amount", flat=True))
