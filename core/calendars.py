"""Calendar files (.ics) of dates that stand open, in UTC, for people's own calendars."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpResponse

from icalendar import Calendar, Event


@dataclass(frozen=True)
class Date:
    """One date; `key` names it for good, so that a calendar moves it instead of showing it twice. `path` is where to go."""

    key: str
    at: datetime
    title: str
    text: str
    path: str


def response(name: str, file_name: str, dates: Iterable[Date], now: datetime) -> HttpResponse:
    """The dates as a calendar of that name."""
    answer = HttpResponse("".join(pieces(name, dates, now)), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name}.ics"'
    return answer


def pieces(name: str, dates: Iterable[Date], now: datetime) -> Iterator[str]:
    """The same calendar, date by date."""
    calendar = Calendar()
    calendar.add("prodid", "-//intermediary-market//dates//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    head, end = calendar.to_ical().decode().split("END:VCALENDAR", 1)
    yield head
    for date in dates:
        yield _event(date, now.replace(microsecond=0)).to_ical().decode()
    yield f"END:VCALENDAR{end}"


def _event(date: Date, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", f"{date.key}@{settings.SITE_URL.split('://')[-1]}")
    event.add("dtstamp", stamp)
    event.add("dtstart", date.at.replace(microsecond=0))
    event.add("dtend", date.at.replace(microsecond=0))
    event.add("summary", date.title)
    event.add("description", date.text)
    event.add("url", settings.SITE_URL + date.path)
    return event
