"""Doors of trustees, and the published draws."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import doors
from accounts.models import User
from core.clock import database_now
from core.errors import Refused
from draws import giving, queries, rules, sources, trusteeship
from draws.forms import KeyForm, NominationForm, NoncesForm, OffersForm, SharesForm
from draws.models import Draw, Trustee
from draws.shown import MOST_AT_ONCE, seats_for


@require_safe
def draw_json(request: HttpRequest, name: str) -> JsonResponse:
    """The published draw, for `python -m journal.draw`; before it is drawn, what was sealed."""
    draw = get_object_or_404(Draw, name=name, sealed_at__isnull=False)
    found = draw.result or {**(draw.sealed or {}), "seal": draw.seal}
    response = JsonResponse(found, json_dumps_params={"ensure_ascii": False})
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response


@doors.member_required
@require_safe
@never_cache
def waiting(request: doors.DeskRequest) -> HttpResponse:
    """Everything that draws ask of the reader's organisation now, each kind in one press."""
    seats = seats_for(request.organisation, database_now())
    giving_now = [seat for seat in seats if seat.does == "contribute"]
    opening_now = [seat for seat in seats if seat.does == "reveal"]
    context = {"giving": giving_now[:MOST_AT_ONCE], "opening": opening_now[:MOST_AT_ONCE], "form": NoncesForm()}
    return render(request, "draws/waiting.html", {**context, "here": request.get_full_path()})


@doors.limited("60/m")
@doors.member_required
@require_POST
def contribute(request: doors.DeskRequest) -> HttpResponse:
    """Random bytes committed to, and in envelopes; the bytes themselves stay in the browser."""
    form = OffersForm(request.POST)
    try:
        if not form.is_valid():
            raise rules.ContributionMalformed()
        taken = giving.contribute(request.user, request.organisation, form.cleaned_data["offers"])
    except Refused as refused:
        messages.error(request, f"{refused.text} {refused.remedy}")
    else:
        said = ngettext("已为 %(n)s 次抽取提交随机数。", "已为 %(n)s 次抽取提交随机数。", taken) % {"n": taken}
        messages.success(request, said + _("请保存下载的文件，名单封存后再公开随机数。"))
    return _back(request)


@doors.limited("60/m")
@doors.member_required
@require_POST
def reveal(request: doors.DeskRequest) -> HttpResponse:
    """The bytes, after the lists are sealed."""
    form = NoncesForm(request.POST)
    try:
        if not form.is_valid():
            raise rules.ContributionMalformed()
        giving.reveal(request.organisation, rules.read_nonces(form.cleaned_data["nonces"]))
    except Refused as refused:
        messages.error(request, f"{refused.text} {refused.remedy}")
    else:
        messages.success(request, _("随机数已公开。"))
    return _back(request)


@login_required
@require_safe
@never_cache
def trustee(request: HttpRequest) -> HttpResponse:
    """A trustee's page: make a key, and open what was kept back."""
    return _page(request, _trusteeship(request))


@doors.limited("30/m")
@login_required
@require_POST
def register_key(request: HttpRequest) -> HttpResponse:
    """The public key that the trustee's browser made."""
    found, form = _trusteeship(request), KeyForm(request.POST)
    if not form.is_valid():
        return _page(request, found, _("未能生成密钥，请使用新版浏览器重试。"))
    try:
        trusteeship.register_key(found.user, rules.read_bytes(form.cleaned_data["public_key"]))
    except Refused as refused:
        return _page(request, found, f"{refused.text} {refused.remedy}")
    messages.success(request, _("公钥已登记。请妥善保存下载的私钥文件，任何人（包括平台）都无法找回。"))
    return redirect("trustee")


@doors.limited("30/m")
@login_required
@require_POST
def open_shut(request: HttpRequest) -> HttpResponse:
    """A trustee's shares of everything that waits, whoever sealed it; what cannot be taken stops nothing else."""
    found, form = _trusteeship(request), SharesForm(request.POST)
    if found.public_key is None or not form.is_valid():
        raise Http404
    try:
        given = rules.read_all_shares(form.cleaned_data["shares"])
    except Refused as refused:
        return _page(request, found, f"{refused.text} {refused.remedy}")
    count, trouble = 0, []
    for ref, shares in sorted(given.items()):
        try:
            count += sources.give(bytes(found.public_key), ref, shares)
        except Refused as refused:
            trouble.append(f"{ref} {refused.text}")
    if trouble and not count:
        return _page(request, found, "；".join(trouble))
    messages.success(request, _("已提交您的 %(count)s 个份额。") % {"count": count})
    return redirect("trustee")


@doors.operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def trustees(request: doors.OperatorRequest) -> HttpResponse:
    """Who is a trustee, and the form that asks somebody to be one."""
    form = NominationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        member = form.cleaned_data["email"]
        trusteeship.nominate(request.user, member.user, member.organisation)
        messages.success(request, _("已指定；本人登记公钥后即可参与抽取。"))
        return redirect("trustees")
    status = 400 if form.errors else 200
    return render(request, "draws/trustees.html", {"form": form, "trustees": queries.trustees()}, status=status)


@doors.operator_required
@require_POST
def retire_trustee(request: doors.OperatorRequest, pk: int) -> HttpResponse:
    """No later draw counts on this trustee."""
    trusteeship.retire(pk)
    messages.success(request, _("已卸任；此前开始的抽取不受影响。"))
    return redirect("trustees")


def _back(request: HttpRequest) -> HttpResponse:
    """To the page whose door was used."""
    there = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(there, allowed_hosts=None, require_https=request.is_secure()):
        return redirect(there)
    return redirect("draws_waiting")


def _trusteeship(request: HttpRequest) -> Trustee:
    assert isinstance(request.user, User)
    found = queries.trusteeship(request.user)
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, found: Trustee, trouble: str = "") -> HttpResponse:
    now = database_now()
    waiting = [] if found.public_key is None else sources.everything_for(bytes(found.public_key))
    rows = [{"waiting": one, "open": now >= one.from_at, "late": now > one.due_at} for one in waiting]
    terms = [one.as_terms() for one in waiting if now >= one.from_at and one.shut]
    context = {"trustee": found, "rows": rows, "terms": terms, "trouble": trouble}
    return render(request, "draws/trustee.html", context, status=400 if trouble else 200)
