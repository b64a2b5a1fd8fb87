"""Labels that stand for bidders until the close: random words, never ranks (R5.2)."""

import secrets
from collections.abc import Callable, Collection, Sequence

_FIRST = "青白丹金碧素玄朱翠银墨紫苍皓霁明晴清静远"
_SECOND = "松竹梅兰菊荷桂榆槐柏枫杉桐柳杏枣鹤雁鹭燕鹰鸥鹿泉溪湖峰岭川原岩砚笛钟舟帆灯云霞露月"


def draw_label(taken: Collection[str], choose: Callable[[Sequence[str]], str] = secrets.choice) -> str:
    """A label nobody has in this request. There is always one more: no number of bidders is too large (P20.4)."""
    used = set(taken)
    free = [a + b for a in _FIRST for b in _SECOND if a + b not in used]
    if free:
        return choose(free)
    while True:
        longer = "".join(choose(_FIRST) + choose(_SECOND) for _ in range(2))
        longer += choose(_SECOND)
        if longer not in used:
            return longer
