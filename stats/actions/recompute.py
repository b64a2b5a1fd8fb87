"""Sum everything anew, or only what has changed; both leave the same rows. One clock at a time, and none waits."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db import connection, transaction
from django.db.models import Min

from core.clock import BEIJING, database_now
from core.queries import calendar
from marketplace.models import Request
from stats.actions import sums
from stats.models import Awarded, Day, Happened, Market, Stale
from stats.queries.stock import stock
from stats.rules.concentration import cr4, hhi
from stats.rules.periods import Period, Span, period

# Cells summed anew in one transaction.
_AT_ONCE = 200
# How old the markets and what stands open may get.
_FRESH = timedelta(minutes=15)
_Cell = tuple[date, str, str]


@transaction.atomic(durable=True)
def keep_up(now: datetime | None = None) -> int:
    """Do what is next: the day's new sum of everything, the cells that changed, or the markets; 0 if nothing or held.

    The lock lasts as long as the transaction. A cell is taken off the list before it is read, so what happens to it
    meanwhile puts it there again.
    """
    if not _held():
        return 0
    now = now or database_now()
    today = Day.objects.filter(date=_today(now)).first()
    if today is None:
        return _everything(now)
    if cells := _taken():
        _clear(cells)
        _sum(cells)
        return len(cells)
    if now - today.at < _FRESH:
        return 0
    _markets(now)
    Day.objects.filter(pk=today.pk).update(at=now, stock=stock(now))
    return 1


@transaction.atomic(durable=True)
def recompute_all(now: datetime | None = None) -> int:
    """Sum everything anew, whatever day it is; how many cells there are. Waits for a clock that is at it."""
    _wait()
    return _everything(now or database_now())


def _everything(now: datetime) -> int:
    Stale.objects.all().delete()
    Awarded.objects.all().delete()
    Happened.objects.all().delete()
    _sum(None)
    _markets(now)
    Day.objects.update_or_create(date=_today(now), defaults={"at": now, "stock": stock(now)})
    return Awarded.objects.count() + Happened.objects.count()


def _taken() -> list[_Cell]:
    rows = list(Stale.objects.order_by("-month", "pk")[:_AT_ONCE].values_list("pk", "month", "item_id", "region_id"))
    Stale.objects.filter(pk__in=[pk for pk, *_cell in rows]).delete()
    return [(month, item, region) for _pk, month, item, region in rows]


def _clear(cells: Sequence[_Cell]) -> None:
    for table in ("stats_awarded", "stats_happened"):
        _execute(
            f"DELETE FROM {table} t USING unnest(%(months)s::date[], %(items)s::text[], %(regions)s::text[])"  # noqa: S608
            " AS wanted (month, item, region)"
            " WHERE (t.month, t.item_id, t.region_id) = (wanted.month, wanted.item, wanted.region)",
            _columns(cells),
        )


def _sum(cells: Sequence[_Cell] | None) -> None:
    """Of these cells, or of everything."""
    parameters = {**_workdays(), **_columns(cells or [])}
    for statement in sums.statements(scoped=cells is not None):
        _execute(statement, parameters)


def _columns(cells: Sequence[_Cell]) -> dict[str, Any]:
    return {
        "months": [month for month, _item, _region in cells],
        "items": [item for _month, item, _region in cells],
        "regions": [region for _month, _item, region in cells],
        **_window(cells),
    }


def _window(cells: Sequence[_Cell]) -> dict[str, datetime]:
    """From the first of these months to the end of the last."""
    if not cells:
        return {}
    months = [month for month, _item, _region in cells]
    found = Period(min(months), max(months))
    return {"begins": found.begins, "ends": found.ends}


def _workdays() -> dict[str, Any]:
    """Every day from the first notice on, with how many working days had passed by its end."""
    working, dates, passed, count = calendar(), [], [], 0
    first = Request.objects.aggregate(first=Min("published_at"))["first"] or database_now()
    day, last = _today(first), _today(database_now())
    while day <= last:
        count += working.works(day)
        dates.append(day)
        passed.append(count)
        day += timedelta(days=1)
    return {"dates": dates, "passed": passed}


def _markets(now: datetime) -> None:
    """All markets of the last twelve months."""
    year = period(Span.YEAR, now)
    window = {"begins": year.begins, "ends": year.ends}
    prices = {(item, region): quartiles for item, region, quartiles in _rows(sums.PRICES, window)}
    made = []
    for (item, region), rows in groupby(_rows(sums.SHARES, window), key=lambda row: (row[0], row[1])):
        won = [(int(amount), count) for _item, _region, _agency, amount, count in rows]
        low, median, high = prices.get((item, region), (None, None, None)) if item else (None, None, None)
        amounts = [amount for amount, _count in won]
        made.append(
            Market(
                item_id=item,
                region_id=region,
                awards=sum(count for _amount, count in won),
                agencies=len(won),
                amount=sum(amounts),
                largest=max(amounts),
                cr4=cr4(amounts),
                hhi=hhi(amounts),
                low=_fen(low),
                median=_fen(median),
                high=_fen(high),
            )
        )
    Market.objects.all().delete()
    Market.objects.bulk_create(made, batch_size=500)


def _fen(price: float | None) -> int | None:
    return None if price is None else round(price)


def _held() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('statistics', 0))")
        return bool(cursor.fetchone()[0])


def _wait() -> None:
    _execute("SELECT pg_advisory_xact_lock(hashtextextended('statistics', 0))", {})


def _execute(statement: str, parameters: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def _rows(statement: str, parameters: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Read piece by piece: there may be as many as awards."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, parameters)
        while chunk := cursor.fetchmany(2000):
            yield from chunk


def _today(moment: datetime) -> date:
    return moment.astimezone(BEIJING).date()
