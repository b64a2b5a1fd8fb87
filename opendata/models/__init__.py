"""What open data keeps: files for bulk download, and what was shared of credit."""

from opendata.models.bulk import BulkFile, BulkKind, BulkStatus
from opendata.models.credit import CreditChange, CreditKind, CreditLook

__all__ = ["BulkFile", "BulkKind", "BulkStatus", "CreditChange", "CreditKind", "CreditLook"]
