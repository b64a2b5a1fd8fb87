"""Open a draw, contribute, seal, reveal, open by force and draw (R4). Nothing is left out, and nothing is run again.

The verbs that take `held` are parts of larger verbs: the caller holds the case file of what is drawn for.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from core.clock import rfc3339
from draws import rules
from draws.entries import DrawEntry
from draws.models import Contribution, Draw, Share
from draws.queries import active_candidates, contributions_of, course_of, opened_of, sealed_of, trustees_of
from journal import stages
from journal.actions import Held
from journal.contributions import Contribution as Committed
from journal.contributions import Opened, Sealed
from journal.draw import published
from journal.envelopes import SECRET_BYTES, Envelope
from journal.lots import DrawList

PLATFORM = "platform"


def open_draw(held: Held, name: str, title: str, closes_at: datetime, compulsory: Iterable[str]) -> Draw:
    """Open a draw that takes contributions until `closes_at`; the platform's is the first. Raises TrusteesMissing."""
    keys, threshold = rules.choose_trustees(active_candidates())
    draw = Draw.objects.create(
        name=name,
        title=title,
        case_id=held.id,
        trustees={"keys": [key.hex() for key in keys], "threshold": threshold},
        compulsory=sorted({*compulsory, PLATFORM}),
        opened_at=held.now,
        closes_at=closes_at,
    )
    entry = {
        "draw": name,
        "title": title,
        "trustees": draw.trustees,
        "compulsory": draw.compulsory,
        "closes_at": rfc3339(closes_at),
    }
    held.append(DrawEntry.OPENED, entry)
    own = secrets.token_bytes(SECRET_BYTES)
    made = Committed.of(PLATFORM, own, trustees_of(draw))
    _take(held, draw, made, label="平台", held_bytes=own)
    return draw


def contribute(
    held: Held, draw: Draw, identity: str, label: str, by: User, commitment: bytes, envelope: Envelope
) -> Contribution:
    """Take a contribution before the close. Raises ContributionsClosed or ContributedBefore."""
    stages.judge_contribution(course_of(draw), identity, held.now)
    return _take(held, draw, Committed(identity, commitment, envelope), label=label, by=by)


def extend(held: Held, draw: Draw, closes_at: datetime) -> None:
    """Wait longer for a compulsory contribution; nothing is open yet, so nothing can be gained by it."""
    stages.judge_extension(course_of(draw), closes_at)
    missing = sorted(course_of(draw).compulsory - course_of(draw).contributed)
    draw.closes_at = closes_at
    draw.save(update_fields=["closes_at"])
    held.append(DrawEntry.EXTENDED, {"draw": draw.name, "missing": missing, "closes_at": rfc3339(closes_at)})


def put_off(held: Held, draw: Draw, closes_at: datetime) -> None:
    """Who may be drawn is not known yet, since enrolment goes on: take contributions as long. Raises SealedBefore.

    Nothing is open yet, so nothing can be gained by it. A close that is not later changes nothing.
    """
    course = course_of(draw)
    if course.sealed_at is not None:
        raise stages.SealedBefore()
    if closes_at > draw.closes_at:
        missing = sorted(course.compulsory - course.contributed)
        draw.closes_at = closes_at
        draw.save(update_fields=["closes_at"])
        held.append(DrawEntry.EXTENDED, {"draw": draw.name, "missing": missing, "closes_at": rfc3339(closes_at)})


def seal(held: Held, draw: Draw, drawn: DrawList, *, reveal_own: bool = True) -> None:
    """Seal list and contributions before anything is opened; the platform's own is opened at once, or by `reveal_own`.

    Raises SealedBefore, NotYetClosed or CompulsoryContributionMissing.
    """
    stages.judge_seal(course_of(draw), held.now)
    sealed = Sealed(drawn, trustees_of(draw), tuple(contributions_of(draw)))
    draw.sealed_at, draw.sealed, draw.seal = held.now, sealed.as_json(), sealed.seal
    draw.save(update_fields=["sealed_at", "sealed", "seal"])
    entry = {"draw": draw.name, "list": drawn.as_json(), "seal": sealed.seal}
    held.append(DrawEntry.SEALED, entry)
    if reveal_own:
        _reveal_own(held, draw)


