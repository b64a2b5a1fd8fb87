"""Check the record of a case file without the platform: `python -m journal.verify FILE|URL`.

Imports nothing of Django: hashlib, json, rfc8785 and cryptography are enough, so anybody may run a copy of this folder (with
the rest of `journal` that it imports, and `core.money`) elsewhere. It recomputes every hash from the entry's own words, checks
number, case and time of each, the head, that what is revealed (names, marks, prices, contributions to draws) fits the
commitments made before, that the entries are the ones in the log's signed tree, that the rule set is the one named at
publication; makes every draw again, and computes from rule set and entries who wins at what price. It names the first entry
that is wrong. docs/verify.md tells how to write another one.
"""

from journal.verify.broken import Broken
from journal.verify.record import Report, verify

__all__ = ["Broken", "Report", "verify"]
