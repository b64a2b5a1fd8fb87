"""Users, organisations and who may act for them; what they are told."""

from accounts.models.notices import Digest, Notice
from accounts.models.people import Invitation, Kind, Membership, Organisation, Role, User, UserManager

__all__ = [
    "Digest",
    "Invitation",
    "Kind",
    "Membership",
    "Notice",
    "Organisation",
    "Role",
    "User",
    "UserManager",
]
