"""Exit cases (退出案件, R8): the steps of due process and the measure they may end in. Only a decision is a sanction."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from agencies.models import Agency
from journal.models import Case


class Measure(models.TextChoices):
    """From the mildest to the harshest."""

    NONE = "none", _("不予处理")
    WARN = "warn", _("警示")
    SUSPEND = "suspend", _("暂停")
    REMOVE = "remove", _("清退")


class Step(models.TextChoices):
    """Where a case stands. A trigger of the database lets it move only along R8."""

    OPENED = "opened", _("已立案，待告知")
    NOTICED = "noticed", _("已告知，陈述申辩中")
    HEARING = "hearing", _("听证中")
    DECIDING = "deciding", _("待决定")
    PROPOSED = "proposed", _("待第二人审议")
    DECIDED = "decided", _("已决定，可申诉")
    APPEALED = "appealed", _("申诉审理中")
    IN_FORCE = "in_force", _("处理生效")
    ENDED = "ended", _("已结束")
    CLOSED = "closed", _("不予处理")
    LAPSED = "lapsed", _("逾期自动终结")


RUNNING = (Step.OPENED, Step.NOTICED, Step.HEARING, Step.DECIDING, Step.PROPOSED)
OVER = (Step.ENDED, Step.CLOSED, Step.LAPSED)
# From the publication of a measure on.
BINDING = (Step.DECIDED, Step.APPEALED, Step.IN_FORCE, Step.ENDED)
SANCTIONS = (Measure.WARN, Measure.SUSPEND, Measure.REMOVE)


class Trigger(models.TextChoices):
    """R8: what opens a case."""

    CONDUCT = "conduct", _("守约分低于界线")
    QUALITY = "quality", _("质量分低于界线")
    COMPLAINTS = "complaints", _("180 日内两次投诉成立")
    WARNINGS = "warnings", _("12 个月内两次警示")
    SUSPENSIONS = "suspensions", _("24 个月内两次暂停")
    SERIOUS = "serious", _("涉嫌严重失信行为")
    ESTABLISHED = "established", _("主管机关认定的严重失信行为")
    WHILE_SUSPENDED = "while_suspended", _("暂停期间仍参与")
    LISTED = "listed", _("列入失信名单")
    INSPECTION = "inspection", _("抽查发现问题")


class AppealOutcome(models.TextChoices):
    UPHELD = "upheld", _("维持")
    CHANGED = "changed", _("变更")
    ANNULLED = "annulled", _("撤销")


class Ending(models.TextChoices):
    """Why a measure is no longer in force."""

    TERM = "term", _("期满")
    ANNULLED = "annulled", _("申诉撤销")
    REPAIRED = "repaired", _("信用修复")


class ExitCase(models.Model):
    """One case against one agency, changed only under the agency's case row (taken before its own).

    Its steps stand in a case file of its own, `X-…`, which the parties may read at once and everybody once a measure is
    published: a case that ends without one never becomes public with its reproach. `due_at` is the date of the step it
    is at; `lapses_at`, 20 wd later, ends it in the agency's favour.
    """

    number = models.CharField(_("案号"), max_length=20, unique=True)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="exit_case")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="exit_cases")
    # The agency's name as it is now, to be searched: triggers of the database write it.
    named = models.CharField(max_length=120, default="", editable=False)
    ruleset = models.CharField(max_length=20)
    trigger = models.CharField(max_length=20, choices=Trigger.choices)
    # What the trigger saw: names the fact, so that one fact opens one case.
    source = models.CharField(max_length=80)
    # [{"text", "path"}]: what happened, and where the evidence is.
    facts = models.JSONField(default=list)
    proposed = models.CharField(max_length=10, choices=Measure.choices)
    step = models.CharField(max_length=10, choices=Step.choices, default=Step.OPENED)
    # Who closed it before anybody was told.
    dismissed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(null=True)
    lapses_at = models.DateTimeField(null=True)

    opened_at = models.DateTimeField()
    # Null: a trigger of the rules, found by the clock.
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    # Whose finding it follows from, beside the opener: who reported an inspection opens, who confirmed it stands here.
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    noticed_at = models.DateTimeField(null=True)
    noticed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    served_at = models.DateTimeField(null=True)  # looked at by the agency, or deemed served
    defence_until = models.DateTimeField(null=True)
    defence_extended = models.BooleanField(default=False)
    hearing_asked_at = models.DateTimeField(null=True)
    hearing_at = models.DateTimeField(null=True)
    hearing_place = models.CharField(_("听证地点"), max_length=120, blank=True)
    hearing_held_at = models.DateTimeField(null=True)
    heard_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    measure = models.CharField(max_length=10, choices=Measure.choices, blank=True)
    months = models.PositiveSmallIntegerField(null=True)
    # Codes of service items; empty means the whole agency.
    items = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    reasons = models.TextField(_("决定理由"), max_length=5000, blank=True)
    # Beside the arguments of the defence, in their order.
    answers = models.JSONField(default=list, blank=True)
    harsher_because = models.TextField(_("从重理由"), max_length=1000, blank=True)
    contracts_stop = models.BooleanField(_("在履合同停止履行"), default=False)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    seconded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    effect_at = models.DateTimeField(null=True)
    appeal_until = models.DateTimeField(null=True)

    appealed_at = models.DateTimeField(null=True)
    appealed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    appeal_outcome = models.CharField(max_length=10, choices=AppealOutcome.choices, blank=True)
    appeal_decided_at = models.DateTimeField(null=True)
    appeal_decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    in_force_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=10, choices=Ending.choices, blank=True)

    class Meta:
        ordering = ["-opened_at", "-id"]
        indexes = [
            models.Index(fields=["step", "due_at"], name="exit_case_due"),
            models.Index(fields=["agency", "step"], name="exit_case_of_agency"),
            models.Index(
                fields=["-published_at", "-id"],
                name="exit_case_published",
                condition=models.Q(published_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(name="exit_step_known", condition=models.Q(step__in=Step.values)),
            models.CheckConstraint(
                name="exit_measure_known", condition=models.Q(measure="") | models.Q(measure__in=Measure.values)
            ),
            models.UniqueConstraint(fields=["agency", "trigger", "source"], name="one_case_for_one_fact"),
            models.UniqueConstraint(
                fields=["agency"], condition=models.Q(step__in=RUNNING), name="one_undecided_case_per_agency"
            ),
            # No sanction without notice, time to answer, and a decision with reasons.
            models.CheckConstraint(
                name="no_measure_without_notice_and_defence",
                condition=models.Q(measure__in=["", Measure.NONE])
                | models.Q(noticed_at__isnull=False, served_at__isnull=False, defence_until__isnull=False)
                & (models.Q(decided_at__isnull=True) | models.Q(decided_at__gte=models.F("defence_until"))),
            ),
            models.CheckConstraint(
                name="measure_says_who_and_why",
                condition=models.Q(measure="")
                | models.Q(decided_at__isnull=False, decided_by__isnull=False) & ~models.Q(reasons=""),
            ),
            models.CheckConstraint(
                name="hearing_asked_for_is_held_first",
                condition=models.Q(hearing_asked_at__isnull=True)
                | models.Q(measure__in=["", Measure.NONE])
                | models.Q(hearing_held_at__isnull=False),
            ),
            # Four eyes (I9): who opened or investigated does not decide; removal takes two; appeals go to a third person.
            models.CheckConstraint(
                name="decider_is_not_the_opener",
                condition=models.Q(decided_by__isnull=True)
                | (models.Q(opened_by__isnull=True) | ~models.Q(decided_by=models.F("opened_by")))
                & (models.Q(noticed_by__isnull=True) | ~models.Q(decided_by=models.F("noticed_by"))),
            ),
            models.CheckConstraint(
                name="second_is_another_officer",
                condition=models.Q(seconded_by__isnull=True)
                | ~models.Q(seconded_by=models.F("decided_by"))
                & (models.Q(opened_by__isnull=True) | ~models.Q(seconded_by=models.F("opened_by")))
                & (models.Q(noticed_by__isnull=True) | ~models.Q(seconded_by=models.F("noticed_by"))),
            ),
            models.CheckConstraint(
                name="hearing_is_not_led_by_the_investigator",
                condition=models.Q(heard_by__isnull=True)
                | (models.Q(opened_by__isnull=True) | ~models.Q(heard_by=models.F("opened_by")))
                & (models.Q(noticed_by__isnull=True) | ~models.Q(heard_by=models.F("noticed_by"))),
            ),
            models.CheckConstraint(
                name="who_confirmed_the_finding_decides_nothing_of_it",
                condition=models.Q(confirmed_by__isnull=True)
                | (models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("confirmed_by")))
                & (models.Q(seconded_by__isnull=True) | ~models.Q(seconded_by=models.F("confirmed_by")))
                & (models.Q(heard_by__isnull=True) | ~models.Q(heard_by=models.F("confirmed_by")))
                & (models.Q(appeal_decided_by__isnull=True) | ~models.Q(appeal_decided_by=models.F("confirmed_by"))),
            ),
            models.CheckConstraint(
                name="removal_takes_two",
                condition=~models.Q(measure=Measure.REMOVE)
                | models.Q(published_at__isnull=True)
                | models.Q(seconded_by__isnull=False),
            ),
            models.CheckConstraint(
                name="appeal_goes_to_a_third_person",
                condition=models.Q(appeal_decided_by__isnull=True)
                | ~models.Q(appeal_decided_by=models.F("decided_by"))
                & (models.Q(seconded_by__isnull=True) | ~models.Q(appeal_decided_by=models.F("seconded_by")))
                & (models.Q(opened_by__isnull=True) | ~models.Q(appeal_decided_by=models.F("opened_by")))
                & (models.Q(noticed_by__isnull=True) | ~models.Q(appeal_decided_by=models.F("noticed_by"))),
            ),
            models.CheckConstraint(
                name="in_force_only_when_published_and_due",
                condition=models.Q(in_force_at__isnull=True)
                | models.Q(published_at__isnull=False, in_force_at__gte=models.F("effect_at")),
            ),
            # The order of steps, whoever writes them: no step without what its forerunners leave behind.
            models.CheckConstraint(
                name="steps_after_the_notice_say_who_served_it",
                condition=models.Q(step__in=[Step.OPENED, Step.CLOSED, Step.LAPSED])
                | models.Q(noticed_at__isnull=False, noticed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="proposed_is_a_removal_that_somebody_decided",
                condition=~models.Q(step=Step.PROPOSED) | models.Q(measure=Measure.REMOVE, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="steps_after_the_decision_have_a_published_measure",
                condition=~models.Q(step__in=BINDING)
                | models.Q(measure__in=SANCTIONS, decided_by__isnull=False, published_at__isnull=False)
                & models.Q(effect_at__isnull=False, appeal_until__isnull=False),
            ),
            models.CheckConstraint(
                name="in_force_says_since_when_and_until",
                condition=~models.Q(step=Step.IN_FORCE) | models.Q(in_force_at__isnull=False, until__isnull=False),
            ),
            models.CheckConstraint(
                name="suspension_and_removal_have_a_term",
                condition=~models.Q(measure__in=[Measure.SUSPEND, Measure.REMOVE]) | models.Q(months__gt=0),
            ),
            models.CheckConstraint(
                name="running_cases_have_a_date",
                condition=~models.Q(step__in=[*RUNNING, Step.APPEALED])
                | models.Q(due_at__isnull=False, lapses_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.step}"


class Interim(models.Model):
    """暂时停止: at most 30 days while a case runs, for continuing grave harm; another officer reviews it within 5 wd."""

    case = models.OneToOneField(ExitCase, on_delete=models.PROTECT, related_name="interim")
    reason = models.TextField(_("继续造成重大损害的事实"), max_length=2000)
    ordered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    review_due_at = models.DateTimeField()
    until = models.DateTimeField()
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    review = models.TextField(_("复核意见"), max_length=2000, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="interim_is_reviewed_by_another",
                condition=models.Q(reviewed_by__isnull=True) | ~models.Q(reviewed_by=models.F("ordered_by")),
            ),
            models.CheckConstraint(name="interim_ends", condition=models.Q(until__gt=models.F("ordered_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}"
