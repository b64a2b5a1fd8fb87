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
    figures,
    flags,
    hooks,
    imports,
    market,
    money,
    notices,
    officers,
    operators,
    oversight,
    requests,
    standing,
)
from api.verbs import Verb

_PUBLIC = (market, standing, figures, flags)
_DESKS = (desk, notices, hooks, requests, imports, bidding, deciding, contracts, money, agencies, conduct)
_OFFICES = (officers, oversight, operators)
_PARTS = (*_PUBLIC, *_DESKS, *_OFFICES)

READS: list[Read] = list(chain.from_iterable(part.READS for part in _PARTS))
VERBS: list[Verb] = list(chain.from_iterable(part.VERBS for part in _PARTS))
