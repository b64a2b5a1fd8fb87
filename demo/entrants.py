"""Who enrols for one request of the past, when, under which label, and who leaves again."""

from datetime import datetime, timedelta
from random import Random

from bidding import entries
from bidding.models import Enrolment
from bidding.rules.labels import draw_label
from demo.agencies import Player
from demo.bulk import Numbers
from demo.casefile import CaseFile
from demo.plot import Plot
from marketplace.models import Request

_LEFT = 0.02


class Entrants:
    """Those who enrolled so far; `players` tells who is behind each enrolment, by its number."""

    def __init__(self, rng: Random, plot: Plot, now: datetime, request: Request, file: CaseFile, ids: Numbers) -> None:
        self._rng, self._plot, self._now = rng, plot, now
        self._request, self._file, self._ids = request, file, ids
        self._candidates = list(plot.candidates)
        self.enrolments: list[Enrolment] = []
        self.players: dict[int, Player] = {}

    def come(self, inclined: int, since: datetime) -> None:
        """Some of the candidates enrol between `since` and the deadline, or now if that comes first."""
        until = self._request.enrol_until
        assert until is not None
        span = until - since
        times = sorted(since + span * self._rng.betavariate(1.1, 1.6) for _ in range(inclined))
        for at in times:
            if at >= min(until, self._now) or not self._candidates:
                return
            player = self._candidates.pop(self._rng.randrange(len(self._candidates)))
            self._enrol_one(player, at)

    def standing(self) -> list[Enrolment]:
        """Those that did not leave."""
        return [e for e in self.enrolments if e.withdrawn_at is None]

    def reveals(self) -> list[dict[str, str]]:
        """Who stands behind their labels, as an entry that opens them says."""
        return [
            entries.reveal(e.label, bytes(e.salt), self.players[e.pk].uscc, self.players[e.pk].name)
            for e in self.standing()
        ]

    def _enrol_one(self, player: Player, at: datetime) -> None:
        salt = self._rng.randbytes(32)
        label = draw_label({e.label for e in self.enrolments}, self._rng.choice)
        at = self._file.append(at, entries.enrolled(label, salt, player.uscc))
        enrolment = Enrolment(
            pk=self._ids.next(),
            request_id=self._request.pk,
            agency_id=player.agency,
            label=label,
            salt=salt,
            enrolled_at=at,
            enrolled_by_id=player.user,
        )
        self.enrolments.append(enrolment)
        self.players[enrolment.pk] = player
        if self._rng.random() < _LEFT and not self._plot.rigged:
            self._leave(enrolment, at)

    def _leave(self, enrolment: Enrolment, at: datetime) -> None:
        at += timedelta(minutes=self._rng.randrange(3, 40))
        assert self._request.enrol_until is not None
        if at < min(self._now, self._request.enrol_until):
            enrolment.withdrawn_at = self._file.append(at, entries.left(enrolment.label))
