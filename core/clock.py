"""The only clock that decides anything: the database's."""

from datetime import UTC, datetime, timedelta, timezone

from django.db import connection

BEIJING = timezone(timedelta(hours=8), "北京时间")


def database_now() -> datetime:
    """The database's wall clock at this statement, UTC, cut to whole milliseconds (as entries carry it)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    return to_milliseconds(now)


def to_milliseconds(moment: datetime) -> datetime:
    """`moment` in UTC without its microseconds below the millisecond: `t < limit` stays true or false for whole-ms limits."""
    moment = moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def rfc3339(moment: datetime) -> str:
    """`2026-11-23T06:05:00.123Z`, always 24 characters."""
    return to_milliseconds(moment).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def from_rfc3339(text: str) -> datetime:
    """The inverse of `rfc3339`."""
    return datetime.fromisoformat(text)


def beijing_minute(moment: datetime) -> str:
    """`2026-11-23 14:02` Beijing time, for what is days away."""
    return f"{moment.astimezone(BEIJING):%Y-%m-%d %H:%M}"


def beijing(moment: datetime) -> str:
    """`14:02:13.480` Beijing time, as refusals and receipts say it."""
    local = to_milliseconds(moment).astimezone(BEIJING)
    return f"{local:%H:%M:%S}.{local.microsecond // 1000:03d}"
