"""Reads of credit."""

from agencies.models import Agency, Grade
from ratings.rules import Snapshot, shown


def credit_of(agency: Agency) -> Snapshot:
    """The agency's credit as cached with it; without any evaluation that is N, 新入驻，暂无评分."""
    return shown(Grade(agency.grade), agency.credit)
