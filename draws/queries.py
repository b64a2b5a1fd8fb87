"""Where draws are, and whom they wait for."""

from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from draws import rules
from draws.models import Draw, Trustee
from journal.contributions import Contribution as Committed
from journal.contributions import Opened, Sealed, Trustees
from journal.lots import DrawList, Entry
from journal.stages import Course

_OPERATOR = 0


def active_candidates() -> list[rules.Candidate]:
    """Everybody who can be a trustee of a draw that opens now, the earliest first.

    Whoever operates the platform counts as one organisation, whatever else they are members of.
    """
    active = Trustee.objects.filter(retired_at__isnull=True, public_key__isnull=False).select_related("user")
    return [
        rules.Candidate(_OPERATOR if one.user.is_staff else one.organisation_id, bytes(one.public_key or b""))
        for one in active.order_by("pk")
    ]


def trustees() -> QuerySet[Trustee]:
    """Who is a trustee, keyed or not."""
    return Trustee.objects.filter(retired_at__isnull=True).select_related("user", "organisation")


def trustees_of(draw: Draw) -> Trustees:
    """The trustees it was opened with."""
    return Trustees(tuple(bytes.fromhex(key) for key in draw.trustees["keys"]), draw.threshold)


def contributions_of(draw: Draw) -> list[Committed]:
    """What was contributed, in the order of the contributors' names as bytes of text, whatever the database sorts by."""
    rows = draw.contributions.all()
    made = [rules.as_contribution(one.identity, bytes(one.commitment), one.envelope) for one in rows]
    return sorted(made, key=lambda one: one.identity)


def course_of(draw: Draw) -> Course:
    """What has happened in it, as the rules look at it."""
    rows = [(one.identity, one.opened_at) for one in draw.contributions.all()]
    return Course(
        closes_at=draw.closes_at,
        compulsory=frozenset(draw.compulsory),
        contributed=frozenset(identity for identity, _at in rows),
        opened=frozenset(identity for identity, at in rows if at is not None),
        sealed_at=draw.sealed_at,
        drawn_at=draw.drawn_at,
    )


def sealed_of(draw: Draw) -> Sealed:
    """What was sealed."""
    assert draw.sealed is not None
    of = draw.sealed["list"]
    drawn = DrawList.of(
        [Entry(one["name"], one["tickets"]) for one in of["entries"]],
        {one["name"]: one["reason"] for one in of["excluded"]},
        of["rules"],
    )
    return Sealed(drawn, trustees_of(draw), tuple(contributions_of(draw)))


def opened_of(draw: Draw) -> dict[str, Opened]:
    """What is open, with the shares where they have to show that nothing could be opened."""
    opened = {}
    for row in draw.contributions.filter(opened_at__isnull=False).prefetch_related("shares"):
        r = None if row.r is None else bytes(row.r)
        given = {one.number: None if one.share is None else bytes(one.share) for one in row.shares.all()}
        opened[row.identity] = Opened(r, forced=row.forced, shares=given if r is None else {})
    return opened


def waiting_for(key: bytes) -> list[Draw]:
    """Sealed draws that were opened with this trustee's key and are not drawn yet."""
    running: QuerySet[Draw] = Draw.objects.filter(sealed_at__isnull=False, drawn_at__isnull=True)
    return list(running.filter(trustees__keys__contains=[key.hex()]).order_by("sealed_at"))


def trusteeship(user: User) -> Trustee | None:
    """What the user is trustee as, now."""
    return Trustee.objects.filter(user=user, retired_at__isnull=True).select_related("organisation").first()


def shut_for(draw: Draw, key: bytes) -> list[dict[str, Any]]:
    """What of a draw this trustee has not given a share of: `{"identity", "commitment", "envelope"}` as JSON takes them."""
    number = draw.trustees["keys"].index(key.hex()) + 1
    rows = draw.contributions.filter(opened_at__isnull=True).exclude(shares__number=number)
    return [
        {"identity": one.identity, "commitment": bytes(one.commitment).hex(), "envelope": one.envelope} for one in rows
    ]
