"""`search_vector` makes what is searched from a text, `search_initials` from pinyin initials. core.search.terms says how."""

from django.db import migrations

FUNCTIONS = r"""
CREATE FUNCTION search_vector(told text, weight text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (
        SELECT coalesce(string_agg('''' || term || ''':' || least(place, 16383) || weight, ' '), '')::tsvector
        FROM (
            SELECT
                CASE WHEN run.latin THEN left(run.one, 40) ELSE substr(run.one, n, 2) END AS term,
                run.nr - 1 + row_number() OVER (ORDER BY run.nr, n) AS place
            FROM (
                SELECT hit[1] AS one, hit[1] ~ '^[a-z0-9]' AS latin, nr
                FROM regexp_matches(
                    lower(normalize(told, NFKC)),
                    '[a-z0-9]+|[㐀-䶿一-鿿豈-﫿𠀀-𿿽々〇]+',
                    'g'
                ) WITH ORDINALITY AS matches (hit, nr)
            ) AS run
            CROSS JOIN LATERAL generate_series(1, CASE WHEN run.latin THEN 1 ELSE length(run.one) END) AS n
        ) AS terms
    );
END $$;

CREATE FUNCTION search_initials(initials text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    -- Every end of them: whatever stands in the middle is then the beginning of one.
    RETURN (
        SELECT coalesce(string_agg(
            '''~' || left(substr(one, n), 40) || ''':1' || CASE WHEN n = 1 THEN 'A' ELSE 'B' END, ' '
        ), '')::tsvector
        FROM (SELECT regexp_replace(lower(initials), '[^a-z0-9]', '', 'g') AS one) AS plain
        CROSS JOIN LATERAL generate_series(1, length(one)) AS n
    );
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0003_rendering")]
    operations = [
        migrations.RunSQL(FUNCTIONS, "DROP FUNCTION search_initials(text); DROP FUNCTION search_vector(text, text);"),
    ]
