"""The files of invented deliveries: small real PDFs, each stored once and shared by all who hand them in."""

from dataclasses import dataclass

from core.files import keep
from core.models import StoredFile

# One paper for each: what is confidential anywhere is shown nowhere, so it needs bytes of its own.
_REPORT, _DRAWING, _RAW, _INVOICE, _RECEIPT = "report", "drawing", "raw data", "invoice", "bank receipt"


@dataclass(frozen=True, slots=True)
class Papers:
    """What agencies hand in, and what stands behind invoices and transfers."""

    report: StoredFile
    drawing: StoredFile
    raw: StoredFile
    invoice: StoredFile
    receipt: StoredFile


def papers() -> Papers:
    """Store them, or find them stored."""
    return Papers(*(keep(_paper(kind)) for kind in (_REPORT, _DRAWING, _RAW, _INVOICE, _RECEIPT)))


def report() -> bytes:
    """What invented agencies hand in."""
    return _paper(_REPORT)


def _paper(kind: str) -> bytes:
    return pdf(f"Demo {kind}: invented, of nobody")


def pdf(line: str) -> bytes:
    """A PDF of one page that says one line of ASCII, complete with its table of offsets."""
    drawn = f"BT /F1 14 Tf 60 760 Td ({line}) Tj ET"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
    )
    text, offsets = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(text))
        text += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    text += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return f"{text}startxref\n{text.index('xref')}\n%%EOF\n".encode("ascii")
