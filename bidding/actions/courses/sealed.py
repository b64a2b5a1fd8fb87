"""密封报价 (R3): nothing follows the opening but the award."""

from bidding.actions.courses.priced import PricedCourse


class SealedCourse(PricedCourse):
    """The lowest valid price wins."""
