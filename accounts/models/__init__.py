"""Users, organisations and who may act for them; what they are told, and where."""

from accounts.models.channels import Bot, BotKind, Delivery, Follow, Preferences
from accounts.models.notices import Digest, Notice
from accounts.models.people import Invitation, Kind, Membership, Organisation, Role, User, UserManager

__all__ = [
    "Bot",
    "BotKind",
    "Delivery",
    "Digest",
    "Follow",
    "Invitation",
    "Kind",
    "Membership",
    "Notice",
    "Organisation",
    "Preferences",
    "Role",
    "User",
    "UserManager",
]
