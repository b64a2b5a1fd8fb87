"""A request's files: content-checked, limited, stored by hash."""

from typing import TYPE_CHECKING, Any

from django.db import transaction

from accounts.models import Organisation
from core.files import store
from core.text import clean
from marketplace import queries
from marketplace.models import Attachment
from marketplace.rules import MOST_ATTACHMENTS, TooManyAttachments

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


@transaction.atomic
def attach(buyer: Organisation, pk: int, upload: "UploadedFile[Any]") -> Attachment:
    """Add a file to a draft; raises TooManyAttachments, FileTooLarge or FileNotReadable."""
    draft = queries.draft_of(buyer, pk)
    if draft.attachments.count() >= MOST_ATTACHMENTS:
        raise TooManyAttachments(most=MOST_ATTACHMENTS)
    name = clean(upload.name or "附件")[-120:]
    kept, _made = Attachment.objects.get_or_create(request=draft, file=store(upload), defaults={"name": name})
    return kept


@transaction.atomic
def detach(buyer: Organisation, pk: int, attachment: int) -> None:
    """Take a file off a draft."""
    queries.draft_of(buyer, pk).attachments.filter(pk=attachment).delete()
