"""The download door for stored files."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from core import files
from core.models import StoredFile


@require_safe
def file_download(request: HttpRequest, sha256: str, name: str) -> HttpResponse:
    """Serve a file that some public page shows, as an attachment under the name that page gave it.

    Absent, private and no longer shown look the same: 404. Uploads are at most 20 MB, so they are sent whole.
    """
    stored = files.in_public(sha256)
    if stored is None or not stored.path.exists():
        raise Http404
    response = attachment(stored, name)
    response.headers["Cache-Control"] = "private, max-age=300"
    response.headers["ETag"] = f'"{sha256}"'
    return response


def attachment(stored: StoredFile, name: str) -> HttpResponse:
    """The file's bytes to be saved under `name`, never to be run or shown as a page of ours."""
    response = HttpResponse(stored.path.read_bytes(), content_type=stored.media_type)
    response.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
