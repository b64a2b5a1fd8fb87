"""Proofs from the log: for one entry, for a whole case file, and that the log only grew. And how long entries wait."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from core.clock import rfc3339
from core.errors import Refused
from journal import merkle
from journal.merkle import Place
from journal.models import Case, Checkpoint, Entry, Leaf, LogKey
from journal.sealing import tree
from journal.sealing.actions import newest_checkpoint
from journal.sealing.keys import State, state_of
from journal.trails import Wanted

_AT_ONCE = 1000


class NotSealedYet(Refused):
    """The entry is not under the newest checkpoint yet."""

    code = "E_NOT_SEALED_YET"
    message = _("这条记录尚未封存。")
    fix = _("请稍后再试：封存通常在几秒之内完成。")


class NoSuchTree(Refused):
    """The log never had so many leaves, or a proof was asked from a larger tree to a smaller."""

    code = "E_NO_SUCH_TREE"
    message = _("日志没有过这样的规模。")
    fix = _("请给出两个规模：先小后大，都不超过最新检查点的规模。")


@dataclass(frozen=True)
class Seal:
    """What a checkpoint proves."""

    checkpoint: Checkpoint
    keys: tuple[str, ...]

    @classmethod
    def newest(cls) -> "Seal | None":
        found = newest_checkpoint()
        return cls(found, tuple(key.verifier for key in published_keys())) if found else None

    def of_entry(self, entry: Entry) -> dict[str, Any]:
        """The whole RFC 6962 proof of one entry; raises NotSealedYet."""
        leaf = Leaf.objects.filter(entry=entry, index__lt=self.checkpoint.size).first()
        if leaf is None:
            raise NotSealedYet
        places = merkle.inclusion_places(leaf.index, self.checkpoint.size)
        return {
            "hash": bytes(entry.hash).hex(),
            "index": leaf.index,
            "size": self.checkpoint.size,
            "hashes": _hashes(places),
            "checkpoint": self.checkpoint.note,
        }

    def of_case(self, case: Case) -> Iterator[bytes]:
        """The `sealing` of a record as JSON text in pieces: proofs that repeat nothing the one before showed (journal.trails)."""
        head = {"checkpoint": self.checkpoint.note, "keys": self.keys}
        yield json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()[:-1] + b',"inclusion":['
        leaves = Leaf.objects.filter(entry__case=case, index__lt=self.checkpoint.size).order_by("entry__seq")
        wanted, first = Wanted(self.checkpoint.size), True
        rows = leaves.values_list("entry__seq", "index").iterator(chunk_size=_AT_ONCE)
        while some := list(islice(rows, _AT_ONCE)):
            proofs = [(seq, index, wanted.by(index)) for seq, index in some]
            known = tree.nodes(place for _seq, _index, groups in proofs for group in groups for place in group)
            lines = [
                json.dumps(
                    {"seq": seq, "index": index, "hashes": [h.hex() for h in merkle.folded(groups, known)]},
                    separators=(",", ":"),
                )
                for seq, index, groups in proofs
            ]
            yield (("" if first else ",") + ",".join(lines)).encode()
            first = False
        yield b"]}"


def consistency(first: int, second: int) -> list[str]:
    """The hashes that prove that the log of `second` leaves begins with that of `first`; raises NoSuchTree."""
    newest = newest_checkpoint()
    if newest is None or not 0 <= first <= second <= newest.size:
        raise NoSuchTree(first=first, second=second, size=newest.size if newest else 0)
    return _hashes(merkle.consistency_places(first, second))


def published_keys() -> list[LogKey]:
    """Every key that ever signed or was announced, newest first."""
    return list(LogKey.objects.select_related("announced").order_by("-pk"))


def keys_on_wire() -> dict[str, Any]:
    """`{"origin", "keys": [{"key", "state", "announced_at", "announced_in": {case, seq}, "current_since", "retired_at"}]}`."""
    return {
        "origin": settings.LOG_ORIGIN,
        "keys": [
            {
                "key": key.verifier,
                "state": State(state_of(key)),
                "announced_at": rfc3339(key.announced.at),
                "announced_in": {"case": "P", "seq": key.announced.seq},
                "current_since": key.current_since and rfc3339(key.current_since),
                "retired_at": key.retired_at and rfc3339(key.retired_at),
            }
            for key in published_keys()
        ],
    }


def waiting_since() -> datetime | None:
    """The time of the oldest entry that is not sealed; None if every one is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT at FROM journal_entry WHERE id = (SELECT min(entry_id) FROM journal_unsealed)")
        row = cursor.fetchone()
    return row[0] if row else None


def _hashes(groups: list[list[Place]]) -> list[str]:
    known = tree.nodes(place for group in groups for place in group)
    return [hashed.hex() for hashed in merkle.folded(groups, known)]
