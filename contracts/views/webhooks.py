"""Where providers tell that something happened. Kept and answered at once; what happened is read anew by the clock."""

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from contracts import actions
from contracts.providers import Forged, offered

_MOST_BYTES = 256 * 1024


@csrf_exempt
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """Take in an event that Stripe signed; anything but 2xx is sent again."""
    provider = offered().get("stripe")
    if provider is None:
        raise Http404
    if int(request.META.get("CONTENT_LENGTH") or 0) > _MOST_BYTES or len(request.body) > _MOST_BYTES:
        return HttpResponse(status=413)
    try:
        event = provider.event(request)
    except Forged:
        return HttpResponse("signature", status=400, content_type="text/plain")
    try:
        actions.take_event(provider.name, event)
    except DatabaseError:
        return HttpResponse(status=503)
    return HttpResponse("ok", content_type="text/plain")
