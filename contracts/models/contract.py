"""Contracts (合同): their text in versions, who confirmed which, and the milestones that add up to the price."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from bidding.models import Award


class ContractStatus(models.TextChoices):
    DRAFTED = "drafted", _("待签订")
    SIGNED = "signed", _("履约中")
    COMPLETED = "completed", _("已完成")
    TERMINATED = "terminated", _("已解除")
    VOID = "void", _("未签订，中选已失效")


class Side(models.TextChoices):
    """Who speaks: one of the two parties, or the regulator in the place of a silent buyer."""

    BUYER = "buyer", _("采购人")
    AGENCY = "agency", _("中介服务机构")
    REGULATOR = "regulator", _("监管部门")


class Contract(models.Model):
    """The contract of one award. Changed only under the request's case lock.

    `salt` opens the commitment to the annex (contacts, account) that the text names; without it nobody can guess at it.
    """

    award = models.OneToOneField(Award, on_delete=models.PROTECT, related_name="contract")
    buyer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    # Copied at drafting and never changed again (P20.7); a trigger holds it.
    payer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    budget_line = models.CharField(_("预算项目"), max_length=120, blank=True)
    government = models.BooleanField()
    status = models.CharField(max_length=10, choices=ContractStatus.choices, default=ContractStatus.DRAFTED)
    price = models.BigIntegerField(_("合同价款（分）"))
    ruleset = models.CharField(max_length=20)
    salt = models.BinaryField(max_length=32)
    drafted_at = models.DateTimeField()
    sign_due_at = models.DateTimeField()
    sign_overdue_noted_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["status", "sign_due_at"], name="contract_due"),
            models.Index(fields=["buyer", "status"], name="contract_by_buyer"),
            models.Index(fields=["agency", "status"], name="contract_by_agency"),
        ]
        constraints = [
            models.CheckConstraint(name="contract_status_known", condition=models.Q(status__in=ContractStatus.values)),
            models.CheckConstraint(
                name="contract_price_positive_until_terminated",
                condition=models.Q(price__gt=0) | models.Q(price=0, status=ContractStatus.TERMINATED),
            ),
            models.CheckConstraint(
                name="contract_in_force_was_signed",
                condition=models.Q(status__in=[ContractStatus.DRAFTED, ContractStatus.VOID])
                | models.Q(signed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="contract_completed_says_when",
                condition=~models.Q(status=ContractStatus.COMPLETED) | models.Q(completed_at__isnull=False),
            ),
            # I2
            models.CheckConstraint(
                name="public_money_is_paid_by_the_buyer_itself",
                condition=models.Q(government=False) | models.Q(payer=models.F("buyer")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award_id} {self.status}"


class VersionStatus(models.TextChoices):
    OPEN = "open", _("待双方确认")
    SIGNED = "signed", _("已签订")
    SUPERSEDED = "superseded", _("已被新稿取代")
    REFUSED = "refused", _("对方未同意")
    WITHDRAWN = "withdrawn", _("已撤回")


class Version(models.Model):
    """One text of the contract: the draft, a party's proposal before signing, or a change (补充协议) after it.

    `plan` is the list of milestones it means: `{"n", "name", "deliverables", "amount" (fen), "due_wd"}`. `body` and
    `body_en` are the sections of the text; `text` is the Chinese one as it is confirmed, `sha256` of its UTF-8 bytes.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    change = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=VersionStatus.choices, default=VersionStatus.OPEN)
    # Null: drafted by the platform from request and award.
    proposed_by = models.CharField(max_length=10, choices=Side.choices, blank=True)
    proposer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    reason = models.TextField(_("理由"), max_length=2000, blank=True)
    answer = models.TextField(_("不同意的理由"), max_length=2000, blank=True)
    price = models.BigIntegerField()
    plan = models.JSONField()
    terms = models.TextField(_("补充约定"), max_length=5000, blank=True)
    body = models.JSONField()
    body_en = models.JSONField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    # Contacts and account as they were: the text names their salted hash. Never public; null when erased.
    annex = models.JSONField(null=True)
    # A change beyond the limits of R9 is published with its reason and marked.
    published = models.BooleanField(default=False)

    class Meta:
        ordering = ["contract", "number"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="version_number_once_per_contract"),
            models.UniqueConstraint(
                fields=["contract"], condition=models.Q(status=VersionStatus.OPEN), name="one_open_version_per_contract"
            ),
            models.CheckConstraint(name="version_status_known", condition=models.Q(status__in=VersionStatus.values)),
            models.CheckConstraint(name="version_hash_is_sha256", condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="change_says_why", condition=models.Q(change=False) | ~models.Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} v{self.number}"


class Confirmation(models.Model):
    """A party confirms one exact text."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="confirmations")
    side = models.CharField(max_length=10, choices=Side.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["version", "at"]
        constraints = [
            models.UniqueConstraint(fields=["version", "side"], name="one_confirmation_per_side"),
            models.CheckConstraint(name="only_parties_confirm", condition=models.Q(side__in=[Side.BUYER, Side.AGENCY])),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.side}"


class MilestoneStatus(models.TextChoices):
    OPEN = "open", _("待交付")
    DELIVERED = "delivered", _("待验收")
    ACCEPTED = "accepted", _("已验收")
    DROPPED = "dropped", _("已取消")


class Milestone(models.Model):
    """A part of the job with its price and date. What of it was accepted stands in its deliveries."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="milestones")
    n = models.PositiveSmallIntegerField()
    name = models.CharField(_("名称"), max_length=80)
    deliverables = models.TextField(_("交付成果"), max_length=1000, blank=True)
    amount = models.BigIntegerField()
    due_wd = models.PositiveSmallIntegerField(_("签订后工作日"))
    due_at = models.DateTimeField()
    extended_wd = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=10, choices=MilestoneStatus.choices, default=MilestoneStatus.OPEN)

    class Meta:
        ordering = ["contract", "n"]
        indexes = [models.Index(fields=["status", "due_at"], name="milestone_due")]
        constraints = [
            models.UniqueConstraint(fields=["contract", "n"], name="milestone_number_once_per_contract"),
            models.CheckConstraint(name="milestone_amount_positive", condition=models.Q(amount__gt=0)),
            models.CheckConstraint(
                name="milestone_status_known", condition=models.Q(status__in=MilestoneStatus.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.n}"
