"""Reads of a selection: the request with all that judging it needs."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404

from accounts.models import Kind, User
from accounts.queries import organisation_of
from agencies.models import Agency, QualificationKind, Standing, Tie
from agencies.queries import certificates
from agencies.rules import Holding, Verdict, holds
from bidding import entries
from bidding.methods import strategy_for
from bidding.methods.prices import uncounted, void_reasons
from bidding.models import PENDING_OBJECTIONS, AuctionStatus, Award, AwardStatus, Enrolment, Objection
from bidding.rules.enrolment import Applicant, Held, Opening
from bidding.rules.failures import Failure, failure
from bidding.rules.timeline import Moment
from bidding.standings import awards_under_way
from core import clock
from core.queries import calendar
from journal.awards.outcome import CaseEntry
from journal.queries import entries_of
from marketplace.models import Method, Offering, Request, RequestStatus
from marketplace.queries import locked
from marketplace.rulesets import ruleset

_BEIJING = ZoneInfo("Asia/Shanghai")


def request_of(number: str) -> Request:
    """The request with its auction, buyer and item; raises Request.DoesNotExist."""
    return Request.objects.select_related(
        "auction__leader", "selection__waits_for", "buyer", "item", "case", "direct_agency__organisation"
    ).get(number=number)


def public_request(number: str) -> Request:
    """The door to a request in public; an unknown number is a 404."""
    try:
        return request_of(number)
    except Request.DoesNotExist as missing:
        raise Http404(number) from missing


def agency_of(user: User | AnonymousUser) -> Agency | None:
    """The agency that the user acts for, if it is one."""
    organisation = organisation_of(user)
    if organisation is None or organisation.kind != Kind.AGENCY:
        return None
    return Agency.objects.select_related("organisation").filter(organisation=organisation).first()


def planned_opening(request: Request) -> datetime:
    """When the notice says that bidding opens, before there is an auction."""
    ready_at = request.selects_at or request.enrol_until
    assert ready_at is not None
    return ready_at + timedelta(seconds=ruleset(request.ruleset).live.ready_seconds)


def moment(request: Request) -> Moment:
    """The request as time meets it."""
    auction = getattr(request, "auction", None)
    award = None
    if request.status == RequestStatus.STANDSTILL:
        award = request.awards.filter(status=AwardStatus.STANDSTILL).first()
    pending = list(Objection.objects.filter(award=award, status__in=PENDING_OBJECTIONS)) if award else []
    return Moment(
        request=RequestStatus(request.status),
        enrol_until=request.enrol_until,
        auction=AuctionStatus(auction.status) if auction else None,
        ready_at=auction.ready_at if auction else None,
        opens_at=auction.opens_at if auction else None,
        closes_at=auction.closes_at if auction else None,
        goes_on_at=_goes_on_at(request),
        opens_again_at=auction.opens_again_at if auction else None,
        due_at=auction.due_at if auction else None,
        standstill_until=award.standstill_until if award else None,
        complaint_pending=any(one.lapses_at is None for one in pending),
        objections_until=max((one.lapses_at for one in pending if one.lapses_at), default=None),
    )


def _goes_on_at(request: Request) -> datetime | None:
    """When a selection without an auction goes on: its draw is made, or its time has come."""
    selection = getattr(request, "selection", None)
    if selection is None:
        return None
    drawn = selection.waits_for.drawn_at if selection.waits_for else None
    return min((at for at in (drawn, selection.due_at) if at), default=None)


def standing_enrolments(request: Request) -> QuerySet[Enrolment]:
    """Enrolments not taken back."""
    return Enrolment.objects.filter(request=request, withdrawn_at__isnull=True).select_related("agency__organisation")


def reveals(request: Request) -> list[dict[str, str]]:
    """What opens every commitment of the request, in the order of enrolment."""
    return [
        entries.reveal(e.label, bytes(e.salt), e.agency.organisation.uscc, e.agency.organisation.name)
        for e in standing_enrolments(request).order_by("enrolled_at", "id")
    ]


def case_entries(name: str) -> list[CaseEntry]:
    """The whole case file as plain values, as a verifier reads it."""
    return [CaseEntry(e.seq, clock.rfc3339(e.at), e.kind, e.data) for e in entries_of(name)]


def short_list(number: str) -> list[str]:
    """The labels drawn for the short list that a buyer picks from, in the order drawn; empty before."""
    told = entries_of(number).filter(kind=entries.Kind.SHORTLISTED).first()
    return list(told.data["labels"]) if told else []


def applicant(agency: Agency, request: Request) -> Applicant:
    """The agency as enrolment in this request sees it."""
    ties = Tie.objects.filter(agency=agency, department=request.buyer, ended_at__isnull=True)
    lock = locked(agency.pk, request.item_id, clock.database_now())
    probation = agency.standing == Standing.PROBATION
    barred = Enrolment.objects.filter(request=request, agency=agency, barred_at__isnull=False)
    return Applicant(
        standing=Standing(agency.standing),
        offers_item=Offering.objects.filter(agency=agency, item=request.item).exists(),
        qualifications=tuple(_held(agency, request.item.required.all())),
        ties=tuple(tie.get_nature_display() for tie in ties),
        is_buyer=agency.organisation_id == request.buyer_id,
        item_lock=lock.case if lock else "",
        awards=awards_under_way([agency.pk], without=request).get(agency.pk, 0) if probation else 0,
        barred=barred.exists(),
    )


def opening(request: Request) -> Opening:
    """The request as enrolment sees it."""
    assert request.enrol_until is not None
    return Opening(
        status=RequestStatus(request.status),
        enrol_until=request.enrol_until,
        enrol_until_shown=f"{request.enrol_until.astimezone(_BEIJING):%Y-%m-%d %H:%M}",
        item=request.item.name_zh,
        buyer=request.buyer.name,
        ceiling=request.ceiling,
    )


def _held(agency: Agency, kinds: Iterable[QualificationKind]) -> Iterable[Held]:
    today = clock.database_now().astimezone(_BEIJING).date()
    shown = certificates(agency)
    for kind in kinds:
        verdict = holds(shown, kind.code, today)
        yield Held(kind.name_zh, kind.legal_basis_zh, verdict.holding, _day_that_matters(verdict))


def _day_that_matters(verdict: Verdict) -> str:
    if verdict.certificate is None:
        return ""
    certificate = verdict.certificate
    days = {Holding.NOT_YET: certificate.valid_from, Holding.REVOKED: certificate.revoked_on}
    return (days.get(verdict.holding) or certificate.valid_until).isoformat()


def auction_over(request: Request) -> bool:
    """Has the selection ended, with or without a winner?"""
    return request.status not in (RequestStatus.PUBLISHED, RequestStatus.SELECTING)


def running_now() -> QuerySet[Request]:
    """Requests whose auction is live, the most bids first."""
    live = Request.objects.filter(status=RequestStatus.SELECTING, auction__status=AuctionStatus.LIVE)
    return live.select_related("auction__leader", "buyer", "item", "region").order_by("-auction__bid_count", "pk")


def starting_soon() -> QuerySet[Request]:
    """Requests whose auction is about to open, the next first."""
    waiting = Request.objects.filter(
        status=RequestStatus.SELECTING, auction__status__in=[AuctionStatus.WAITING, AuctionStatus.READY]
    )
    return waiting.select_related("auction", "buyer", "item", "region").order_by("auction__opens_at")


def running_or_soon() -> QuerySet[Request]:
    """Both, the next to open first."""
    going = [AuctionStatus.LIVE, AuctionStatus.WAITING, AuctionStatus.READY]
    found = Request.objects.filter(status=RequestStatus.SELECTING, auction__status__in=going)
    return found.select_related("auction", "buyer", "item", "region").order_by("auction__opens_at", "pk")


def just_closed() -> QuerySet[Request]:
    """Requests whose auction has ended, the last first."""
    ended = Request.objects.filter(auction__status__in=[AuctionStatus.CLOSED, AuctionStatus.FAILED])
    return ended.select_related("auction__leader", "buyer", "item", "region").order_by("-auction__closes_at")


def last_with_a_price() -> Request | None:
    """The last auction that ended with an award that still stands: one to play again."""
    standing = [AwardStatus.STANDSTILL, AwardStatus.FINAL]
    award = awards_newest_first().filter(status__in=standing, request__auction__isnull=False).first()
    return award.request if award else None


def newest_requests() -> QuerySet[Request]:
    """Requests that take enrolments, the newest first."""
    open_ones = Request.objects.filter(status=RequestStatus.PUBLISHED)
    return open_ones.select_related("buyer", "item", "region").order_by("-published_at", "-id")


def awards_newest_first() -> QuerySet[Award]:
    """Awards that stand or stood, the newest first."""
    related = ("request__buyer", "request__item", "request__region", "winner__agency__organisation")
    return Award.objects.select_related(*related).order_by("-published_at", "-id")


def awards_of(agency: Agency) -> QuerySet[Award]:
    """An agency's awards, the newest first."""
    return awards_newest_first().filter(winner__agency=agency)


