"""The catalogue of service items, and what buyers ask for."""

from marketplace.models.items import CommissionedBy, DemandReport, FeeMode, ItemLock, ItemStatus, Offering, ServiceItem
from marketplace.models.requests import OPEN_STATUSES, Attachment, Method, Request, RequestStatus

__all__ = [
    "OPEN_STATUSES",
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
    "ServiceItem",
]
