"""A market before its openings: one request of each way of selecting that hides something, and everybody who would like to know.

`world = Market.staged()` publishes, `world.enter()` lets the bidders in with sealed prices, a floor and plans, and
`world.open()` opens what one of the requests hides. Everything is done by the real actions.
"""

import re
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field

from accounts.models import Kind, Organisation, User
from agencies.models import Agency, Grade
from bidding.actions import Press, ask, enrol, place_bids, set_floor
from bidding.models import Auction
from marketplace import actions
from marketplace.models import Request, ServiceItem
from tests import cast
from tests.bidding import lots, sealing, valuing
from tests.draws.ceremony import Team
from tests.marketplace.drafts import draft

FLOOR = "61357.91"
# What tests seal and set besides; floors further apart than a step, within which a floor may become a bid itself (R5.6).
RESEALED = "68642.19"
LOWER_FLOORS = ("60246.87", "57135.79")
BIDDERS = ("秦岭勘测有限公司", "陇原评估有限公司", "祁连检测有限公司", "洮河咨询有限公司", "黑河设计有限公司")
RIVAL = "同场竞争有限公司"
# What each request is called here, and the method by which it selects.
METHODS = {
    "live": "live",
    "running": "live",
    "sealed": "sealed",
    "opening": "sealed",
    "average": "average",
    "merit": "merit",
    "marking": "merit",
    "draw": "draw",
}
_PRICED = ("live", "sealed", "opening", "average", "merit", "marking")
# Whatever looks like one: with a comma, in hex, in yuan, in fen.
_AMOUNT = re.compile(r"(?<!\w)(?:\d\d,\d{3}\.\d\d|[0-9a-f]{16}|\d+\.\d\d|\d+)(?!\w)")


@dataclass
class Market:
    """Eight requests of one buyer; five bidders, a rival of theirs, and the people who look."""

    item: ServiceItem
    buyer: Organisation
    regulator: Organisation
    bidders: list[Agency]
    rival: Agency
    team: Team
    people: dict[str, User]
    requests: dict[str, Request]
    experts: list[User] = field(default_factory=list)
    prices: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def staged(cls) -> "Market":
        item = cast.service_item()
        buyer = cast.organisation(Kind.ENTERPRISE, "陇中供水有限公司")
        regulator = cast.organisation(Kind.REGULATOR, "甘肃省市场监督管理局")
        people = {
            "buyer": cast.person("buyer@waterworks.example", buyer),
            "regulator": cast.person("officer@regulator.example", regulator),
            "operator": cast.person("operator@platform.example", is_staff=True, is_superuser=True),
        }
        bidders = [_bidder(n, name, item) for n, name in enumerate(BIDDERS)]
        rival = _bidder(len(BIDDERS), RIVAL, item)
        people["rival"] = rival.user  # type: ignore[attr-defined]
        experts = [one.user for one in valuing.pool(5)]
        team = Team.of(5)
        people["trustee"] = team.users[0]
        requests = {}
        for n, (name, method) in enumerate(METHODS.items()):
            kept = draft(people["buyer"], buyer, item, method=method, title=f"第{n + 1}标段水土保持方案编制")
            requests[name] = actions.publish(people["buyer"], buyer, kept.pk)
        return cls(item, buyer, regulator, bidders, rival, team, people, requests, experts)

    def number(self, name: str) -> str:
        return self.requests[name].number or ""

    def enter(self) -> None:
        """Everybody enters everywhere; prices, plans and a floor; one request comes to its marks and one to its opening."""
        ask(self.bidders[0], self.number("sealed"), "现场踏勘由谁组织？")
        for n, (name, request) in enumerate(self.requests.items()):
            for one in (*self.bidders, self.rival):
                enrol(one.user, one, request.number or "")  # type: ignore[attr-defined]
            self.prices[name] = [f"7{n}{place}43.{place + 1}7" for place in range(len(self.bidders))]
            for one, price in zip(self.bidders, self.prices[name], strict=True):
                if name in _PRICED:
                    sealing.seal(one, request, price)
                if METHODS[name] == "merit":
                    valuing.submit_plan(one.user, one, request.number or "", valuing.docx(f"方案，{price[:3]} 页"))  # type: ignore[attr-defined]
        self._run()
        self._mark()
        sealing.close(self.requests["opening"])
        sealing.share(self.team, self.requests["opening"], 1)

    def open(self) -> None:
        """All trustees answer for the request that waits for it, and its award follows."""
        sealing.open_prices(self.team, self.requests["opening"])

    def identities(self) -> list[str]:
        """What would tell who bids, in any writing."""
        names = [
            word
            for one in self.bidders
            for word in (
                one.organisation.name,
                one.organisation.name.removesuffix("有限公司"),
                one.uscc,
                one.organisation.contact_phone,
                one.user.email,  # type: ignore[attr-defined]
            )
        ]
        return [*names, *(name.encode("unicode_escape").decode() for name in names if not name.isascii())]

    def sealed_prices(self, *names: str) -> list[str]:
        """Every price and floor that nobody may read yet, as people and as programs write it."""
        wanted = names or [*_PRICED, "running"]
        amounts = [price for name in wanted if name in _PRICED for price in self.prices[name]]
        amounts += [RESEALED] if "live" in wanted else []
        amounts += [FLOOR, *LOWER_FLOORS] if "running" in wanted else []
        return [text for amount in amounts for text in written(amount)]

    def _run(self) -> None:
        """An auction in which one bidder hides behind a floor and another has bid."""
        request = self.requests["running"]
        cast.go_live(request)
        hidden, other = self.bidders[0], self.bidders[1]
        press = Press(uuid.uuid4(), hidden.pk, hidden.user.pk, cast.yuan(FLOOR), True)  # type: ignore[attr-defined]
        assert set_floor(request.number or "", press).refusal is None
        best = Auction.objects.get(request=request).best or request.ceiling or 0
        bid = Press(uuid.uuid4(), other.pk, other.user.pk, best - 100_000, True)  # type: ignore[attr-defined]
        [answer] = place_bids(request.number or "", [bid])
        assert answer.refusal is None

    def _mark(self) -> None:
        """The experts of one request sit and have the plans before them; its prices are shut."""
        play = valuing.ByMerit(
            self.requests["marking"],
            self.buyer,
            self.people["buyer"],
            self.regulator,
            self.people["regulator"],
            self.bidders,
            self.team,
        )
        self.people["expert"] = play.seat_experts()[0].expert.user


def written(amount: str) -> tuple[str, ...]:
    """`70143.17` with a comma, in fen, in hex."""
    return amount, amount.replace(".", ""), f"{amount[:-6]},{amount[-6:]}", amount.encode().hex()


def _bidder(n: int, name: str, item: ServiceItem) -> Agency:
    made = lots.scored(cast.agency(name), "85.0", Grade.B)
    made.user = made.organisation.memberships.get().user  # type: ignore[attr-defined]
    made.organisation.contact_name, made.organisation.contact_phone = f"联络人{n}", f"0931-77{n}88{n}"
    made.organisation.save()
    cast.offers(item, made)
    return made


def prices_in(text: str, told: Collection[str]) -> list[str]:
    """Which of these stand in it as words of their own; a hash that holds the digits says nothing."""
    return sorted(set(_AMOUNT.findall(text)) & set(told))
