"""The statements that sum requests and awards up into rows. One text for everything and for single cells: only the scope differs.

Parameters: `dates` and `passed`, a table of days with how many working days had passed by each. Only where the scope asks
for them: `months`, `items` and `regions`, three columns of the cells wanted, and `begins` and `ends`, the moments between
which all their months lie; those let an index find what is new among what is old.
"""

from stats.rules.figures import NOT_COUNTED

_COUNTED = " AND ".join(f"r.ruleset NOT LIKE '{prefix}%%'" for prefix in NOT_COUNTED)


def _day(moment: str) -> str:
    return f"({moment} AT TIME ZONE INTERVAL '08:00')::date"


def _month(moment: str) -> str:
    return f"date_trunc('month', {moment} AT TIME ZONE INTERVAL '08:00')::date"


_WANTED = """
JOIN unnest(%(months)s::date[], %(items)s::text[], %(regions)s::text[]) AS wanted (month, item, region)
  ON wanted.item = r.item_id AND wanted.region = r.region_id AND wanted.month = {month}
 AND {moment} >= %(begins)s AND {moment} < %(ends)s
"""

_AWARDED = """
INSERT INTO stats_awarded (month, item_id, region_id, method, workdays, awards, amount, competed, ceiling, paid, saved,
                           rivals, outside, outside_amount)
SELECT {month}, r.item_id, r.region_id, r.method, greatest(ended.passed - began.passed, 0),
       count(*), sum(a.amount),
       count(*) FILTER (WHERE r.method <> 'direct'),
       coalesce(sum(r.ceiling) FILTER (WHERE r.method <> 'direct'), 0),
       coalesce(sum(a.amount) FILTER (WHERE r.method <> 'direct'), 0),
       coalesce(sum(((r.ceiling - a.amount) * 10000 + r.ceiling / 2) / r.ceiling) FILTER (WHERE r.method <> 'direct'), 0),
       coalesce(sum(entered.rivals) FILTER (WHERE r.method <> 'direct'), 0),
       count(*) FILTER (WHERE home.region_id NOT LIKE '62%%'),
       coalesce(sum(a.amount) FILTER (WHERE home.region_id NOT LIKE '62%%'), 0)
FROM bidding_award a
JOIN marketplace_request r ON r.id = a.request_id
JOIN bidding_enrolment w ON w.id = a.winner_id
JOIN agencies_agency g ON g.id = w.agency_id
JOIN accounts_organisation home ON home.id = g.organisation_id
CROSS JOIN LATERAL (SELECT count(*) AS rivals FROM bidding_enrolment e
                    WHERE e.request_id = r.id AND e.withdrawn_at IS NULL AND e.barred_at IS NULL) AS entered
JOIN unnest(%(dates)s::date[], %(passed)s::int[]) AS began (date, passed) ON began.date = {published}
JOIN unnest(%(dates)s::date[], %(passed)s::int[]) AS ended (date, passed) ON ended.date = {decided}
{wanted}
WHERE a.status IN ('standstill', 'final') AND {counted}
GROUP BY 1, 2, 3, 4, 5
"""

_PUBLISHED = """
INSERT INTO stats_happened (month, item_id, region_id, method, what, reason, count)
SELECT {month}, r.item_id, r.region_id, r.method, 'published', '', count(*)
FROM marketplace_request r {wanted}
WHERE r.published_at IS NOT NULL AND r.status <> 'draft' AND {counted}
GROUP BY 1, 2, 3, 4
"""

# How a request ended without an award is told by the last entry of those kinds in its case file.
_ENDED = """
INSERT INTO stats_happened (month, item_id, region_id, method, what, reason, count)
SELECT {month}, r.item_id, r.region_id, r.method, r.status, coalesce(ending.reason, ''), count(*)
FROM marketplace_request r
CROSS JOIN LATERAL (
    SELECT e.at, CASE WHEN r.status = 'failed' THEN convert_from(e.body, 'UTF8')::jsonb -> 'data' ->> 'reason' END AS reason
    FROM journal_entry e
    WHERE e.case_id = r.case_id
      AND e.kind = ANY (CASE r.status WHEN 'failed' THEN ARRAY['auction.failed', 'selection.failed']
                                      ELSE ARRAY['request.cancelled'] END)
    ORDER BY e.seq DESC LIMIT 1
) AS ending
{wanted}
WHERE r.status IN ('failed', 'cancelled') AND {counted}
GROUP BY 1, 2, 3, 4, 5, 6
"""


def _filled(text: str, moment: str, *, scoped: bool) -> str:
    month = _month(moment)
    return text.format(
        month=month,
        counted=_COUNTED,
        wanted=_WANTED.format(month=month, moment=moment) if scoped else "",
        published=_day("r.published_at"),
        decided=_day("a.published_at"),
    )


def statements(*, scoped: bool) -> list[str]:
    """What fills both tables: of everything, or of the cells wanted alone."""
    return [
        _filled(_AWARDED, "a.published_at", scoped=scoped),
        _filled(_PUBLISHED, "r.published_at", scoped=scoped),
        _filled(_ENDED, "ending.at", scoped=scoped),
    ]


# The cells that what happened to some requests may change: `cases` and `moments` are two columns, of the entries.
TOUCHED = f"""
WITH told AS (
    SELECT r.id, r.item_id, r.region_id, r.published_at, t.at
    FROM unnest(%(cases)s::bigint[], %(moments)s::timestamptz[]) AS t (case_id, at)
    JOIN marketplace_request r ON r.case_id = t.case_id
    WHERE r.status <> 'draft' AND {_COUNTED}
), moments AS (
    SELECT item_id, region_id, at FROM told
    UNION ALL SELECT item_id, region_id, published_at FROM told
    UNION ALL SELECT told.item_id, told.region_id, a.published_at FROM told JOIN bidding_award a ON a.request_id = told.id
)
INSERT INTO stats_stale (month, item_id, region_id)
SELECT DISTINCT {_month("at")}, item_id, region_id FROM moments
ON CONFLICT DO NOTHING
"""  # noqa: S608 (constants of ours)

# What each agency won in the period, by market; the markets are those of both, of items and of cities, and all of it.
SHARES = f"""
SELECT r.item_id, r.region_id, w.agency_id, sum(a.amount), count(*)
FROM bidding_award a
JOIN marketplace_request r ON r.id = a.request_id
JOIN bidding_enrolment w ON w.id = a.winner_id
WHERE a.status IN ('standstill', 'final') AND a.published_at >= %(begins)s AND a.published_at < %(ends)s AND {_COUNTED}
GROUP BY GROUPING SETS ((r.item_id, r.region_id, w.agency_id), (r.item_id, w.agency_id), (r.region_id, w.agency_id),
                        (w.agency_id))
ORDER BY r.item_id, r.region_id
"""  # noqa: S608

PRICES = f"""
SELECT r.item_id, r.region_id, percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY a.amount)
FROM bidding_award a
JOIN marketplace_request r ON r.id = a.request_id
WHERE a.status IN ('standstill', 'final') AND a.published_at >= %(begins)s AND a.published_at < %(ends)s AND {_COUNTED}
GROUP BY GROUPING SETS ((r.item_id, r.region_id), (r.item_id))
"""  # noqa: S608
