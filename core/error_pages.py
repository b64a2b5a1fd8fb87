"""Pages for when something is wrong: what happened, what is safe, what next, and the number to quote."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _

from structlog.contextvars import get_contextvars

from core.errors import Gone
from core.http import wants_json


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 400, "E_BAD_REQUEST", _("平台没有看懂这次请求，什么也没有改变。"))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 403, "E_FORBIDDEN", _("您的账号没有权限查看这里，什么也没有改变。"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came without its token: most often an old tab or blocked cookies; what was typed is still there."""
    return _answer(
        request, 403, "E_FORM_EXPIRED", _("页面打开得太久，或浏览器拦截了 Cookie，所以没有提交。"), page="csrf"
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, Gone):
        return _answer(request, 410, "E_GONE", _("该内容曾经公开，现已依规移除。案卷中的记录仍然保留。"))
    return _answer(request, 404, "E_NOT_FOUND", _("网址可能有误，或者内容不对您公开。"))


def too_many(request: HttpRequest, seconds: int = 60) -> HttpResponse:
    """Too often from one address; what was accepted stands. Says when to come back."""
    seconds = max(seconds, 1)
    said = _("操作过于频繁，请稍后再试。已提交的内容不受影响。")
    response = _answer(request, 429, "E_TOO_MANY", said, seconds=seconds)
    response.headers["Retry-After"] = str(seconds)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Without session, database or context processors: any of them may be what failed."""
    number = get_contextvars().get("request", "")
    if wants_json(request):
        body = {"code": "E_SERVER", "message": _("问题在我们这边，已记录，请稍后重试。"), "number": number}
        return JsonResponse(body, status=500)
    return HttpResponse(loader.get_template("errors/500.html").render({"number": number}), status=500)


def _answer(
    request: HttpRequest, status: int, code: str, message: str, *, page: str = "", **facts: object
) -> HttpResponse:
    """A page, or the same in JSON for whoever asked for that."""
    if wants_json(request):
        number = get_contextvars().get("request", "")
        return JsonResponse({"code": code, "message": message, "number": number}, status=status)
    return render(request, f"errors/{page or status}.html", facts, status=status)
