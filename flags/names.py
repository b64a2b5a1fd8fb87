"""How the subjects of flags are called: organisations by name, requests by number, markets by item and region."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from accounts.models import Organisation
from core.models import Region
from flags.models import AboutKind, Flag
from marketplace.models import ServiceItem

Names = Mapping[str, str]


def known(flags: Iterable[Flag]) -> Names:
    """The names of everything these flags speak of, in three queries."""
    wanted = {one for flag in flags for one in _mentioned(flag)}
    items = {pk: str(one.name) for pk, one in ServiceItem.objects.in_bulk(wanted).items()}
    places = {pk: str(one.name) for pk, one in Region.objects.in_bulk(wanted).items()}
    people = dict(Organisation.objects.filter(uscc__in=wanted).values_list("uscc", "name"))
    return {**items, **places, **people}


def subject_of(flag: Flag, names: Names) -> str:
    """What the flag is about, in a line."""
    called = [names.get(one, one) for one in flag.subject]
    if flag.about == AboutKind.MARKET:
        return " × ".join(called)
    said = _("、").join(called)
    return f"{said} {flag.number}"


def _mentioned(flag: Flag) -> set[str]:
    said = {*flag.subject, *flag.agencies, flag.item, flag.region}
    for row in flag.evidence:
        said.update(str(row[key]) for key in ("agency", "winner", "buyer", "enterprise") if row.get(key))
    return said - {""}