def reveal_own(held: Held, draw: Draw) -> None:
    """Open the platform's contribution, if the trustees have not; so long nobody knows the result. Raises NotYetSealed."""
    if draw.contributions.get(identity=PLATFORM).opened_at is None:
        _reveal_own(held, draw)


def reveal(held: Held, draw: Draw, identity: str, r: bytes) -> None:
    """Its contributor opens a contribution; late is allowed, for the same bytes count.

    Raises NotYetSealed, NoContribution, OpenedBefore or NonceUnfit.
    """
    committed = {one.identity: one for one in contributions_of(draw)}
    if identity not in committed:
        raise stages.NoContribution()
    stages.judge_reveal(course_of(draw), committed[identity], r)
    _open(held, draw, identity, Opened(r))


def give_share(held: Held, draw: Draw, identity: str, number: int, share: bytes | None) -> None:
    """A trustee's own share of what was kept back; enough of them open it.

    Raises NotYetSealed, NoContribution, OpenedBefore or ForcedTooEarly. A share given again changes nothing.
    """
    stages.judge_forced_opening(course_of(draw), identity, held.now)
    row = draw.contributions.get(identity=identity)
    _row, new = Share.objects.get_or_create(contribution=row, number=number, defaults={"share": share, "at": held.now})
    if not new:
        return
    held.append(DrawEntry.SHARED, {"draw": draw.name, "of": identity, "trustee": number, "readable": share is not None})
    committed = rules.as_contribution(identity, bytes(row.commitment), row.envelope)
    found = Opened.by_force(committed, shares_of(row), trustees_of(draw))
    if found is not None:
        _open(held, draw, identity, found)


def make(held: Held, draw: Draw) -> list[str]:
    """The draw itself, once everything is open: the order of the list. Raises DrawnBefore, NotYetSealed or StillShut."""
    stages.judge_draw(course_of(draw), held.now)
    result = published(sealed_of(draw), opened_of(draw))
    draw.drawn_at, draw.result = held.now, result
    draw.save(update_fields=["drawn_at", "result"])
    held.append(DrawEntry.DRAWN, {"draw": draw.name, "seed": result["seed"], "order": result["order"]})
    order: list[str] = result["order"]
    return order


def shares_of(row: Contribution) -> dict[int, bytes | None]:
    """The shares given so far, by the trustees' numbers."""
    return {one.number: None if one.share is None else bytes(one.share) for one in row.shares.all()}


def _take(
    held: Held, draw: Draw, made: Committed, *, label: str, by: User | None = None, held_bytes: bytes | None = None
) -> Contribution:
    written = made.as_json()
    row = Contribution.objects.create(
        draw=draw,
        identity=made.identity,
        label=label,
        by=by,
        commitment=made.committed,
        envelope=written["envelope"],
        at=held.now,
        held=held_bytes,
    )
    held.append(DrawEntry.CONTRIBUTED, {"draw": draw.name, "by": made.identity, **written})
    return row


def _reveal_own(held: Held, draw: Draw) -> None:
    own = draw.contributions.get(identity=PLATFORM)
    assert own.held is not None
    reveal(held, draw, PLATFORM, bytes(own.held))


def _open(held: Held, draw: Draw, identity: str, opened: Opened) -> None:
    row = draw.contributions.get(identity=identity)
    row.r, row.opened_at, row.forced, row.held = opened.r, held.now, opened.forced, None
    row.save(update_fields=["r", "opened_at", "forced", "held"])
    entry = {
        "draw": draw.name,
        "of": identity,
        "nonce": None if opened.r is None else opened.r.hex(),
        "by": "trustees" if opened.forced else "contributor",
    }
    held.append(DrawEntry.REVEALED, entry)
