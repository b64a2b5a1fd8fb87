"""Credit (信用, R7): two append-only ledgers, of conduct and of quality, and what was computed from them.

Nothing in a ledger is edited: an act that was struck or repaired, a rating that was disputed or decided on, gets an event
of its own. C, Q, K and the grade are pure functions of both at a moment; the agency's columns only cache them.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from agencies.models import Agency, Grade
from contracts.models import Contract
from marketplace.models import ServiceItem


class Act(models.Model):
    """An act of an agency that costs points (失信行为): a fact of the system, or the outcome of a decided case.

    `code` is a row of the rule set, `points` what it cost there. `source` names the fact and makes it count once.
    `evidence` says in public what happened; `path` leads to it. It counts from `counts_from` to `expires_at` unless an
    event says otherwise. `seq` is its entry in the agency's case file.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="acts")
    code = models.CharField(max_length=40)
    tier = models.CharField(max_length=10)
    points = models.DecimalField(max_digits=4, decimal_places=1)
    source = models.CharField(max_length=80)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, null=True, related_name="+")
    evidence = models.CharField(max_length=300)
    path = models.CharField(max_length=200)
    ruleset = models.CharField(max_length=20)
    happened_at = models.DateTimeField()
    noted_at = models.DateTimeField()
    counts_from = models.DateTimeField()
    expires_at = models.DateTimeField()
    seq = models.BigIntegerField()

    class Meta:
        ordering = ["-noted_at", "-id"]
        indexes = [models.Index(fields=["agency", "-noted_at"], name="act_of_agency")]
        constraints = [
            models.UniqueConstraint(fields=["agency", "code", "source"], name="act_noted_once"),
            models.CheckConstraint(name="act_costs_points", condition=models.Q(points__gt=0)),
            models.CheckConstraint(
                name="act_times_in_order",
                condition=models.Q(noted_at__lte=models.F("counts_from"), counts_from__lt=models.F("expires_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.code} {self.source}"


class ActEventKind(models.TextChoices):
    """What became of an act. While objected to it does not count; struck and repaired ones never count again."""

    OBJECTED = "objected", _("已提出异议")
    UPHELD = "upheld", _("异议不成立，维持")
    STRUCK = "struck", _("已撤销")
    REPAIRED = "repaired", _("已修复")


class ActEvent(models.Model):
    """Something that became of an act. Append-only."""

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=15, choices=ActEventKind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField(max_length=2000, blank=True)
    # Until when the regulator answers an objection.
    due_at = models.DateTimeField(null=True)
    seq = models.BigIntegerField()

    class Meta:
        ordering = ["act", "id"]
        constraints = [
            models.CheckConstraint(name="act_event_kind_known", condition=models.Q(kind__in=ActEventKind.values)),
            models.UniqueConstraint(
                fields=["act"],
                condition=models.Q(kind__in=[ActEventKind.STRUCK, ActEventKind.REPAIRED]),
                name="act_ends_once",
            ),
            models.UniqueConstraint(
                fields=["act"], condition=models.Q(kind=ActEventKind.OBJECTED), name="act_objected_to_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act_id} {self.kind}"


class Rating(models.Model):
    """One finished contract's rating of its agency in the ledger of quality: x, what it weighs, and who gave it.

    `group` is the group of buyers that counts as one (its USCC); `amount` (fen) and `item` decide the value weight. `seq`
    is its entry in the agency's case file.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="ratings")
    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, related_name="rating")
    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, related_name="+")
    buyer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    group = models.CharField(max_length=18)
    amount = models.BigIntegerField()
    x = models.DecimalField(max_digits=5, decimal_places=4)
    parts = models.JSONField()
    ruleset = models.CharField(max_length=20)
    at = models.DateTimeField()
    seq = models.BigIntegerField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["agency", "at"], name="rating_of_agency"),
            models.Index(fields=["agency", "group"], name="rating_of_group"),
            models.Index(fields=["item"], name="rating_of_item"),
        ]
        constraints = [
            models.CheckConstraint(name="rating_between_0_and_1", condition=models.Q(x__gte=0, x__lte=1)),
            models.CheckConstraint(name="rating_amount_positive", condition=models.Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.x}"


class Relation(models.TextChoices):
    """r of R7: 1 while nothing is known, 0.5 when a relation is flagged, 0 when confirmed or while disputed."""

    NONE = "none", _("正常计入")
    DISPUTED = "disputed", _("争议中，暂不计入")
    FLAGGED = "flagged", _("存在关联，减半计入")
    CONFIRMED = "confirmed", _("不计入")


class RatingEvent(models.Model):
    """How a rating counts from now on. The newest one holds. Append-only."""

    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="events")
    relation = models.CharField(max_length=10, choices=Relation.choices)
    because = models.CharField(max_length=200)
    at = models.DateTimeField()
    seq = models.BigIntegerField()

    class Meta:
        ordering = ["rating", "id"]
        constraints = [
            models.CheckConstraint(name="rating_relation_known", condition=models.Q(relation__in=Relation.values)),
        ]

    def __str__(self) -> str:
        return f"{self.rating_id} {self.relation}"


class MarketFigures(models.Model):
    """What all credits are computed against, published by the clock once a month: per item the median amount (fen), the
    mean rating, its number, and the median K. Kept for ever, so that every past credit can be recomputed.
    """

    at = models.DateTimeField(unique=True)
    # Each item: amount (fen), mean, ratings (how many), credit; beside them mean and credit of the whole market.
    data = models.JSONField()
    ruleset = models.CharField(max_length=20)
    seq = models.BigIntegerField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"


class CreditPoint(models.Model):
    """An agency's credit as it was computed at one moment; kept where it changed. Append-only: the history is for life (P22.4)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="credit_points")
    at = models.DateTimeField()
    figures = models.ForeignKey(MarketFigures, on_delete=models.PROTECT, null=True, related_name="+")
    conduct = models.DecimalField(max_digits=4, decimal_places=1)
    quality = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    weight = models.DecimalField(max_digits=8, decimal_places=4)
    credit = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    grade = models.CharField(max_length=1, choices=Grade.choices)

    class Meta:
        ordering = ["agency", "at", "id"]
        indexes = [models.Index(fields=["agency", "-at"], name="credit_point_newest")]
        constraints = [
            models.CheckConstraint(name="credit_point_grade_known", condition=models.Q(grade__in=Grade.values)),
            models.CheckConstraint(
                name="credit_point_conduct_between_0_and_100", condition=models.Q(conduct__gte=0, conduct__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.at:%Y-%m-%d} {self.grade}"


class CreditDue(models.Model):
    """When time alone next changes an agency's credit, so that the clock computes it anew: a plan, no record.

    An agency without acts and ratings has none: nothing of it decays.
    """

    agency = models.OneToOneField(Agency, on_delete=models.PROTECT, related_name="credit_due")
    due_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.agency_id} {self.due_at:%Y-%m-%d}"
