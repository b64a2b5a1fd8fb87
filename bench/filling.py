"""Fill a database with requests and agencies, as `python -m bench.filling REQUESTS AGENCIES`; prints the seconds as JSON.

The rows are set by the database itself: what lists show and search, with case files, and no more history than a first entry
of each agency. Texts are those of the demo's word lists.
"""

import json
import sys
import time
from random import Random
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 (apps first)

from accounts.models import Kind, Organisation  # noqa: E402
from demo import projects, words  # noqa: E402
from demo.people import Buyer, place_of  # noqa: E402
from marketplace.actions import load_catalogue  # noqa: E402
from tests import cast  # noqa: E402

_TEXTS = 20_000

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
       CASE WHEN n > %(count)s - 120 AND n %% 3 > 0 THEN 'selecting' ELSE
           (ARRAY['published', 'awarded', 'failed', 'cancelled', 'completed', 'contracted'])[1 + n %% 6]
       END, '2026-12',
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
    organisation_id, case_id, standing, grade, credit, registered_at, intro, website, legal_representative, pinyin
)
SELECT o.id, c.id, 'active', CASE WHEN n %% 4 = 0 THEN 'N' ELSE substr('ABC', 1 + n %% 3, 1) END,
       CASE WHEN n %% 4 > 0 THEN 60 + (n * 7919::bigint %% 400) / 10.0 END,
       now() - interval '1 minute' * n, d.intro, '', '', d.pinyin
FROM generate_series(1, %(count)s) n
JOIN accounts_organisation o ON o.uscc = '9162' || lpad(n::text, 14, '0')
JOIN journal_case c ON c.name = 'A-' || lpad(n::text, 7, '0')
JOIN named d ON d.nr = n %% 2000;
INSERT INTO marketplace_offering (agency_id, item_id)
SELECT DISTINCT a.id, i.code FROM agencies_agency a
JOIN (SELECT row_number() OVER (ORDER BY code) - 1 AS place, code FROM marketplace_serviceitem) i
    ON i.place IN (a.id %% 25, a.id * 7 %% 25, a.id * 11 %% 25);
"""

# One competitor each, who won; auctions that run or wait among the newest, all others over.
_SELECTIONS = """
CREATE TEMP TABLE numbered AS SELECT r.id, row_number() OVER (ORDER BY r.id) AS n, r.status, r.ceiling, r.published_at AS at
FROM marketplace_request r WHERE r.method = 'live' AND r.status IN ('selecting', 'awarded', 'failed', 'completed', 'contracted');
CREATE TEMP TABLE placed AS SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM agencies_agency;
CREATE UNIQUE INDEX ON placed (place);
INSERT INTO bidding_enrolment (request_id, agency_id, label, salt, enrolled_at)
SELECT r.id, p.id, 'calm river', sha256(r.id::text::bytea), r.at
FROM numbered r JOIN placed p ON p.place = r.n * 37 %% %(agencies)s;
INSERT INTO bidding_auction (
    request_id, status, ceiling, step, ready_at, opens_at, closes_at, hard_end, best, leader_id, extensions, bid_count
)
SELECT r.id,
       CASE r.status WHEN 'selecting' THEN (ARRAY['live', 'waiting'])[1 + n %% 2] WHEN 'failed' THEN 'failed' ELSE 'closed' END,
       r.ceiling, greatest(r.ceiling / 200, 1), o.opens, o.opens, o.opens + interval '10 minutes', o.opens + interval '1 day',
       CASE WHEN r.status <> 'failed' THEN r.ceiling * 9 / 10 END, CASE WHEN r.status <> 'failed' THEN e.id END, 0, n %% 40
