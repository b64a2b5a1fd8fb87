"""What the invented year has made of everybody's name: evaluations, acts, exit cases, and the credit they come to."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, models, transaction

from accounts.models import Kind, Membership, Organisation, User
from agencies.models import Agency
from contracts.models import Contract, ContractStatus
from core.clock import database_now, to_milliseconds
from core.queries import calendar
from demo import words
from demo.bulk import Numbers, copy
from demo.casefile import CaseFile
from demo.cases import SCRIPTS, CaseTeller, Script
from demo.complaints import ComplaintTeller
from demo.inspections import InspectionTeller
from demo.past_clock import past_clock
from demo.rounds import Rated, Round
from journal.actions import lock_case
from journal.canon import commitment
from ratings import shapes
from ratings.actions.exits import advance
from ratings.actions.facts import evidence_of
from ratings.actions.market import publish_figures
from ratings.actions.refreshing import refresh
from ratings.actions.sealing import SALT_BYTES, about_act
from ratings.clockwork.exits import due
from ratings.entries import CreditEntry
from ratings.models import (
    Act,
    CreditPoint,
    Evaluation,
    Mark,
    Opening,
    Rating,
    Rectification,
)
from ratings.queries.credit import facts_of
from ratings.queries.evaluation_facts import with_facts
from ratings.queries.facts import Seen, seen_since
from ratings.rules.score import Credit, compute
from ratings.rules.standing import months_after, months_before
from ratings.rulesets import credit_rules

_YEAR = timedelta(days=380)
_MONTHS = 6
_ROWS: tuple[type[models.Model], ...] = (Evaluation, Mark, Rectification)
# The demo's own agency, the first of all, keeps a clean name for visitors to act with.
_FIRST_WITH_A_CASE = 4


class Reputation:
    """Tells it after the contracts of the year."""

    def __init__(self, now: datetime, ring: tuple[str, str] = ("", "")) -> None:
        self._ring = ring  # USCCs of a buyer and an agency that praise each other
        self._now, self._calendar, self._rules = now, calendar(), credit_rules()
        self._numbers: dict[type[models.Model], Numbers] = {m: Numbers.of(m) for m in (Evaluation, Mark)}

    def tell(self) -> None:
        """Evaluations and acts in bulk; exit cases by the platform's own verbs; credits computed at the end."""
        events: list[Rated | Seen] = [*self._evaluations(), *seen_since(self._now - _YEAR, self._now)]
        scripts = self._scripts()
        with transaction.atomic():
            self._enter(one for one in events if not _after(one, scripts))
        self._cases(scripts)
        with transaction.atomic():
            self._enter(one for one in events if _after(one, scripts))
        self._credits()

    # -- evaluations ----------------------------------------------------------------------------------------------

    def _evaluations(self) -> list[Rated]:
        found: list[Rated] = []
        related = ("award__request__item", "award__request__region", "award__request__case", "buyer", "agency")
        done = Contract.objects.filter(status=ContractStatus.COMPLETED, evaluation=None).order_by("completed_at", "pk")
        users, departments = _users(), _departments()
        files, rows = [], []
        for contract in with_facts(done.select_related(*related)):
            request = contract.award.request
            assert request.case is not None
            file = CaseFile.resumed(request.case)
            competent = [one for one in departments[request.item.department_zh] if one.pk != contract.buyer_id]
            here = [one for one in competent if one.region_id == request.region_id and one.pk in users]
            rng = words.source(f"evaluation/{request.number}")
            told = Round(rng, contract, file, users, here, self._calendar, self._rules, self._now, self._numbers)
            told.ring = (contract.buyer.uscc, contract.agency.uscc) == self._ring
            rated = told.tell()
            found += [rated] if rated else []
            files.append(file)
            rows += told.rows
        with transaction.atomic():
            for model in _ROWS:
                copy([row for row in rows if type(row) is model])
            _go_on(files)
        return found

    # -- the two ledgers ------------------------------------------------------------------------------------------

    def _enter(self, events: Iterable[Rated | Seen]) -> None:
        """Bring ratings and acts into the ledgers and case files of their agencies."""
        by_agency: dict[str, list[Rated | Seen]] = defaultdict(list)
        for event in events:
            by_agency[_uscc(event)].append(event)
        agencies = Agency.objects.select_related("organisation", "case").filter(organisation__uscc__in=by_agency)
        files, rows = [], []
        for agency in agencies:
            file = CaseFile.resumed(agency.case)
            for event in sorted(by_agency[agency.uscc], key=lambda one: one.at):
                rows += (
                    self._rated(file, agency, event) if isinstance(event, Rated) else self._noted(file, agency, event)
                )
            files.append(file)
        for model in (Rating, Act, Opening):
            copy([row for row in rows if type(row) is model])
        _go_on(files)

    def _rated(self, file: CaseFile, agency: Agency, event: Rated) -> list[models.Model]:
        request = event.contract.award.request
        rating = Rating(
            agency=agency,
            contract=event.contract,
            item=request.item,
            buyer=event.contract.buyer,
            group=event.contract.buyer.uscc,
            amount=event.contract.price,
            x=event.x,
            parts=event.parts,
            ruleset=self._rules.id,
            at=file.at_least(event.at),
        )
        file.append(rating.at, (CreditEntry.RATED, shapes.rated(rating)))
        rating.seq = file.seq
        return [rating]

    def _noted(self, file: CaseFile, agency: Agency, event: Seen) -> list[models.Model]:
        kind = self._rules.conduct.acts[event.code]
        noted = file.at_least(event.at + timedelta(seconds=30))
        counts = self._calendar.add(noted, self._rules.conduct.objection_wd)
        act = Act(
            agency=agency,
            code=event.code,
            tier=kind.tier,
            points=kind.points,
            source=event.source,
            contract=event.contract,
            evidence=evidence_of(event),
            path=event.path,
            ruleset=self._rules.id,
            happened_at=to_milliseconds(event.at),
            noted_at=noted,
            counts_from=counts,
            expires_at=months_after(counts, self._rules.conduct.tiers[kind.tier].months),
        )
        salt, value = words.source(event.source).randbytes(SALT_BYTES), shapes.noted(act)
        file.append(noted, (CreditEntry.NOTED, {"commitment": commitment(CreditEntry.NOTED, salt, value)}))
        act.seq = file.seq
        opening = Opening(
            case_id=file.pk,
            seq=file.seq,
            kind=CreditEntry.NOTED,
            subject=about_act(event.source, event.code),
            salt=salt,
            value=value,
        )
        return [act, opening]

    # -- exit cases -----------------------------------------------------------------------------------------------

    def _scripts(self) -> dict[str, Script]:
        """Which agencies had a case, by their code: they were here before it began."""
        agencies = Agency.objects.select_related("organisation").order_by("pk")[_FIRST_WITH_A_CASE:]
        found: dict[str, Script] = {}
        for script in SCRIPTS:
            begins = self._now - timedelta(days=script.days_ago + 10)
            free = (a.uscc for a in agencies if a.uscc not in found and a.registered_at < begins)
            if uscc := next(free, None):
                found[uscc] = script
        return found

    def _cases(self, scripts: dict[str, Script]) -> None:
        body = Organisation.objects.filter(kind=Kind.REGULATOR, demo=True).order_by("pk")[0]
        officers = list(User.objects.filter(memberships__organisation=body).order_by("pk"))
        agencies = {
            a.uscc: a for a in Agency.objects.select_related("organisation").filter(organisation__uscc__in=scripts)
        }
        users = _users()
        with past_clock(self._now) as clock:
            # The one of the demo's role comes last: a visitor is free to take the next step.
            teller = CaseTeller(clock, self._calendar, self._now, body, [*officers[1:], officers[0]])
            for uscc, script in scripts.items():
                agency = agencies[uscc]
                teller.tell(agency, User.objects.get(pk=users[agency.organisation_id]), script)
            clock.set(self._now)
            for number in due(self._now):
                advance(number)
            InspectionTeller(clock, self._now, body, officers).tell()
            ComplaintTeller(clock, self._now, body, officers).tell()

    # -- credit ---------------------------------------------------------------------------------------------------

    def _credits(self) -> None:
        """Every agency's credit now, and at the beginning of the months before."""
        agencies = list(Agency.objects.select_related("organisation").order_by("pk"))
        facts = facts_of(agencies, self._now)
        points = []
        for agency in agencies:
            for month in range(_MONTHS, 0, -1):
                at = months_before(self._now, month)
                if agency.registered_at < at:
                    points.append(self._point(agency, compute(facts[agency.pk], at, self._rules)))
        copy(points)
        publish_figures()
        with transaction.atomic():
            for agency in agencies:
                refresh(lock_case(f"A-{agency.uscc}"), agency)

    def _point(self, agency: Agency, credit: Credit) -> CreditPoint:
        return CreditPoint(
            agency=agency,
            at=credit.at,
            conduct=credit.c,
            quality=credit.q,
            weight=credit.weight,
            credit=credit.k,
            grade=credit.grade,
        )


