"""The words of an agency's sealed entries, for whoever verifies its case file."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies.queries import agency_by
from ratings.document import openings_document


@require_safe
@never_cache
def openings_json(request: HttpRequest, uscc: str) -> JsonResponse:
    """All that was not erased by credit repair. Raises Http404."""
    return JsonResponse(openings_document(agency_by(uscc)), json_dumps_params={"ensure_ascii": False})
