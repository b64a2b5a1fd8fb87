"""A case file as the platform would write it, without a database: entries, draws, the log it is sealed in, the record."""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from stdnum.cn import uscc as standard

from bidding import entries
from draws.entries import DrawEntry
from journal import canon, notes
from journal.awards import decide
from journal.awards.outcome import CaseEntry, Outcome
from journal.contributions import Contribution, Opened, Sealed, Trustees
from journal.envelopes import Envelope, open_share, public_key
from journal.lots import DrawList, Entry, order
from journal.merkle import Frontier, folded, leaf_hash
from journal.trails import Wanted

RULES = (Path(__file__).parent / "rules.toml").read_text(encoding="utf-8")
RULESET = {"id": "vectors-1", "sha256": hashlib.sha256(RULES.encode()).hexdigest()}
BEGIN = datetime(2026, 12, 1, 1, 30, tzinfo=UTC)
LOG = "log.example/vectors"
BUYER = {"name": "陇中供水有限公司", "uscc": "91620100MA7DEM100A", "kind": "enterprise"}
NAMES = (
    "祁连生态咨询有限公司",
    "河西勘测设计有限公司",
    "洮河水土保持技术有限公司",
    "崆峒环境检测有限公司",
    "阳关评估有限公司",
    "麦积规划设计有限公司",
)


def secret(name: str) -> bytes:
    """32 bytes that everybody can make again: never to be used outside these vectors."""
    return hashlib.sha256(b"vectors/" + name.encode()).digest()


def uscc(number: int) -> str:
    body = f"91620100MA{number:07d}"
    return str(body + standard.calc_check_digit(body))


TRUSTEE_KEYS = tuple(secret(f"trustee {n}") for n in (1, 2, 3))
TRUSTEES = Trustees(tuple(public_key(key) for key in TRUSTEE_KEYS), 2)
SIGNER = notes.Signer(LOG, secret("log key"))
STRANGER = notes.Signer(LOG, secret("another log key"))


