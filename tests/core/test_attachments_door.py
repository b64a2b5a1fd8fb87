"""An attachment can be downloaded once its request is in public, not before."""

import pytest

from core import files
from marketplace.models import Attachment, Request, RequestStatus

pytestmark = pytest.mark.django_db


def test_a_drafts_attachment_is_private_and_a_published_ones_is_not(client, published_request):
    stored = files.keep(b"%PDF-1.7 drawings of the site")
    Attachment.objects.create(request=published_request, file=stored, name="图纸.pdf")
    door = f"/files/{stored.sha256}/图纸.pdf"
    assert client.get(door).status_code == 200
    Request.objects.filter(pk=published_request.pk).update(status=RequestStatus.DRAFT)
    assert client.get(door).status_code == 404
