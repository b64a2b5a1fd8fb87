"""What can be wrong with a published draw, each by its name. Imports nothing of Django; persons read these in a terminal."""


class DrawBroken(Exception):
    """The published draw does not hold."""


class Malformed(DrawBroken):
    """The file has not the form of a published draw."""


class ListUnsorted(DrawBroken):
    """The entries, the exclusions or the contributions do not stand in the order of their names."""


class NameDoubled(DrawBroken):
    """A name stands twice, or is both entered and excluded."""


class TicketsWrong(DrawBroken):
    """An entry has not a whole number of tickets from 1 up to the most there may be."""


class ReasonMissing(DrawBroken):
    """Somebody is excluded without a reason."""


class CompulsoryMissing(DrawBroken):
    """A party that has to contribute did not."""


class ContributorLeftOut(DrawBroken):
    """A contribution was made before the close, but is not among the opened."""


class StrangerRevealed(DrawBroken):
    """Something is opened that nobody contributed before the close."""


class RevealUnfit(DrawBroken):
    """What is opened does not fit its commitment."""


class VoidUnproven(DrawBroken):
    """A contribution is called void though it opens, or a void one is not called so."""


class BeaconWrong(DrawBroken):
    """A beacon was promised and not mixed in, or mixed in and not promised."""


class SealWrong(DrawBroken):
    """The list and contributions are not those that were sealed before anything was opened."""


class SeedWrong(DrawBroken):
    """The seed does not follow from the list and the contributions."""


class OrderWrong(DrawBroken):
    """The order does not follow from the seed."""
