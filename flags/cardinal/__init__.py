"""The counterparts of eleven indicators of OCP's Cardinal, over anybody's OCDS compiled releases (R10).

Written to Cardinal's published definitions and checked against its published examples; no code of it is used.
"""

from flags.cardinal.indicators import CODES, run
from flags.cardinal.settings import Settings

__all__ = ["CODES", "Settings", "run"]
