"""The whole API: every read and every verb, one row each. Addresses, schema and docs/api.md are made from it."""

from itertools import chain

from api.reads import Read
from api.table import (
    agencies,
    bidding,
    conduct,
    contracts,
    deciding,
    desk,
    market,
    money,
    officers,
    oversight,
    requests,
    standing,
)
from api.verbs import Verb

_PARTS = (
    market,
    standing,
    desk,
    requests,
    bidding,
    deciding,
    contracts,
    money,
    agencies,
    conduct,
    officers,
    oversight,
)

READS: list[Read] = list(chain.from_iterable(part.READS for part in _PARTS))
VERBS: list[Verb] = list(chain.from_iterable(part.VERBS for part in _PARTS))
