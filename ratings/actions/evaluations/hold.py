"""Hold an evaluation by the case of its request, and know who speaks. Parts of larger verbs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Kind, Membership, Organisation, User
from agencies.models import Agency
from contracts.models import Contract
from contracts.rules.plan import judge_public
from core.queries import calendar
from core.text import clean
from journal.actions import Held, lock_case
from ratings.models import DisputeStatus, Evaluation, Mark, MarkSide
from ratings.rules.evaluation_refusals import NotEvaluable, NotRevealed, NotYourMark, WordsMissing
from ratings.rulesets import EvaluationRules, credit_rules

RELATED = (
    "contract__award__request__item",
    "contract__award__request__region",
    "contract__buyer",
    "contract__agency",
)


@dataclass
class Grip:
    """An evaluation whose request's case this transaction holds."""

    held: Held
    evaluation: Evaluation

    @property
    def now(self) -> datetime:
        return self.held.now

    @property
    def contract(self) -> Contract:
        return self.evaluation.contract

    @property
    def number(self) -> str:
        return self.held.name

    @property
    def rules(self) -> EvaluationRules:
        """The numbers the evaluation was opened under."""
        return credit_rules(self.evaluation.ruleset).evaluation

    def wd(self, days: int) -> datetime:
        """So many working days from now."""
        return calendar().add(self.now, days)

    def hold_agency(self) -> tuple[Held, Agency]:
        """Hold the agency's case too: always after the request's."""
        held = lock_case(f"A-{self.contract.agency.uscc}")
        return held, Agency.objects.select_related("organisation").get(organisation=self.contract.agency)

    def say(self, kind: str, data: dict[str, Any]) -> None:
        self.held.append(kind, data)


def grip(number: str) -> Grip:
    """Hold the evaluation in that case; raises NotEvaluable, or Case.DoesNotExist for an unknown number."""
    return grip_of(lock_case(number))


def grip_of(held: Held) -> Grip:
    """The same for a case that is held already."""
    mine = Evaluation.objects.filter(contract__award__request__number=held.name)
    found = mine.select_related(*RELATED).order_by("-pk").first()
    if found is None:
        raise NotEvaluable()
    return Grip(held, found)


def marked_by(grip: Grip, side: MarkSide) -> Mark:
    """The revealed mark of that side; raises NotRevealed."""
    found = grip.evaluation.marks.filter(side=side).select_related("organisation").first()
    if grip.evaluation.revealed_at is None or found is None:
        raise NotRevealed()
    return found


def spoken_of(mark: Mark, contract: Contract) -> Organisation:
    """Whom the mark speaks of: the buyer where the agency rates, else the agency. Facts of the platform are not answered."""
    if mark.side == MarkSide.PLATFORM:
        raise NotYourMark()
    return contract.buyer if mark.side == MarkSide.AGENCY else contract.agency


def must_be(organisation: Organisation, expected: Organisation | None) -> None:
    """Raise NotYourMark unless it is that one."""
    if expected is None or organisation.pk != expected.pk:
        raise NotYourMark()


def must_judge(user: User, by: Organisation, grip: Grip, mark: Mark) -> None:
    """Raise NotYourMark unless a regulator acts who is no party, and whose person acts for none (I9)."""
    parties = [grip.contract.buyer_id, grip.contract.agency_id, mark.organisation_id]
    bound = Membership.objects.filter(user=user, organisation__in=[pk for pk in parties if pk]).exists()
    if by.kind != Kind.REGULATOR or by.pk in parties or bound:
        raise NotYourMark()


def words(text: str) -> str:
    """What somebody says in public; raises WordsMissing or PersonalInPublicText."""
    said = clean(text)
    if not said:
        raise WordsMissing()
    judge_public(said)
    return said


def dispute_of(mark: Mark) -> DisputeStatus | None:
    """How the dispute about a mark stands; None without one."""
    found = getattr(mark, "dispute", None)
    return DisputeStatus(found.status) if found else None
