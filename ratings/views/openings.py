"""The words of an agency's sealed entries, for whoever verifies its case file."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies.queries import agency_by
from ratings.models import Opening

FORMAT = "case-openings/1"


@require_safe
@never_cache
def openings_json(request: HttpRequest, uscc: str) -> JsonResponse:
    """`{"format", "case", "openings": [{"seq", "kind", "salt" (hex), "value"}]}`: all that was not erased by credit repair."""
    agency = agency_by(uscc)
    found = [
        {"seq": one.seq, "kind": one.kind, "salt": bytes(one.salt).hex(), "value": one.value}
        for one in Opening.objects.filter(case=agency.case).order_by("seq")
    ]
    return JsonResponse(
        {"format": FORMAT, "case": agency.case.name, "openings": found}, json_dumps_params={"ensure_ascii": False}
    )
