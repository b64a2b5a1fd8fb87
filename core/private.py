"""What a text meant for everybody may not hold (ways to reach somebody, numbers of persons and accounts), and hashes of such."""

import hashlib
import hmac
import re
from collections.abc import Iterable

from django.conf import settings

_PRIVATE = (
    # Identity cards, bank accounts, mobile phones, telephones: digits as people write them.
    re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])"),
    re.compile(r"(?<!\d)\d(?:[ -]?\d){15,20}(?!\d)"),
    re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d){8}(?!\d)"),
    re.compile(r"(?<!\d)[（(]?0\d{2,3}[)）]?[ -]?\d{7,8}(?!\d)"),
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+", re.ASCII),
    re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE),
    re.compile(r"(?:微信|[Vv][Xx]|[Ww]e[Cc]hat|[Qq][Qq])(?:群|号码?|id|ID)?\s*[:：是为]?\s*[A-Za-z0-9_-]{5,}"),
)
# A project's code (项目代码) is as long as an account's number, and public.
_PUBLIC = re.compile(r"(?<!\d)\d{4}-\d{6}-\d{2}-\d{2}-\d{6}(?!\d)")


def private_words(text: str, names: Iterable[str] = ()) -> list[str]:
    """The words of `text` that are such numbers or ways, or one of `names`, in the order found; each once."""
    read = _PUBLIC.sub(lambda code: "·" * len(code.group()), text)
    found = [(match.start(), match.group()) for pattern in _PRIVATE for match in pattern.finditer(read)]
    found += [(text.index(name), name) for name in names if name and name in text]
    return list(dict.fromkeys(words for _start, words in sorted(found)))


def hidden(kind: str, fact: str) -> str:
    """A keyed hash: equal facts have equal hashes, and nobody without the key can try facts out."""
    return hmac.new(settings.SECRET_KEY.encode(), f"{kind}\0{fact}".encode(), hashlib.sha256).hexdigest()
