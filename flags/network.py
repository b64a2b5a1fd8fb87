"""Who bids with whom: a network of agencies from awarded procurements, laid out the same each time, and drawn as SVG."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from django.core.cache import cache
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

import networkx

from accounts.models import Organisation
from bidding.models import Award, Enrolment
from flags.models import LIVE, AboutKind, Flag, Status

_SEED, _WIDTH, _HEIGHT, _EDGE = 2018, 760, 520, 40
_MOST_AGENCIES, _LEAST_MET, _NAMED = 40, 2, 24
_KEPT = 600
_APART = 2.4  # how far apart agencies like to be
_LABEL = 8
_NAME = (_LABEL * 11, 14)  # how wide and high a name is in the picture


@dataclass(frozen=True)
class Tie:
    """A pair, how often it met, how often one or the other of it won then, and the flags about it."""

    one: str
    other: str
    met: int
    won: tuple[int, int]
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Network:
    """Names and wins by USCC, and ties, the strongest first. `places` are x and y of the picture."""

    names: Mapping[str, str]
    wins: Mapping[str, int]
    ties: tuple[Tie, ...]
    places: Mapping[str, tuple[float, float]]

    def rows(self) -> list[tuple[Tie, str, str]]:
        """The table beside the picture."""
        return [(tie, self.names[tie.one], self.names[tie.other]) for tie in self.ties]


def network(item: str, region: str, until: datetime, *, flagged: bool) -> Network:
    """The year's network of a market; `flagged` marks pairs that live or confirmed flags are about. Cached."""
    newest = Award.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    key = f"flags-network/{item}/{region}/{newest}"
    found = cache.get(key)
    if found is None:
        found = _network(item, region, until)
        cache.set(key, found, _KEPT)
    return _marked(found, item, region) if flagged else found


def drawn(one: Network) -> SafeString:
    """The picture; everything in it stands in the table too."""
    heaviest = max((tie.met for tie in one.ties), default=1)
    lines = format_html_join(
        "\n",
        '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke-width="{}" class="{}"><title>{}</title></line>',
        (
            (
                *one.places[tie.one],
                *one.places[tie.other],
                round(1 + 5 * tie.met / heaviest, 1),
                "net-tie net-flagged" if tie.flags else "net-tie",
                _("%(one)s 与 %(other)s：共同参加 %(met)s 次")
                % {"one": one.names[tie.one], "other": one.names[tie.other], "met": tie.met},
            )
            for tie in reversed(one.ties)
        ),
    )
    most = max(one.wins.values(), default=1) or 1
    named = _named(one)
    dots = format_html_join(
        "\n",
        '<circle cx="{}" cy="{}" r="{}" class="net-dot"><title>{}</title></circle>',
        ((*one.places[who], round(5 + 9 * one.wins.get(who, 0) / most, 1), name) for who, name in one.names.items()),
    )
    # Over all dots, so that none lies across a name.
    called = format_html_join(
        "\n",
        '<text x="{}" y="{}" text-anchor="middle" class="net-name">{}</text>',
        ((x, round(y + 24, 1), _short(one.names[who])) for who in named for x, y in (one.places[who],)),
    )
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-labelledby="net-title" class="net"><title id="net-title">{}</title>{}{}{}</svg>',
        _WIDTH,
        _HEIGHT,
        _("共同投标网络：线越粗，相遇越多；点越大，中选越多"),
        lines,
        dots,
        called,
    )


def _named(one: Network) -> list[str]:
    """In a crowd only those that win most are named in the picture, and none across another's name; the table names all."""
    named: list[str] = []
    for who in sorted(one.names, key=lambda who: (-one.wins.get(who, 0), who))[:_NAMED]:
        x, y = one.places[who]
        if all(abs(x - u) > _NAME[0] or abs(y - v) > _NAME[1] for u, v in map(one.places.__getitem__, named)):
            named.append(who)
    return named


def _network(item: str, region: str, until: datetime) -> Network:
    awards = Award.objects.filter(published_at__gte=until - timedelta(days=365), published_at__lte=until)
    if item:
        awards = awards.filter(request__item=item)
    if region:
        awards = awards.filter(request__region=region)
    winners = dict(awards.order_by("pk").values_list("request", "winner__agency__organisation__uscc"))
    together: dict[int, set[str]] = {}
    entered = Enrolment.objects.filter(request__in=awards.values("request"), withdrawn_at__isnull=True)
    for request, uscc in entered.values_list("request", "agency__organisation__uscc").iterator():
        together.setdefault(request, set()).add(uscc)
    met, won = _counted(together, winners)
    strongest = [(pair, count) for pair, count in met.most_common() if count >= _LEAST_MET]
    members: list[str] = []
    for pair, _count in strongest:
        members += [who for who in pair if who not in members and len(members) < _MOST_AGENCIES]
    ties = tuple(
        Tie(one, other, count, (won[one, other, one], won[one, other, other]))
        for (one, other), count in sorted(strongest, key=lambda pair: (-pair[1], pair[0]))
        if one in members and other in members
    )
    names = dict(Organisation.objects.filter(uscc__in=members).order_by("uscc").values_list("uscc", "name"))
    wins = Counter(winners.values())
    return Network(names, {who: wins[who] for who in names}, ties, _laid_out(names, ties))


def _counted(
    together: Mapping[int, set[str]], winners: Mapping[int, str]
) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str, str]]]:
    met: Counter[tuple[str, str]] = Counter()
    won: Counter[tuple[str, str, str]] = Counter()
    for request, there in together.items():
        for one, other in combinations(sorted(there), 2):
            met[one, other] += 1
            if winners.get(request) in (one, other):
                won[one, other, winners[request]] += 1
    return met, won


def _laid_out(names: Iterable[str], ties: Iterable[Tie]) -> dict[str, tuple[float, float]]:
    graph = networkx.Graph()
    graph.add_nodes_from(names)
    graph.add_weighted_edges_from((tie.one, tie.other, tie.met) for tie in ties)
    placed = networkx.spring_layout(
        graph, k=_APART / max(len(graph), 1) ** 0.5, seed=_SEED, iterations=120, weight=None
    )
    return {
        who: (
            round(float(_WIDTH / 2 + x * (_WIDTH / 2 - _EDGE)), 1),
            round(float(_HEIGHT / 2 + y * (_HEIGHT / 2 - _EDGE)), 1),
        )
        for who, (x, y) in placed.items()
    }


def _marked(found: Network, item: str, region: str) -> Network:
    about = Flag.objects.filter(
        about__in=[AboutKind.PAIR, AboutKind.GROUP], status__in=[*LIVE, Status.CONFIRMED]
    ).order_by("number")
    if item:
        about = about.filter(item=item)
    if region:
        about = about.filter(region=region)
    by_pair: dict[tuple[str, str], list[str]] = {}
    for number, agencies in about.values_list("number", "agencies"):
        for one, other in combinations(sorted(agencies), 2):
            by_pair.setdefault((one, other), []).append(number)
    ties = tuple(
        Tie(tie.one, tie.other, tie.met, tie.won, tuple(by_pair.get((tie.one, tie.other), ()))) for tie in found.ties
    )
    return Network(found.names, found.wins, ties, found.places)


def _short(name: str) -> str:
    return name if len(name) <= _LABEL else f"{name[: _LABEL - 1]}…"
