"""What chat platforms would have been sent: kept in a table, to be read at /demo/hooks/."""

from demo.models import DemoHook

_LONGEST = 20_000
# A demo runs for days: only the newest calls are of interest.
_MOST = 500


def keep(kind: str, query: str, body: str) -> None:
    """Keep one call, and forget the oldest."""
    kept = DemoHook.objects.create(kind=kind[:20], query=query[:500], body=body[:_LONGEST].replace("\0", ""))
    DemoHook.objects.filter(pk__lte=kept.pk - _MOST).delete()
