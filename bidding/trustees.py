"""What trustees are asked to open of sealed prices: everything closed and not opened, at once after the deadline (R6)."""

from collections.abc import Iterator, Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bidding import offers
from bidding.actions.offers import give_shares
from draws.sources import Waiting


class SealedPrices:
    """Sealed prices as `draws.sources` asks for them; the name is the request's number."""

    name = "offers"

    def waiting_for(self, key: bytes) -> Iterator[Waiting]:
        """The openings arranged with this trustee's key."""
        mine = offers.ready().filter(trustees__keys__contains=[key.hex()])
        for opening in mine.select_related("request").order_by("closed_at"):
            number = opening.request.number or ""
            yield Waiting(
                source=self.name,
                name=number,
                title=opening.request.title,
                what=_("保管人开启报价"),
                from_at=opening.closed_at,
                due_at=opening.late_at,
                keys=tuple(opening.trustees["keys"]),
                threshold=opening.trustees["threshold"],
                shut=tuple(offers.shut_for(opening, key)),
                page=reverse("request_page", args=[number]),
            )

    def give(self, key: bytes, name: str, shares: Mapping[str, bytes | None]) -> int:
        """A trustee's shares of the offers of the request `name`, by label."""
        return give_shares(key, name, shares)