def result_of(request: Request) -> dict[str, Any] | None:
    """What the award notice shows: award or failure, competitors by rank with their names, and why.

    None while it runs, and for what its buyer withdrew: there never was a selection.
    """
    if not auction_over(request) or request.status == RequestStatus.CANCELLED:
        return None
    numbers = ruleset(request.ruleset)
    strategy = strategy_for(Method(request.method))
    outcome = strategy.decide(case_entries(request.number or ""), numbers)
    entrants = list(standing_enrolments(request))
    names = {e.label: e.agency.organisation for e in entrants}
    barred = {e.label: e.barred_because for e in entrants if e.barred_at}
    void = {label: why for label, why in uncounted(outcome).items() if label not in barred}
    award = awards_newest_first().filter(request=request).first()
    days = numbers.standstill.wd(government=request.government)
    return {
        "award": award,
        "failure": failure_of(request),
        "competitors": [{"place": place, "organisation": names.get(place.label)} for place in outcome.ranking],
        "silent": [
            names[label] for label in names if label not in {*(p.label for p in outcome.ranking), *barred, *void}
        ],
        "void": [
            {"label": label, "reason": void_reasons().get(why, why), "organisation": names.get(label)}
            for label, why in sorted(void.items())
        ],
        "barred": [{"label": label, "because": barred[label], "organisation": names[label]} for label in barred],
        "outcome": outcome,
        "explanation": strategy.explain(outcome),
        "standstill": calendar().after(award.published_at.astimezone(clock.BEIJING).date(), days) if award else None,
        "entries": entries_of(request.number or "").exclude(kind=entries.Kind.BID),
        "objections": Objection.objects.filter(award__request=request).select_related("by").order_by("filed_at"),
    }


def failure_of(request: Request) -> Failure | None:
    """Why the selection ended without an award, and what happens next; None for one that did not."""
    kinds = (entries.Kind.FAILED, entries.Kind.SELECTION_FAILED)
    ended = entries_of(request.number or "").filter(kind__in=kinds).last()
    if ended is None or request.status != RequestStatus.FAILED:
        return None
    numbers = ruleset(request.ruleset)
    return failure(ended.data["reason"], numbers, Method(request.method), government=request.government)
