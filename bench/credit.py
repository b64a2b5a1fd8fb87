"""Credit after one rating more: an agency with ten thousand ratings beside one with ten."""

import json

from bench.database import Ground
from bench.table import Row

FEW, MANY = 10, 10_000


def measure(ground: Ground, few: int = FEW, many: int = MANY) -> list[Row]:
    """Both are rated in turns, in one process; the times are the middle of fifteen."""
    told = ground.run(["-m", "bench.credit_world", str(few), str(many)])
    small, large = json.loads(told.splitlines()[-1])
    what = f"credit after one rating, agency with {many:,}"
    return [Row(what, f"{large:.0f} ms", f"agency with {few}: {small:.0f} ms", large / small, 20)]
