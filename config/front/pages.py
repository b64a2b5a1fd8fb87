"""The offline page with its worker, 关怀版, and help."""

import json
import re
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from core.http import CARE_COOKIE

_YEAR = 365 * 24 * 3600
_STYLES = ("tokens", "elements", "frame", "components", "pages")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What the browser shows when there is no line: the same for everybody, in both languages, with nothing private."""
    return HttpResponse(render_to_string("errors/offline.html"))


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It keeps the offline page and its styles, nothing else: no page, no bid, no answer."""
    kept = ["/offline/", *(static(f"css/{name}.css") for name in _STYLES)]
    script = render_to_string("front/worker.js", {"kept": json.dumps(kept)})
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_POST
def care(request: HttpRequest) -> HttpResponse:
    """Switch 关怀版 on or off in this browser, and go back to where the reader was."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    if request.POST.get("care") == "1":
        response.set_cookie(CARE_COOKIE, "1", max_age=_YEAR, samesite="Lax", secure=settings.HTTPS, httponly=True)
    else:
        response.delete_cookie(CARE_COOKIE, samesite="Lax")
    return response


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How to do what people come for, and what the words mean."""
    return render(request, "front/help.html", {"glossary": _glossary()})


@cache
def _glossary() -> list[tuple[str, str, str]]:
    """`(Chinese, English, what it is)` of every row of docs/glossary.md."""
    text = (settings.BASE_DIR / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    return [
        (zh, en.replace("`", ""), meaning.replace("`", ""))
        for zh, en, meaning in rows
        if zh != "中文" and set(zh) != {"-"}
    ]
