"""File documents and evidence in an exit case, and record who looks at what is protected. Parts of larger verbs."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404

from accounts.models import User
from core.clock import database_now
from core.files import store
from core.text import clean
from ratings import papers
from ratings.actions.exits.grip import Grip
from ratings.models import Document, DocumentKind, Evidence, Look, Repair

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


def file_document(
    held: Grip,
    kind: DocumentKind,
    sections: Callable[[], Sequence[papers.Section]],
    *,
    by: User | None,
    public_at: datetime | None = None,
) -> Document:
    """Write a document from its template; `sections` is asked once in each language."""
    case = held.case
    body, body_en = papers.written(kind, case.number, case.agency.organisation, sections)
    text = papers.as_text(body)
    return Document.objects.create(
        case=case,
        kind=kind,
        number=f"{case.number}-{case.documents.count() + 1:02d}",
        body=body,
        body_en=body_en,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        by=by,
        at=held.now,
        public_at=public_at,
    )


def file_repair(
    repair: Repair, sections: Callable[[], Sequence[papers.Section]], by: User | None, at: datetime
) -> Document:
    """Write the decision on an act's repair: it belongs to no case, and is the agency's and the officers' alone."""
    number = f"R-{repair.pk:06d}"
    body, body_en = papers.written(DocumentKind.REPAIR, number, repair.agency.organisation, sections)
    text = papers.as_text(body)
    return Document.objects.create(
        repair=repair,
        kind=DocumentKind.REPAIR,
        number=number,
        body=body,
        body_en=body_en,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        by=by,
        at=at,
    )


def named(document: Document) -> dict[str, str]:
    """A document as entries carry it."""
    return {"kind": document.kind, "number": document.number, "sha256": document.sha256}


def file_evidence(held: Grip, files: "Sequence[UploadedFile[Any]]", *, by: User, of_agency: bool) -> list[Evidence]:
    """Keep files in the case; raises FileTooLarge or FileNotReadable."""
    return [
        Evidence.objects.create(
            case=held.case,
            file=store(file),
            name=clean(file.name or "材料")[-120:],
            of_agency=of_agency,
            by=by,
            at=held.now,
        )
        for file in files
    ]


def look_at(user: User, subject: str) -> None:
    """Somebody looks at something protected; `subject` names it, such as a document's number."""
    Look.objects.create(subject=subject, by=user, at=database_now())


def look_at_document(user: User, number: str, pk: int) -> Document:
    """A document of a case; a look at one that is not public is recorded. Raises Http404."""
    rows = Document.objects.select_related("case__agency__organisation")
    document = get_object_or_404(rows, pk=pk, case__number=number)
    if document.public_at is None:
        look_at(user, document.number)
    return document


def arguments_of(held: Grip) -> list[str]:
    """Every argument of the agency's defence, in order."""
    documents = held.case.documents.filter(kind=DocumentKind.DEFENCE).order_by("pk")
    return [text for one in documents for part in one.body["sections"] for text in part["paragraphs"]]
