"""The FilterSet of published exit cases, and how its state is told back."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import django_filters

from core import filtering
from core.filtering import Loosened
from core.pages import KeyedPages
from core.search import terms
from core.text import clean
from ratings.models import Ending, ExitCase, Measure, Step, Trigger
from ratings.queries.exits import public_cases

_STATES = [
    ("running", gettext_lazy("公布未生效或申诉中")),
    ("in_force", gettext_lazy("生效中")),
    ("over", gettext_lazy("已结束")),
    ("corrected", gettext_lazy("已更正")),
]


def _years() -> list[tuple[int, str]]:
    found = public_cases().order_by().values_list("published_at__year", flat=True).distinct()
    return [(year, str(year)) for year in sorted(found, reverse=True)]


class ExitFilter(django_filters.FilterSet):
    """Name or code, measure, trigger, state and year."""

    q = django_filters.CharFilter(
        method="by_text",
        label=gettext_lazy("搜索"),
        help_text=gettext_lazy("机构名称、统一社会信用代码或案件编号"),
        max_length=80,
    )
    measure = django_filters.ChoiceFilter(
        label=gettext_lazy("决定"),
        choices=[(one.value, one.label) for one in Measure if one != Measure.NONE],  # what is not decided is not public
        empty_label=gettext_lazy("全部决定"),
    )
    state = django_filters.ChoiceFilter(
        method="by_state", label=gettext_lazy("状态"), choices=_STATES, empty_label=gettext_lazy("全部状态")
    )
    trigger = django_filters.ChoiceFilter(
        label=gettext_lazy("情形"), choices=Trigger.choices, empty_label=gettext_lazy("全部情形")
    )
    year = django_filters.ChoiceFilter(
        field_name="published_at__year",
        label=gettext_lazy("公布年份"),
        choices=_years,
        empty_label=gettext_lazy("全部年份"),
    )

    class Meta:
        model = ExitCase
        fields = ["q", "measure", "state", "trigger", "year"]

    def by_text(self, rows: QuerySet[ExitCase], _name: str, value: str) -> QuerySet[ExitCase]:
        """Part of the name, or the beginning of the agency's code or the case's number."""
        text = clean(value)
        named = Q(named__icontains=text)
        if held := terms.within(text):
            return rows.filter(named, named__finds=held)  # what is Chinese begins no code
        code = text.upper()
        return rows.filter(named | Q(agency__organisation__uscc__startswith=code) | Q(number__startswith=code))

    @property
    def pages(self) -> KeyedPages:
        """What was found, page by page."""
        return KeyedPages(self.qs)

    def by_state(self, rows: QuerySet[ExitCase], _name: str, value: str) -> QuerySet[ExitCase]:
        """Where a published measure is."""
        match value:
            case "running":
                return rows.filter(step__in=[Step.DECIDED, Step.APPEALED])
            case "in_force":
                return rows.filter(step=Step.IN_FORCE)
            case "corrected":
                return rows.filter(ending=Ending.ANNULLED)
            case _:
                return rows.filter(step=Step.ENDED).exclude(ending=Ending.ANNULLED)


def summary(found: ExitFilter, count: str) -> str:
    """`清退、2026 的 12 件`."""
    said = _("、").join(chip.value for chip in filtering.chips(found))
    return (
        _("%(filters)s的 %(count)s 件") % {"filters": said, "count": count}
        if said
        else _("共 %(count)s 件") % {"count": count}
    )


def loosened(found: ExitFilter) -> list[Loosened]:
    """For an empty page: each filter whose removal would find something, the richest first."""
    return filtering.loosened(found, lambda data: ExitFilter(data, queryset=public_cases()))
