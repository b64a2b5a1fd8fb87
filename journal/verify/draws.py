"""The draws of one case (R4): each is made again from what its own entries committed to, sealed and opened."""

from dataclasses import dataclass, field
from typing import Any

from journal.contributions import Contribution, Sealed, Trustees
from journal.envelopes import Envelope
from journal.lots import DrawList, Entry, order, seed
from journal.unfit import DrawBroken
from journal.verify.broken import Broken

_WRONG = (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError)


@dataclass
class Draw:
    """One draw as far as the entries have told it. `counted` is what each contribution puts into the seed."""

    name: str
    trustees: Trustees
    compulsory: frozenset[str]
    given: dict[str, Contribution] = field(default_factory=dict)
    answered: dict[str, set[int]] = field(default_factory=dict)
    counted: dict[str, bytes] = field(default_factory=dict)
    listed: DrawList | None = None
    forced: int = 0
    void: int = 0
    order: tuple[str, ...] = ()


@dataclass
class Draws:
    """Those of one case, by name."""

    known: dict[str, Draw] = field(default_factory=dict)

    @property
    def made(self) -> list[Draw]:
        """The finished ones, in the order in which they were opened."""
        return [draw for draw in self.known.values() if draw.order]

    def take(self, entry: dict[str, Any]) -> None:
        """Check the next entry of a draw; raises Broken."""
        try:
            self._take(entry["kind"].removeprefix("draw."), entry["seq"], entry["data"])
        except DrawBroken as error:
            raise Broken(entry["seq"], str(error), "draw") from error
        except _WRONG as error:
            raise Broken(entry["seq"], f"is malformed: {error!r}", "draw") from error

    def _take(self, kind: str, seq: int, data: dict[str, Any]) -> None:
        if not all(isinstance(data.get(name, ""), str) for name in ("draw", "by", "of")):
            raise Broken(seq, "does not name a draw, or whose contribution it is about, by a text", "draw")
        if kind == "opened":
            if data["draw"] in self.known:
                raise Broken(seq, f"opens {data['draw']} a second time", "draw")
            keys = tuple(bytes.fromhex(key) for key in data["trustees"]["keys"])
            trustees = Trustees(keys, data["trustees"]["threshold"])
            self.known[data["draw"]] = Draw(data["draw"], trustees, frozenset(data["compulsory"]))
            return
        draw = self.known.get(data["draw"])
        if draw is None:
            raise Broken(seq, f"is of {data['draw']}, which was never opened", "draw")
        match kind:
            case "contributed":
                _contributed(draw, seq, data)
            case "sealed":
                _sealed(draw, seq, data)
            case "shared":
                draw.answered.setdefault(data["of"], set()).add(data["trustee"])
            case "revealed":
                _revealed(draw, seq, data)
            case "drawn":
                _drawn(draw, seq, data)


def _contributed(draw: Draw, seq: int, data: dict[str, Any]) -> None:
    if draw.listed is not None or data["by"] in draw.given:
        raise Broken(seq, f"takes a contribution of {data['by']} after the seal, or a second one", "draw")
    envelope = data["envelope"]
    shares = tuple(bytes.fromhex(share) for share in envelope["shares"])
    sealed = Envelope(bytes.fromhex(envelope["ephemeral"]), shares)
    draw.given[data["by"]] = Contribution(data["by"], bytes.fromhex(data["commitment"]), sealed)


def _sealed(draw: Draw, seq: int, data: dict[str, Any]) -> None:
    if draw.listed is not None:
        raise Broken(seq, f"seals {draw.name} a second time", "draw")
    if missing := sorted(draw.compulsory - draw.given.keys()):
        raise Broken(seq, f"seals {draw.name} without the contribution of {', '.join(missing)}", "draw")
    said = data["list"]
    entries = tuple(Entry(one["name"], one["tickets"]) for one in said["entries"])
    listed = DrawList(entries, tuple((one["name"], one["reason"]) for one in said["excluded"]), said["rules"])
    listed.check()
    computed = Sealed(listed, draw.trustees, tuple(draw.given[name] for name in sorted(draw.given))).seal
    if computed != data["seal"]:
        reason = f"seals {draw.name} with {data['seal']}, but list and contributions give {computed}"
        raise Broken(seq, reason, "draw")
    draw.listed = listed


def _revealed(draw: Draw, seq: int, data: dict[str, Any]) -> None:
    of, nonce = data["of"], data["nonce"]
    given = draw.given.get(of)
    if draw.listed is None or given is None or of in draw.counted:
        raise Broken(
            seq, f"opens what {of} gave to {draw.name} before the seal, twice, or though it gave nothing", "draw"
        )
    if nonce is None:
        # Nobody could open it; that is the word of all trustees together.
        if draw.answered.get(of, set()) != set(range(1, len(draw.trustees.keys) + 1)):
            raise Broken(seq, f"calls the contribution of {of} void before all trustees answered", "draw")
    elif not given.fits(bytes.fromhex(nonce)):
        raise Broken(seq, f"opens for {of} what does not fit its commitment to {draw.name}", "draw")
    r = None if nonce is None else bytes.fromhex(nonce)
    draw.counted[of] = given.counts(r, draw.trustees)
    draw.forced += data["by"] == "trustees"
    draw.void += draw.counted[of] != r


def _drawn(draw: Draw, seq: int, data: dict[str, Any]) -> None:
    if draw.listed is None or draw.order:
        raise Broken(seq, f"draws {draw.name} before its seal, or again", "draw")
    if left_out := sorted(draw.given.keys() - draw.counted.keys()):
        raise Broken(seq, f"draws {draw.name} without what {', '.join(left_out)} contributed", "draw")
    seeded = seed(draw.listed, draw.counted)
    if seeded.hex() != data["seed"]:
        reason = f"draws {draw.name} with the seed {data['seed']}, but what was opened gives {seeded.hex()}"
        raise Broken(seq, reason, "draw")
    made = order(seeded, draw.listed.entries)
    if made != data["order"]:
        raise Broken(seq, f"has another order of {draw.name} than the seed gives: {', '.join(made)}", "draw")
    draw.order = tuple(made)
