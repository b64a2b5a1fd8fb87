"""What is asked for: titles, texts and sums that pass the policy check, put together from the word list."""

from dataclasses import dataclass
from random import Random

from accounts.models import Kind
from demo import words
from demo.people import Buyer
from marketplace.models import Method

STAGE: list[str] = words.words("projects")["fields"]["stage"]
_LATER_PHASES = ("（二期）", "（一标段）", "（二标段）", "")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for. Ceiling in fen."""

    item: str
    title: str
    scope: str
    deliverables: str
    materials: str
    term_workdays: int
    ceiling: int
    budget_line: str


def wanted(rng: Random, buyer: Buyer, year: int, items: list[str] | None = None) -> Wanted:
    """Something that such a buyer asks for, in that year; of `items` if they are given."""
    code = rng.choice(items or asked_by(buyer))
    item = words.words("projects")["item"][code]
    least, most = item["ceiling"]
    yuan = round(least + (most - least) * rng.betavariate(1.6, 3.2), -3 if least >= 20_000 else -2)
    closing = words.words("projects")["closing"]["sentences"]
    department = buyer.organisation.kind == Kind.DEPARTMENT
    return Wanted(
        item=code,
        title=title(rng, code, buyer.place, buyer.organisation.field or "enterprise"),
        scope="".join([*item["scope"], *rng.sample(closing, rng.randrange(1, 3))]),
        deliverables=item["deliverables"],
        materials="",
        term_workdays=item["term"],
        ceiling=int(yuan) * 100,
        budget_line=f"{year} 年{item['budget']}" if department else "",
    )


def asked_by(buyer: Buyer) -> list[str]:
    """The items that such a buyer asks for."""
    fields: dict[str, list[str]] = words.words("projects")["fields"]
    return fields[buyer.organisation.field or "enterprise"]


def title(rng: Random, code: str, place: words.Words, field: str = "enterprise") -> str:
    """Place, project and service: 洮源县灌区续建配套与节水改造工程水土保持方案编制. `field` is the asker's line of work."""
    lists = words.words("projects")
    item = lists["item"][code]
    likely = [kind for kind in item["kinds"] if kind in lists["lines"].get(field, lists["lines"]["department"])]
    project = rng.choice(lists["kinds"][rng.choice(likely or item["kinds"])])
    where = place["county"] if rng.random() < 0.75 else place["city"]
    phase = rng.choice(_LATER_PHASES) if rng.random() < 0.3 else ""
    return f"{where}{project}{phase}{rng.choice(item['service'])}"


def as_values(asked: Wanted) -> dict[str, object]:
    """What a buyer would fill in, apart from item and region; marked as the demo's."""
    return {
        "title": asked.title,
        "scope": asked.scope,
        "deliverables": asked.deliverables,
        "materials": asked.materials,
        "term_workdays": asked.term_workdays,
        "method": Method.LIVE,
        "ceiling": asked.ceiling,
        "budget_line": asked.budget_line,
        "demo": True,
    }
