"""`/a/<uscc>/credit.json`: an agency's credit for machines and for whoever wants to compute it again."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from agencies.queries import agency_by
from ratings.document import credit_document


@require_safe
@cache_control(max_age=60)
def credit_json(_request: HttpRequest, uscc: str) -> JsonResponse:
    """Public, without an account. Raises Http404."""
    document = credit_document(agency_by(uscc))
    return JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 1})
