"""/verify/: anybody's browser recomputes a record, offline (P19.4). The server gives the program and the records, no verdict."""

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bidding.verify_words import words

# Records to try, from the vectors that docs/verify.md is written with.
SAMPLES = {"sound": "live.json", "changed": "broken-byte.json", "winner": "broken-winner-sealed.json"}
_NAME = "NAME"


@require_safe
def verify_page(request: HttpRequest) -> HttpResponse:
    """`?number=` is verified at once."""
    records = {
        "A-": reverse("agency_record", args=[_NAME]),
        "X-": reverse("exit_record", args=[_NAME]),
        "I-": reverse("inspection_record", args=[_NAME]),
        "": reverse("request_record", args=[_NAME]),
    }
    number = request.GET.get("number", "").strip()[:40]
    context = {"words": words(), "records": records, "number": number, "samples": list(SAMPLES)}
    return render(request, "bidding/verify.html", context)


@require_safe
def verify_sample(_request: HttpRequest, name: str) -> FileResponse:
    """One of SAMPLES."""
    if name not in SAMPLES:
        raise Http404
    path = settings.BASE_DIR / "docs" / "vectors" / SAMPLES[name]
    return FileResponse(path.open("rb"), content_type="application/json", filename=path.name)
