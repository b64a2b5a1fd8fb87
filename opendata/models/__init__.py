"""What open data keeps: files for bulk download, what was shared of credit, what came from elsewhere."""

from opendata.models.bulk import BulkFile, BulkKind, BulkStatus
from opendata.models.credit import CreditChange, CreditKind, CreditLook
from opendata.models.imports import ImportedTender

__all__ = ["BulkFile", "BulkKind", "BulkStatus", "CreditChange", "CreditKind", "CreditLook", "ImportedTender"]