def _after(event: Rated | Seen, scripts: dict[str, Script]) -> bool:
    """Did it happen while or after its agency had a case? It is entered when that has been told."""
    script = scripts.get(_uscc(event))
    return script is not None and event.at > database_now() - timedelta(days=script.days_ago)


def _uscc(event: Rated | Seen) -> str:
    return event.contract.agency.uscc if isinstance(event, Rated) else event.uscc


def _users() -> dict[int, int]:
    """Who acts for each organisation: the first of its members."""
    rows = Membership.objects.order_by("-pk").values_list("organisation", "user")
    return dict(rows)


def _departments() -> dict[str, list[Organisation]]:
    found: dict[str, list[Organisation]] = defaultdict(list)
    for one in Organisation.objects.filter(kind=Kind.DEPARTMENT).order_by("pk"):
        found[one.field].append(one)
    return found


def _go_on(files: list[CaseFile]) -> None:
    """Bring in what was appended to files that are there already, and move their rows on."""
    grown = [file for file in files if file.entries]
    copy([entry for file in grown for entry in file.entries])
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE journal_case c SET seq = f.seq, head = f.head, last_at = f.last_at
            FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[], %s::timestamptz[]) AS f (id, seq, head, last_at)
            WHERE c.id = f.id
            """,
            [
                [file.pk for file in grown],
                [file.seq for file in grown],
                [file.head for file in grown],
                [file.last_at for file in grown],
            ],
        )