FROM numbered r JOIN bidding_enrolment e ON e.request_id = r.id
CROSS JOIN LATERAL (SELECT r.at + interval '1 hour' + interval '1 minute' * (n %% 5) AS opens) AS o;
INSERT INTO bidding_award (request_id, winner_id, amount, rank, status, published_at, standstill_until)
SELECT r.id, e.id, r.ceiling * (60 + n %% 40) / 100, 1, 'final', r.at + interval '2 hours', r.at + interval '7 days'
FROM numbered r JOIN bidding_enrolment e ON e.request_id = r.id WHERE r.status IN ('awarded', 'completed', 'contracted');
"""
# Measures against one agency in twenty, through the steps that the database demands.
_EXITS = """
INSERT INTO ratings_exitcase (
    number, case_id, agency_id, ruleset, trigger, source, facts, proposed, step, opened_at, due_at, lapses_at,
    defence_extended, hearing_place,
    measure, items, reasons, answers, harsher_because, contracts_stop, appeal_outcome, ending
)
SELECT c.name, c.id, p.id, '2026-11', 'conduct', c.name, '[]', 'warn', 'opened', now() - interval '1 hour' * p.place,
       now(), now(), false, '', '', '{}', '', '[]', '', false, '', ''
FROM journal_case c JOIN placed p ON p.place = substr(c.name, 3)::int * 20 - 1 WHERE c.name LIKE 'X-%%';
UPDATE ratings_exitcase SET step = 'noticed', noticed_at = opened_at, noticed_by_id = %(first)s, served_at = opened_at,
    defence_until = opened_at, due_at = opened_at, lapses_at = opened_at;
UPDATE ratings_exitcase SET step = 'deciding';
UPDATE ratings_exitcase SET step = 'decided', measure = 'warn', reasons = 'x', decided_at = opened_at, decided_by_id = %(user)s,
    published_at = opened_at, effect_at = opened_at, appeal_until = opened_at;
UPDATE ratings_exitcase SET step = 'in_force', in_force_at = opened_at, until = opened_at + interval '1 year';
"""
# The same few texts come again and again: what was made of one is looked up.
_LOOKED_UP = """
CREATE TEMP TABLE told AS
SELECT weight, words, search_vector(words, weight) AS made FROM (
    SELECT DISTINCT 'A' AS weight, title AS words FROM wanted
    UNION SELECT DISTINCT 'C', left(scope, 600) FROM wanted
    UNION SELECT DISTINCT 'C', left(deliverables, 200) FROM wanted
) AS texts;
CREATE INDEX ON told USING hash (words);
ANALYZE told;
CREATE OR REPLACE FUNCTION search_vector(told text, weight text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN coalesce(
        (SELECT t.made FROM pg_temp.told t WHERE t.words = $1 AND t.weight = $2), pg_temp.search_vector_anew($1, $2)
    );
END $$;
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
        for prefix, count in (("GS-2026-", requests), ("A-", agencies), ("X-", agencies // 20)):
            cursor.execute(_CASES, [prefix, count])
        # Built at once when the rows are there, as whoever brings in a million rows would.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        rebuilt = _without_indexes(cursor)
        cursor.execute("SELECT pg_get_functiondef('search_vector(text, text)'::regprocedure)")
        [made] = cursor.fetchone()
        cursor.execute(made.replace("public.search_vector(", "pg_temp.search_vector_anew(", 1))
        cursor.execute(_LOOKED_UP)
        cursor.execute(_REQUESTS, {"user": user.pk, "count": requests, "texts": _TEXTS})
        cursor.execute(made)
        cursor.execute(_AGENCIES, {"count": agencies})
        cursor.execute("ANALYZE marketplace_request; ANALYZE agencies_agency")
        cursor.execute(_SELECTIONS, {"agencies": agencies})
        first = cast.person("officer@bench.example", buyer)
        cursor.execute(_EXITS, {"user": user.pk, "first": first.pk})
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


if __name__ == "__main__":
    began = time.monotonic()
    fill(int(sys.argv[1]), int(sys.argv[2]))
    with connection.cursor() as vacuuming:
        vacuuming.execute("VACUUM ANALYZE")
    print(json.dumps({"seconds": time.monotonic() - began}))
