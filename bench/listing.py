"""Fill a database with requests and agencies, or ask its pages. `python -m bench.listing fill|ask …` prints JSON.

The rows are set by the database itself: what lists show and search, with case files, and no more history than a first entry
of each agency. Texts are those of the demo's word lists.
"""

import json
import sys
import time
from random import Random
from statistics import median
from typing import Any

import django

django.setup()

from django.db import connection, reset_queries, transaction  # noqa: E402 (apps first)
from django.test import Client  # noqa: E402
from django.test.utils import override_settings  # noqa: E402

from accounts.models import Kind, Organisation  # noqa: E402
from demo import projects, words  # noqa: E402
from demo.people import Buyer, place_of  # noqa: E402
from marketplace.actions import load_catalogue  # noqa: E402
from tests import cast  # noqa: E402

_TEXTS = 20_000
_ROUNDS, _WARM = 15, 4

_WANTED = """
CREATE TEMP TABLE wanted (nr int PRIMARY KEY, item text, title text, scope text, deliverables text, term int, ceiling bigint);
"""
_CASES = (
    "INSERT INTO journal_case (name, seq, head) SELECT %s || lpad(n::text, 7, '0'), 0, '' FROM generate_series(1, %s) n"
)
_REQUESTS = """
INSERT INTO marketplace_request (
    number, case_id, buyer_id, buyer_kind, created_by_id, item_id, title, region_id, scope, deliverables, materials,
    term_workdays, method, ceiling, public_funds, payer_id, budget_line, cited_law, status, ruleset, published_at,
    enrol_until, selects_at, extended, demo, created_at
)
SELECT c.name, c.id, b.id, b.kind, %(user)s, w.item, w.title, b.region_id, w.scope, w.deliverables, '',
       w.term, CASE WHEN n %% 3 = 0 THEN 'draw' ELSE 'live' END, w.ceiling, false, b.id, '', '',
       (ARRAY['published', 'awarded', 'failed', 'cancelled', 'completed', 'contracted'])[1 + n %% 6], '2026-12',
       now() - interval '1 minute' * (%(count)s - n), now() + interval '1 minute' * (n %% 20000 - 6000), now(), false, true, now()
FROM journal_case c
CROSS JOIN LATERAL (SELECT substr(c.name, 9)::int AS n) AS numbered
JOIN (SELECT row_number() OVER (ORDER BY id) - 1 AS place, * FROM accounts_organisation WHERE kind = 'enterprise') b
    ON b.place = n * 31 %% (SELECT count(*) FROM accounts_organisation WHERE kind = 'enterprise')
JOIN wanted w ON w.nr = n * 7919::bigint %% %(texts)s
WHERE c.name LIKE 'GS-2026-%%'
ORDER BY n
"""
_NAMES = "CREATE TEMP TABLE named (nr int PRIMARY KEY, name text, pinyin text, intro text, region text);"
_AGENCIES = """
INSERT INTO accounts_organisation (kind, name, uscc, region_id, address, contact_name, contact_phone, field, demo, created_at)
SELECT 'agency', d.name || n, '9162' || lpad(n::text, 14, '0'), d.region, '', '张三', '0931-5550000', '', true, now()
FROM generate_series(1, %(count)s) n JOIN named d ON d.nr = n %% 2000;
INSERT INTO agencies_agency (
    organisation_id, case_id, standing, grade, registered_at, intro, website, legal_representative, pinyin
)
SELECT o.id, c.id, 'active', 'N', now() - interval '1 minute' * n, d.intro, '', '', d.pinyin
FROM generate_series(1, %(count)s) n
JOIN accounts_organisation o ON o.uscc = '9162' || lpad(n::text, 14, '0')
JOIN journal_case c ON c.name = 'A-' || lpad(n::text, 7, '0')
JOIN named d ON d.nr = n %% 2000;
INSERT INTO marketplace_offering (agency_id, item_id)
SELECT DISTINCT a.id, i.code FROM agencies_agency a
JOIN (SELECT row_number() OVER (ORDER BY code) - 1 AS place, code FROM marketplace_serviceitem) i
    ON i.place IN (a.id %% 25, a.id * 7 %% 25, a.id * 11 %% 25);
"""


