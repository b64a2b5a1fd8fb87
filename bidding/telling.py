"""What bidders, buyers and followers are told of entries of a selection (UX §2.20).

Nobody learns more of others than everybody may (I5): a bidder hears about its own label, and names are told only with the
award, which publishes them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.notices import News, tell_all
from accounts.telling import Teller, followers, officers
from bidding.entries import Kind
from bidding.models import Auction, AuctionStatus, Enrolment, Objection
from core.clock import beijing_minute, database_now, from_rfc3339
from core.money import parse, shown
from journal.models import Entry
from marketplace.models import Method, Request

HALF_AN_HOUR, FIVE_MINUTES = timedelta(minutes=30), timedelta(minutes=5)


def outbid(entries: Sequence[Entry]) -> Iterator[News]:
    """Whose price was beaten, once a minute at most; not who beats its own, nor who leads again by now."""
    for number, bids in _by_request(entries).items():
        before = _bids_before(bids[0])
        labels = [before] if before else []
        labels += [entry.data["label"] for entry in bids]
        beaten = set(labels[:-1]) - {labels[-1]}
        subject = gettext_noop("%(title)s：您的报价已被超过")
        for one in _entrants(number, beaten):
            yield _to_bidder(one, subject, "auction.outbid", bids[-1].at)


def extended(entries: Sequence[Entry]) -> Iterator[News]:
    """To all who bid along, once a minute at most."""
    for number, rows in _by_request(entries).items():
        until = from_rfc3339(rows[-1].data["closes_at"])
        subject = gettext_noop("%(title)s：竞价延时至 %(until)s")
        for one in _entrants(number):
            yield _to_bidder(one, subject, "auction.extended", rows[-1].at, until=beijing_minute(until))


def awarded(entries: Sequence[Entry]) -> Iterator[News]:
    """Won or not, and why; to the buyer and to followers that it is published, and until when one may object."""
    watchers = followers({name for entry in entries for name in _cases(entry)})
    for entry in entries:
        request = _request(entry.case.name)
        data = entry.data
        facts = {
            "title": request.title,
            "amount": shown(parse(data["amount"])),
            "until": beijing_minute(from_rfc3339(data["standstill_until"])),
        }
        yield from _results(request, data["winner"]["label"], facts)
        page = reverse("award_page", args=[request.number])
        subject = gettext_noop("%(title)s：中选公告已发布，中选机构 %(name)s，中选价 %(amount)s，异议期至 %(until)s")
        public = {**facts, "name": data["winner"]["name"]}
        once = f"award {request.number} {entry.seq}"
        yield News(request.buyer_id, subject, public, page, "award.published", once=once)
        for member in {one.pk: one for name in _cases(entry) for one in watchers.get(name, ())}.values():
            yield News(member.organisation_id, subject, public, page, "award.published", member.user_id, once=once)


def final(entries: Sequence[Entry]) -> Iterator[News]:
    """The time to object is over: to the buyer, the bidders and followers."""
    watchers = followers({entry.case.name for entry in entries})
    subject = gettext_noop("%(title)s：异议期已结束，中选结果生效")
    for entry in entries:
        request = _request(entry.case.name)
        page, facts = reverse("award_page", args=[request.number]), {"title": request.title}
        once = f"final {request.number} {entry.seq}"
        told = {request.buyer_id, *(one.agency.organisation_id for one in _entrants(entry.case.name))}
        for organisation in sorted(told):
            yield News(organisation, subject, facts, page, "objection.closed", once=once)
        for member in watchers.get(entry.case.name, ()):
            yield News(member.organisation_id, subject, facts, page, "objection.closed", member.user_id, once=once)


def objections(entries: Sequence[Entry]) -> Iterator[News]:
    """Whoever has to answer an objection or to decide on it, and whoever waits for that."""
    for entry in entries:
        request = _request(entry.case.name)
        data = entry.data
        page, facts = reverse("award_page", args=[request.number]), {"title": request.title}
        by = Objection.objects.values_list("by", flat=True).get(pk=data["objection"])
        match entry.kind:
            case Kind.OBJECTION_FILED:
                due = from_rfc3339(data["answer_due"])
                subject = gettext_noop("%(title)s：收到异议，请在 %(until)s 前答复")
                facts["until"] = beijing_minute(due)
                yield News(request.buyer_id, subject, facts, page, "reply.due", before=due)
            case Kind.OBJECTION_COMPLAINED:
                due = from_rfc3339(data["decision_due"])
                subject = gettext_noop("%(title)s：收到对异议答复的投诉，请在 %(until)s 前作出决定")
                facts["until"] = beijing_minute(due)
                for officer in officers():
                    yield News(officer, subject, facts, page, "reply.due", before=due)
            case Kind.OBJECTION_ANSWERED:
                subject = gettext_noop("%(title)s：采购人已答复您的异议")
                yield News(by, subject, facts, page, "concern.answered")
            case Kind.OBJECTION_DECIDED:
                subject = gettext_noop("%(title)s：监管部门已对投诉作出决定")
                for organisation in sorted({by, request.buyer_id}):
                    yield News(organisation, subject, facts, page, "concern.answered")


def tell_starts(now: datetime | None = None) -> int:
    """Auctions that open within half an hour or five minutes: each entrant hears of each once; returns how many auctions."""
    now = now or database_now()
    waiting = [AuctionStatus.WAITING, AuctionStatus.READY]
    soon = Auction.objects.filter(status__in=waiting, opens_at__gt=now, opens_at__lte=now + HALF_AN_HOUR)
    auctions = list(soon.select_related("request").order_by("opens_at"))
    tell_all(news for auction in auctions for news in _start(auction, now))
    return len(auctions)


def _start(auction: Auction, now: datetime) -> Iterator[News]:
    near = auction.opens_at - now <= FIVE_MINUTES
    subject = gettext_noop("%(title)s：竞价将在 5 分钟内开始（%(at)s）")
    if not near:
        subject = gettext_noop("%(title)s：竞价将在 30 分钟内开始（%(at)s）")
    request, at = auction.request, beijing_minute(auction.opens_at)
    once = f"starts {request.number} {5 if near else 30} {auction.opens_at.isoformat()}"
    page = reverse("room", args=[request.number])
    for one in _entrants(request.number or ""):
        facts = {"title": request.title, "at": at}
        organisation = one.agency.organisation_id
        yield News(organisation, subject, facts, page, "auction.starts", before=auction.opens_at, once=once)


def _results(request: Request, winner: str, facts: dict[str, str]) -> Iterator[News]:
    live = request.method == Method.LIVE
    page = reverse("award_replay" if live else "award_page", args=[request.number])
    mine = _own_best(request) if live else {}
    for one in _entrants(request.number or ""):
        event, once = "result.lost", f"lost {request.number}"
        told = facts
        if one.label == winner:
            subject = gettext_noop("%(title)s：贵机构中选，中选价 %(amount)s，异议期至 %(until)s")
            event, once = "result.won", f"won {request.number}"
        elif one.label in mine:
            subject = gettext_noop(
                "%(title)s：未中选。贵机构最低报价 %(mine)s，中选价 %(amount)s，最低报价者中选；可查看回放，异议期至 %(until)s"
            )
            # Into this bidder's own notice only.
            told = {**facts, "mine": shown(mine[one.label])}
        elif live:
            subject = gettext_noop(
                "%(title)s：未中选。贵机构没有报价，中选价 %(amount)s；可查看回放，异议期至 %(until)s"
            )
        else:
            subject = gettext_noop("%(title)s：未中选。中选价 %(amount)s，理由和全过程见中选公告，异议期至 %(until)s")
        yield News(one.agency.organisation_id, subject, told, page, event, once=once)


def _own_best(request: Request) -> dict[str, int]:
    bids = Entry.objects.filter(case=request.case_id, kind=Kind.BID)
    best: dict[str, int] = {}
    for entry in bids:
        label, amount = entry.data["label"], parse(entry.data["amount"])
        best[label] = min(amount, best.get(label, amount))
    return best


def _to_bidder(one: Enrolment, subject: str, event: str, at: datetime, **facts: str) -> News:
    number = one.request.number or ""
    once = f"{event} {number} {at:%Y-%m-%dT%H:%M}"
    page = reverse("room", args=[number])
    return News(one.agency.organisation_id, subject, {"title": one.request.title, **facts}, page, event, once=once)


def _entrants(number: str, labels: Iterable[str] | None = None) -> list[Enrolment]:
    """Who takes part and was not barred; of these labels, if given."""
    standing = Enrolment.objects.filter(request__number=number, withdrawn_at__isnull=True, barred_at__isnull=True)
    found = standing.select_related("agency", "request").order_by("pk")
    return list(found if labels is None else found.filter(label__in=labels))


def _bids_before(entry: Entry) -> str | None:
    """Whose bid led before this one."""
    last = Entry.objects.filter(case=entry.case_id, kind=Kind.BID, seq__lt=entry.seq).order_by("-seq").first()
    return last.data["label"] if last else None


def _by_request(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.case.name].append(entry)
    return found


def _cases(entry: Entry) -> tuple[str, str]:
    return entry.case.name, f"A-{entry.data['winner']['uscc']}"


def _request(number: str) -> Request:
    return Request.objects.get(number=number)


TELLERS: list[tuple[Iterable[str], Teller]] = [
    ([Kind.BID], outbid),
    ([Kind.PROLONGED], extended),
    ([Kind.AWARD], awarded),
    ([Kind.AWARD_FINAL], final),
    (
        [Kind.OBJECTION_FILED, Kind.OBJECTION_COMPLAINED, Kind.OBJECTION_ANSWERED, Kind.OBJECTION_DECIDED],
        objections,
    ),
]
