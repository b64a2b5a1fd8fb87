"""What one more rating costs an agency that has few of them or many. `python -m bench.credit_world N …` prints milliseconds.

The first contract of each agency is made by the platform's own actions; the others are copies of its rows.
"""

import json
import random
import statistics
import sys
import time

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 (apps first)
from django.db.models import Model  # noqa: E402

from accounts.models import Kind  # noqa: E402
from agencies.models import Agency  # noqa: E402
from bidding.models import Award  # noqa: E402
from contracts.models import Contract  # noqa: E402
from journal.models import Case  # noqa: E402
from marketplace.models import Request  # noqa: E402
from ratings.models import Rating  # noqa: E402
from tests import cast  # noqa: E402
from tests.ratings import acting  # noqa: E402

RUNS = 15
# Contracts of as many different sizes and days as real ones.
_AGE = "now() - ((g * 7919) %% 700) * interval '1 day' - g * interval '1 second'"


def main() -> None:
    """Agencies with so many ratings each, then one rating more of each in turns, by `take_rating`; the middle of all times."""
    sizes = [int(word) for word in sys.argv[1:]]
    chance = random.Random(11)
    waiting = [_agency(size, number) for number, size in enumerate(sizes)]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    times: list[list[float]] = [[] for _ in sizes]
    for _turn in range(RUNS):
        for place, contracts in enumerate(waiting):
            contract = contracts.pop()
            began = time.perf_counter()
            acting.rate(contract, f"{chance.uniform(0.4, 1):.4f}")
            times[place].append((time.perf_counter() - began) * 1000)
    print(json.dumps([statistics.median(one) for one in times]))


def _agency(size: int, number: int) -> list[Contract]:
    """An agency with `size` ratings of a tenth as many buyers, and finished contracts that nobody has rated yet."""
    buyer = cast.organisation(Kind.ENTERPRISE, f"第{number}供水有限公司")
    user = cast.person(f"buyer{number}@bench.example", buyer)
    item = cast.service_item(code=f"BENCH-{number}")
    agency = cast.agency(f"第{number}咨询有限公司")
    cast.offers(item, agency)
    first = acting.finished(buyer, user, item, agency)
    acting.rate(first, "0.8")
    _copy(first, agency, size, number)
    related = Contract.objects.select_related("award__request__item", "buyer", "agency")
    return list(related.filter(agency=agency.organisation, rating__isnull=True).order_by("pk")[: RUNS + 1])


@transaction.atomic
def _copy(first: Contract, agency: Agency, size: int, number: int) -> None:
    award, request = first.award, first.award.request
    more = size - 1 + RUNS
    name = f"GS-19{number:02d}-"
    _clone(Case, request.case_id, more, {"name": f"'{name}' || lpad(g::text, 6, '0')"})
    of_case = f"(SELECT id FROM journal_case WHERE name = '{name}' || lpad(g::text, 6, '0'))"
    _clone(Request, request.pk, more, {"number": f"'{name}' || lpad(g::text, 6, '0')", "case_id": of_case})
    of_request = f"(SELECT id FROM marketplace_request WHERE number = '{name}' || lpad(g::text, 6, '0'))"
    _clone(Award, award.pk, more, {"request_id": of_request})
    of_award = f"(SELECT id FROM bidding_award WHERE request_id = {of_request})"
    _clone(Contract, first.pk, more, {"award_id": of_award, "price": "1000000 * (1 + g %% 17)", "completed_at": _AGE})
    of_contract = f"(SELECT id FROM contracts_contract WHERE award_id = {of_award})"
    rating = Rating.objects.get(contract=first)
    changed = {
        "contract_id": of_contract,
        "group": f"'buyer ' || g %% {max(size // 10, 1)}",
        "amount": "1000000 * (1 + g %% 17)",
        "x": "0.4 + (g %% 61) / 100.0",
        "at": _AGE,
        "seq": "g + 10",
    }
    _clone(Rating, rating.pk, size - 1, changed)


def _clone(model: type[Model], pk: int, times: int, changed: dict[str, str]) -> None:
    """Copies of one row, with some columns told anew for the g-th."""
    columns = [field.column for field in model._meta.local_fields if field.column != "id"]
    told = ", ".join(changed.get(column, f'one."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({names}) SELECT {told} FROM "{table}" one, generate_series(1, %s) g WHERE one.id = %s',
            [times, pk],
        )


if __name__ == "__main__":
    main()