@transaction.atomic
def fill(requests: int, agencies: int) -> None:
    """So many requests of 400 enterprises, and so many agencies that offer one to three items each."""
    load_catalogue()
    rng = Random(7)
    places = words.words("names")["inside"]
    for number in range(min(400, requests)):
        place = rng.choice(places)
        cast.organisation(Kind.ENTERPRISE, f"{rng.choice(place['prefixes'])}第{number}实业有限公司", place["region"])
    buyer = Organisation.objects.filter(kind=Kind.ENTERPRISE).first()
    assert buyer is not None
    user = cast.person("buyer@bench.example", buyer)
    with connection.cursor() as cursor:
        cursor.execute(_WANTED + _NAMES)
        cursor.executemany("INSERT INTO wanted VALUES (%s, %s, %s, %s, %s, %s, %s)", list(_texts(rng)))
        cursor.executemany("INSERT INTO named VALUES (%s, %s, %s, %s, %s)", list(_names(rng)))
        cursor.execute(_CASES, ["GS-2026-", requests])
        cursor.execute(_CASES, ["A-", agencies])
        # Built at once when the rows are there, as whoever brings in a million rows would.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        rebuilt = _without_indexes(cursor)
        cursor.execute(_REQUESTS, {"user": user.pk, "count": requests, "texts": _TEXTS})
        cursor.execute(_AGENCIES, {"count": agencies})
        for statement in rebuilt:
            cursor.execute(statement)


def _without_indexes(cursor: Any) -> list[str]:
    """Drop the indexes that lists and search use; what makes them anew."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE left(indexname, 8) = 'request_' OR indexname = 'agency_search'"
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [definition for _name, definition in found]


def _texts(rng: Random) -> list[tuple[object, ...]]:
    items = list(words.words("projects")["item"])
    found = []
    for number in range(_TEXTS):
        place = place_of(rng.choice(words.words("names")["inside"])["region"])
        buyer = Buyer(Organisation(kind=Kind.ENTERPRISE), 0, place)
        one = projects.wanted(rng, buyer, 2026, items)
        found.append((number, one.item, one.title, one.scope, one.deliverables, one.term_workdays, one.ceiling))
    return found


def _names(rng: Random) -> list[tuple[object, ...]]:
    from core.text import initials  # noqa: PLC0415 (its dictionaries take a second)

    found = []
    for number in range(2000):
        place = words.weighted(rng, words.words("names")[rng.choice(["inside", "outside"])])
        trade = words.weighted(rng, words.words("trades")["trade"])
        name = rng.choice(place["prefixes"]) + words.brand(rng) + rng.choice(trade["words"]) + "有限公司"
        found.append((number, name, initials(name)[:120], f"主要从事{trade['skill']}。", place["region"]))
    return found


def ask(addresses: list[str]) -> dict[str, dict[str, float]]:
    """For each address the median time of a whole answer in seconds, and how many queries it takes."""
    client = Client()
    found: dict[str, dict[str, float]] = {}
    for address in addresses:
        times = []
        for turn in range(_WARM + _ROUNDS):
            started = time.perf_counter()
            answer = client.get(address)
            assert answer.status_code == 200, (address, answer.status_code)
            if turn >= _WARM:
                times.append(time.perf_counter() - started)
        with override_settings(DEBUG=True):
            reset_queries()
            client.get(address)
            found[address] = {"time": median(times), "queries": len(connection.queries)}
    return found


if __name__ == "__main__":
    if sys.argv[1] == "fill":
        began = time.monotonic()
        fill(int(sys.argv[2]), int(sys.argv[3]))
        with connection.cursor() as vacuuming:
            vacuuming.execute("VACUUM ANALYZE")
        print(json.dumps({"seconds": time.monotonic() - began}))
    else:
        with override_settings(ALLOWED_HOSTS=["testserver"]):
            print(json.dumps(ask(json.loads(sys.argv[2]))))