class File:
    """One request's case file while it is written; time passes by `wait` only."""

    def __init__(self, number: str, method: str, **notice: Any) -> None:
        self.number, self.now = number, BEGIN
        self.drafts: list[tuple[datetime, str, dict[str, Any]]] = []
        self.people: dict[str, dict[str, str]] = {}
        self.sealed: dict[str, Sealed] = {}
        said = {"number": number, "title": "灌区节水改造水土保持方案编制", "method": method, "ceiling": "100000.00"}
        self.add("request.published", {**said, "public_funds": False, "buyer": BUYER, "ruleset": RULESET, **notice})

    def add(self, kind: str, data: Mapping[str, Any]) -> int:
        """Append an entry; its number."""
        self.drafts.append((self.now, str(kind), dict(data)))
        return len(self.drafts)

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def enrol(self, *labels: str) -> None:
        for label in labels:
            n = len(self.people)
            self.people[label] = {"uscc": uscc(n + 1), "name": NAMES[n], "salt": secret(f"salt {label}").hex()}
            self.add(*entries.enrolled(label, secret(f"salt {label}"), self.people[label]["uscc"]))
            self.wait(60)

    def reveals(self, labels: Iterable[str] | None = None) -> list[dict[str, str]]:
        known = {label: one for label, one in self.people.items() if labels is None or label in labels}
        return [entries.reveal(a, bytes.fromhex(b["salt"]), b["uscc"], b["name"]) for a, b in known.items()]

    def award(self, label: str, fen: int, rank: int = 1) -> None:
        person = self.people[label]
        until = self.now + timedelta(days=1)
        self.add(*entries.award(label, person["uscc"], person["name"], fen, "R3" if rank == 1 else "R5.9", until))

    def close(self, label: str, fen: int) -> None:
        """The end of a selection that is no auction, and its award."""
        self.add(*entries.selection_closed(label, fen, self.reveals()))
        self.award(label, fen)

    def outcome(self) -> Outcome:
        """What the platform's own rules decide from the entries so far."""
        found = [
            CaseEntry(n, f"{at:%Y-%m-%dT%H:%M:%S}.000Z", kind, data)
            for n, (at, kind, data) in enumerate(self.drafts, 1)
        ]
        return decide(found[0].data["method"], found, tomllib.loads(RULES))

    # -- draws

    def open_draw(self, which: str, *more: str, dishonest: str | None = None) -> None:
        """Open a draw; platform, buyer, regulator and `more` contribute. The envelope of `dishonest` is of other bytes."""
        name = f"{self.number}-{which}"
        trustees = {"keys": [key.hex() for key in TRUSTEES.keys], "threshold": TRUSTEES.threshold}
        self.add(
            DrawEntry.OPENED, {"draw": name, "trustees": trustees, "compulsory": ["buyer", "platform", "regulator"]}
        )
        for by in ("platform", "buyer", "regulator", *more):
            self.add(DrawEntry.CONTRIBUTED, {"draw": name, "by": by, **self._given(which, by, dishonest).as_json()})
            self.wait(30)

    def _given(self, which: str, by: str, dishonest: str | None = None) -> Contribution:
        made = Contribution.of(by, secret(f"{self.number}-{which} {by}"), TRUSTEES)
        if by != dishonest:
            return made
        other = Contribution.of(by, secret("something else"), TRUSTEES)
        return Contribution(by, made.committed, Envelope(other.envelope.ephemeral, other.envelope.sealed))

    def seal_and_draw(
        self,
        which: str,
        tickets: Mapping[str, int],
        *more: str,
        excluded: Mapping[str, str] | None = None,
        silent: str | None = None,
        dishonest: str | None = None,
    ) -> list[str]:
        """Seal the list, open every contribution, by force that of `silent`, and draw."""
        self.seal(which, tickets, *more, excluded=excluded, dishonest=dishonest)
        return self.reveal_and_draw(which, silent=silent)

    def seal(
        self,
        which: str,
        tickets: Mapping[str, int],
        *more: str,
        excluded: Mapping[str, str] | None = None,
        dishonest: str | None = None,
    ) -> None:
        """Seal the list and the contributions of platform, buyer, regulator and `more`."""
        name = f"{self.number}-{which}"
        listed = DrawList.of([Entry(a, n) for a, n in tickets.items()], excluded or {}, f"{RULESET['id']}; {name}")
        given = [self._given(which, by, dishonest) for by in sorted(("platform", "buyer", "regulator", *more))]
        self.sealed[which] = Sealed(listed, TRUSTEES, tuple(given))
        self.add(DrawEntry.SEALED, {"draw": name, "list": listed.as_json(), "seal": self.sealed[which].seal})

    def reveal_and_draw(self, which: str, *, silent: str | None = None) -> list[str]:
        """Open every contribution, by force that of `silent`, and draw."""
        name, sealed = f"{self.number}-{which}", self.sealed[which]
        opened: dict[str, Opened] = {}
        for one in sorted(sealed.contributions, key=lambda one: (one.identity == silent, one.identity)):
            by = one.identity
            opened[by] = self._forced(name, one) if by == silent else Opened(secret(f"{name} {by}"))
            r = opened[by].r
            how = "trustees" if opened[by].forced else "contributor"
            self.add(DrawEntry.REVEALED, {"draw": name, "of": by, "nonce": None if r is None else r.hex(), "by": how})
            self.wait(20)
        seed = sealed.seed(opened)
        made = order(seed, sealed.drawn.entries)
        self.add(DrawEntry.DRAWN, {"draw": name, "seed": seed.hex(), "order": made})
        return made

    def _forced(self, name: str, given: Contribution) -> Opened:
        shares: dict[int, bytes | None] = {}
        for private in TRUSTEE_KEYS[: TRUSTEES.threshold]:
            number, share = open_share(
                given.envelope, private, TRUSTEES.keys, TRUSTEES.threshold, context=given.committed
            )
            shares[number] = share
            told = {"draw": name, "of": given.identity, "trustee": number, "readable": True}
            self.add(DrawEntry.SHARED, told)
            self.wait(20)
        found = Opened.by_force(given, shares, TRUSTEES)
        assert found is not None
        return found

    # -- the record

    def record(self) -> dict[str, Any]:
        """The sealed record as the platform gives it out."""
        drafts = [
            (f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z", kind, data) for at, kind, data in self.drafts
        ]
        return sealed_record(self.number, chained(self.number, drafts))


def chained(case: str, drafts: Iterable[tuple[str, str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Entries with their hashes, in the form of a record."""
    head, found = canon.GENESIS, []
    for seq, (at, kind, data) in enumerate(drafts, 1):
        body = canon.body(case, seq, at, kind, data)
        head = canon.digest(head, body)
        found.append({**json.loads(body), "hash": head.hex()})
    return found


def unsealed_record(case: str, chain: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "format": "case-record/2",
        "case": case,
        "entries": chain,
        "seq": len(chain),
        "head": chain[-1]["hash"],
        "ruleset": {"id": RULESET["id"], "toml": RULES},
        "sealing": None,
    }


def sealed_record(case: str, chain: list[dict[str, Any]], signer: notes.Signer = SIGNER) -> dict[str, Any]:
    """The record, sealed in a log where after every second entry of this case stands one of another."""
    grown, places, known = Frontier(0, []), [], {}
    for n, entry in enumerate(chain):
        for hashed in [bytes.fromhex(entry["hash"])] + ([secret(f"leaf {n}")] if n % 2 else []):
            index = grown.size
            known |= {(level, index >> level): made for level, made in enumerate(grown.append(leaf_hash(hashed)))}
        places.append(grown.size - (2 if n % 2 else 1))
    wanted = Wanted(grown.size)
    proofs = [
        {"seq": n, "index": index, "hashes": [one.hex() for one in folded(wanted.by(index), known)]}
        for n, index in enumerate(places, 1)
    ]
    text = notes.Checkpoint(LOG, grown.size, grown.root(), (f"until {chain[-1]['at']}",)).text
    sealing = {"checkpoint": notes.sign(text, [signer]), "keys": [str(signer.verifier)], "inclusion": proofs}
    return {**unsealed_record(case, chain), "sealing": sealing}


def written(record: Mapping[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
