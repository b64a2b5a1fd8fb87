"""Doors about what members are told: the grid, the groups' bots, one click out, what is followed."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import doors
from accounts.channels import actions, queries, unsubscribing
from accounts.channels.forms import BotForm, QuietForm, grid
from accounts.channels.payloads import Fate
from accounts.events import CHANNEL_NAMES, Channel, events_for
from accounts.models import Bot, BotKind, Role
from core.errors import Refused
from core.http import refused_to_form


@doors.member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: doors.DeskRequest) -> HttpResponse:
    """The grid of events and channels, with the hours of quiet."""
    mine = getattr(request.membership, "preferences", None)
    hours = {"quiet_from": mine and mine.quiet_from, "quiet_until": mine and mine.quiet_until}
    form = QuietForm(request.POST or None, initial=hours)
    if request.method == "POST" and form.is_valid():
        chosen = grid(request.POST.getlist("on"), events_for(request.organisation.kind))
        try:
            actions.choose(request.membership, chosen, *form.hours())
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            messages.success(request, _("通知设置已保存"))
            return redirect("preferences")
    return _page(request, form=form)


@doors.limited("30/m")
@doors.member_required
@sensitive_post_parameters("address", "secret")
@require_http_methods(["GET", "HEAD", "POST"])
def bot(request: doors.DeskRequest, kind: str) -> HttpResponse:
    """Enter the bot of a group, or another address for it."""
    known = _kind(kind)
    form = BotForm(known, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_bot(request.membership, form.setup())
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            messages.success(request, _("%(kind)s机器人已保存，请发送一条测试消息") % {"kind": known.label})
            return redirect("preferences")
    there = request.organisation.bots.filter(kind=known).first()
    return _bot_page(request, known, form, _quiet_form(there))


@doors.member_required
@require_POST
def bot_quiet(request: doors.DeskRequest, kind: str) -> HttpResponse:
    """When the group is told nothing but what cannot wait."""
    known = _kind(kind)
    quiet = QuietForm(request.POST)
    if quiet.is_valid():
        try:
            actions.keep_quiet(request.membership, known, *quiet.hours())
        except Refused as refused:
            refused_to_form(quiet, refused)
        else:
            messages.success(request, _("通知设置已保存"))
            return redirect("preferences")
    return _bot_page(request, known, BotForm(known), quiet)


@doors.limited("10/m")
@doors.member_required
@require_POST
def try_bot(request: doors.DeskRequest, kind: str) -> HttpResponse:
    """Send a message now and say what came of it."""
    there = request.organisation.bots.filter(kind=_kind(kind)).first()
    if there is None:
        raise Http404
    verdict = actions.try_bot(request.membership, there)
    if verdict.fate is Fate.ARRIVED:
        messages.success(request, _("测试消息已送达%(kind)s") % {"kind": BotKind(there.kind).label})
    else:
        said = {"kind": BotKind(there.kind).label, "said": verdict.said}
        messages.error(request, _("测试消息没有送达%(kind)s：%(said)s") % said)
    return redirect("preferences")


@doors.member_required
@require_POST
def remove_bot(request: doors.DeskRequest, kind: str) -> HttpResponse:
    """Forget the bot's address."""
    actions.remove_bot(request.membership, _kind(kind))
    messages.success(request, _("机器人已移除"))
    return redirect("preferences")


# Mail programs press this without a cookie, and so without a token of ours (RFC 8058); the address itself is signed.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing, for scanners look at every link; the press ends mails of these events."""
    leaving = unsubscribing.behind(token)
    if leaving is None:
        raise Http404
    if request.method == "POST":
        unsubscribing.unsubscribe(leaving)
    return render(request, "accounts/unsubscribe.html", {"leaving": leaving, "done": request.method == "POST"})


@doors.member_required
@require_safe
def following(request: doors.DeskRequest) -> HttpResponse:
    """What the member follows."""
    rows = [(one, queries.path_of(one.case.name)) for one in queries.follows_of(request.membership)]
    return render(request, "accounts/following.html", {"rows": rows})


@doors.member_required
@require_POST
def follow(request: doors.DeskRequest, name: str) -> HttpResponse:
    """Follow a request or an agency, or stop; back to its page."""
    case = queries.followed_case(name)
    if case is None:
        raise Http404
    if request.POST.get("stop"):
        actions.unfollow(request.membership, case)
        messages.success(request, _("已取消关注"))
    else:
        actions.follow(request.membership, case)
        messages.success(request, _("已关注，有新的结果公告时通知您"))
    return redirect(queries.path_of(case.name))


def _quiet_form(bot: Bot | None) -> QuietForm:
    return QuietForm(initial={"quiet_from": bot and bot.quiet_from, "quiet_until": bot and bot.quiet_until})


def _bot_page(request: doors.DeskRequest, kind: BotKind, form: BotForm, quiet: QuietForm) -> HttpResponse:
    context = {
        "form": form,
        "quiet": quiet,
        "kind": kind,
        "bot": request.organisation.bots.filter(kind=kind).first(),
        "owner": request.membership.role == Role.OWNER,
        "example": f"{settings.NOTIFY_SINK}{kind}/?key=demo",
    }
    return render(request, "accounts/bot.html", context)


def _page(request: doors.DeskRequest, *, form: QuietForm) -> HttpResponse:
    bots = queries.bots_of(request.membership)
    owner = request.membership.role == Role.OWNER
    channels = [Channel.BELL, Channel.MAIL, *[Channel(one.kind) for one in bots]]
    context = {
        "form": form,
        "rows": queries.rows(request.membership, bots, owner=owner),
        "channels": [CHANNEL_NAMES[one] for one in channels],
        "cards": queries.cards(bots),
        "owner": owner,
    }
    return render(request, "accounts/preferences.html", context)


def _kind(kind: str) -> BotKind:
    if kind not in BotKind.values:
        raise Http404
    return BotKind(kind)
