"""How items and regions are called, read once for a page."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.models import Region
from marketplace.models import ServiceItem


@dataclass(frozen=True)
class Names:
    """By code, in the reader's language."""

    items: Mapping[str, ServiceItem]
    regions: Mapping[str, Region]

    def item(self, code: str) -> str:
        """The item's name; its code where there is none."""
        return self.items[code].name if code in self.items else code

    def region(self, code: str) -> str:
        """The region's name. Of a province its first two digits are enough."""
        whole = code if len(code) == 6 else f"{code}0000"
        return self.regions[whole].name if whole in self.regions else code


def read_names() -> Names:
    """Two queries."""
    return Names(ServiceItem.objects.in_bulk(), Region.objects.in_bulk())
