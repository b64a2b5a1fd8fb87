"""Selections by mean and by merit in tests: prices sealed, plans sent, experts who mark, everything through the real verbs."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Kind, User
from agencies.models import Agency
from bidding.actions import advance, give_marks, nominate_expert, submit_plan
from bidding.experts import sitting
from bidding.models import Expert, Plan, Seat
from bidding.plans import with_a_price
from draws.clockwork import do_due_draws
from draws.models import Draw
from marketplace.models import ServiceItem
from tests import cast
from tests.bidding import lots, sealing
from tests.bidding.lots import Play


class Valued(Play):
    """A play whose draw is that of the factor or of the experts."""

    which = "F"

    @property
    def draw(self) -> Draw:
        return Draw.objects.get(name=f"{self.number}-{self.which}")

    def price(self, *amounts: str) -> None:
        """The agencies seal these prices, in their order."""
        for agency, amount in zip(self.agencies, amounts, strict=False):
            sealing.seal(agency, self.request, amount)

    def plan(self, *agencies: Agency) -> None:
        """These agencies, or all, send a plan of their own."""
        for agency in agencies or self.agencies:
            submit_plan(None, agency, self.number, docx(f"方案 {self.label(agency)}"))

    def open_prices(self) -> None:
        sealing.open_prices(self.team, self.request)

    def make_draw(self) -> list[str]:
        """The draw that waits is made, and the selection goes on; the order."""
        assert do_due_draws() == 1
        advance(self.number)
        result = self.draw.result
        assert result is not None
        order: list[str] = result["order"]
        return order

    def seat_experts(self) -> list[Seat]:
        """Enrolment ends, the experts are drawn; who sits."""
        self.contribute()
        self.end_enrolment()
        self.reveal()
        self.make_draw()
        return sitting(self.request)

    def mark(self, seat: Seat, points: Mapping[str, int] | int = 80, reason: str = "方案可行，进度合理。") -> Seat:
        """An expert's marks: the same for every plan, or by label."""
        return give_marks(seat.expert.user, self.number, self.sheet(points, reason))

    def sheet(
        self, points: Mapping[str, int] | int = 80, reason: str = "方案可行，进度合理。"
    ) -> dict[str, dict[str, Any]]:
        labels = [one.enrolment.label for one in with_a_price(self.request)]
        return {
            label: {"points": str(points if isinstance(points, int) else points[label]), "reason": reason}
            for label in labels
        }

    def plan_of(self, agency: Agency) -> Plan | None:
        return Plan.objects.filter(enrolment__request=self.request, enrolment__agency=agency, ended_at=None).first()


class ByMerit(Valued):
    which = "E"


def averaged(item: ServiceItem, agencies: Sequence[Agency], **values: Any) -> Valued:
    """A published 均价 with these agencies enrolled."""
    return _as(Valued, lots.staged("average", item, agencies, **values))


def by_merit(item: ServiceItem, agencies: Sequence[Agency], **values: Any) -> ByMerit:
    """A published 综合比选 with these agencies enrolled; the pool has to be there."""
    made = _as(ByMerit, lots.staged("merit", item, agencies, **values))
    assert isinstance(made, ByMerit)
    return made


def pool(count: int, *items: ServiceItem, name: str = "第{n}设计院") -> list[Expert]:
    """Experts of as many organisations that take no part in anything."""
    found = []
    for n in range(1, count + 1):
        body = cast.organisation(Kind.ENTERPRISE, name.format(n=n))
        found.append(nominate_expert(None, cast.person(f"expert{n}@{body.uscc.lower()}.example", body), body, items))
    return found


def expert_user(seat: Seat) -> User:
    return seat.expert.user


def docx(text: str, *, author: str = "", name: str = "方案.docx") -> SimpleUploadedFile:
    """A small Word file that says this; its own name is that of whoever made it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        half = len(text) // 2
        runs = f"<w:r><w:t>{text[:half]}</w:t></w:r><w:r><w:t>{text[half:]}</w:t></w:r>"
        archive.writestr("word/document.xml", f"<w:document><w:body><w:p>{runs}</w:p></w:body></w:document>")
        archive.writestr(
            "docProps/core.xml", f"<cp:coreProperties><dc:creator>{author}</dc:creator></cp:coreProperties>"
        )
    return SimpleUploadedFile(name, packed.getvalue())


def _as(kind: type[Valued], play: Play) -> Valued:
    return kind(**vars(play))
