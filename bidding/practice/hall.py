"""The practice sessions of this process: begun when a socket comes, kept for a while so that a lost line finds its own."""

from datetime import UTC, datetime, timedelta

from bidding.practice.session import Session

MOST = 200
KEPT_FOR = timedelta(minutes=8)


class HallFull(Exception):
    """As many people practise as this process will bear."""


class Hall:
    """Sessions by the name that the visitor's page gave."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}

    @property
    def full(self) -> bool:
        self._clear()
        return len(self._sessions) >= MOST

    def find(self, name: str) -> Session | None:
        return self._sessions.get(name)

    def enter(self, name: str) -> Session:
        """The session of that name, begun now if there is none. Raises HallFull."""
        found = self._sessions.get(name)
        if found is None:
            if self.full:
                raise HallFull
            found = self._sessions[name] = Session(now())
        return found

    def _clear(self) -> None:
        before = now() - KEPT_FOR
        self._sessions = {name: one for name, one in self._sessions.items() if one.begun_at > before}


def now() -> datetime:
    """This machine's clock in whole milliseconds: nobody outside the session depends on it."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


hall = Hall()
