"""The whole API: every read and every verb, one row each. Addresses, schema and docs/api.md are made from it."""

from itertools import chain

from api.reads import Read
from api.table import agencies, bidding, conduct, contracts, desk, officers, public, requests
from api.verbs import Verb

_PARTS = (public, desk, requests, bidding, contracts, agencies, conduct, officers)

READS: list[Read] = list(chain.from_iterable(part.READS for part in _PARTS))
VERBS: list[Verb] = list(chain.from_iterable(part.VERBS for part in _PARTS))
