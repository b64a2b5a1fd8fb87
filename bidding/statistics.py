"""Public figures of the market (P14.2), over the last twelve months."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.db import connection
from django.utils.translation import gettext as _

from core.clock import database_now


@dataclass(frozen=True)
class Tile:
    """One figure with what it counts."""

    label: str
    value: str
    note: str


Figures = tuple[int, float | None, float | None, float | None, float | None]

_FIGURES = """
WITH awarded AS (
    SELECT a.amount, r.ceiling, r.id, r.published_at, a.published_at AS decided_at
    FROM bidding_award a JOIN marketplace_request r ON r.id = a.request_id
    WHERE a.published_at >= %s AND a.status IN ('standstill', 'final')
)
SELECT count(*),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM decided_at - published_at) / 86400),
       avg(1 - amount::numeric / ceiling),
       (SELECT avg(n) FROM (SELECT count(*) AS n FROM bidding_enrolment e JOIN awarded w ON w.id = e.request_id
                            WHERE e.withdrawn_at IS NULL GROUP BY e.request_id) AS per_request)
FROM awarded
"""

_OUTSIDE = """
SELECT count(*) FILTER (WHERE o.region_id NOT LIKE '62%%')::numeric / nullif(count(*), 0)
FROM agencies_agency a JOIN accounts_organisation o ON o.id = a.organisation_id
"""


def tiles() -> list[Tile]:
    """The four figures of the front page; read at most once a minute."""
    figures: Figures = cache.get_or_set("figures", _read, timeout=60)  # type: ignore[assignment]
    count, days, saved, rivals, outside = figures
    note = _("近 12 个月 %(count)s 次中选") % {"count": count}
    return [
        Tile(_("公告到中选中位天数"), _("%(days).1f 天") % {"days": days} if days is not None else "—", note),
        Tile(_("平均节约率"), f"{saved * 100:.1f}%" if saved is not None else "—", _("成交价较最高限价")),
        Tile(_("平均竞争家数"), _("%(rivals).1f 家") % {"rivals": rivals} if rivals is not None else "—", note),
        Tile(_("外省机构占比"), f"{outside * 100:.0f}%" if outside is not None else "—", _("按注册地")),
    ]


def _read() -> Figures:
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, [database_now() - timedelta(days=365)])
        count, days, saved, rivals = cursor.fetchone()
        cursor.execute(_OUTSIDE)
        (outside,) = cursor.fetchone()
    return count, _number(days), _number(saved), _number(rivals), _number(outside)


def _number(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]
