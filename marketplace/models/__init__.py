"""The catalogue of service items, and what buyers ask for."""

from marketplace.models.items import CommissionedBy, DemandReport, FeeMode, ItemLock, ItemStatus, Offering, ServiceItem
from marketplace.models.requests import OPEN_STATUSES, Attachment, Method, Request, RequestStatus
from marketplace.models.saved import Alert, Announcement, SavedSearch

__all__ = [
    "OPEN_STATUSES",
    "Alert",
    "Announcement",
    "Attachment",
    "CommissionedBy",
    "DemandReport",
    "FeeMode",
    "ItemLock",
    "ItemStatus",
    "Method",
    "Offering",
    "Request",
    "RequestStatus",
    "SavedSearch",
    "ServiceItem",
]
