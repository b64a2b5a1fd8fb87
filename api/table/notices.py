"""What a member is told of and where: searches kept, the grid of events and channels, bots of chat groups."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.channels import actions as channels
from accounts.channels import queries as told
from accounts.channels.forms import BotForm, QuietForm, grid
from accounts.events import events_for
from accounts.models import Bot, BotKind, Membership
from accounts.queries import membership_with_preferences
from api.callers import Caller, Who
from api.forms import GridForm, KeptSearchForm, NameForm
from api.reads import Read
from api.shapes.notices import BOT, NOTICE_GRID, SAVED_SEARCH, TRIED, UNREAD
from api.verbs import Verb
from marketplace.actions import saved as searches
from marketplace.models import SavedSearch
from marketplace.saved import kept_by


def _search(c: Caller, pk: int) -> SavedSearch:
    return get_object_or_404(kept_by(c.organisation), pk=pk)


def _save(c: Caller, form: Any) -> Any:
    return searches.save_search(c.user, c.organisation, form.cleaned_data["list"], form.cleaned_data["query"])


def _kind(kind: str) -> BotKind:
    if kind not in BotKind.values:
        raise Http404(kind)
    return BotKind(kind)


def _bot(c: Caller, kind: str) -> Bot:
    return get_object_or_404(c.organisation.bots, kind=_kind(kind))


def _grid(membership: Membership) -> dict[str, Any]:
    return {"mine": getattr(membership, "preferences", None), "rows": told.grid_of(membership)}


def _choose(c: Caller, form: Any) -> dict[str, Any]:
    chosen = grid(form.cleaned_data["on"], events_for(c.organisation.kind))
    channels.choose(c.membership, chosen, *form.hours())
    return _grid(Membership.objects.select_related("organisation").get(pk=c.membership.pk))


def _bot_form(_c: Caller, data: Any, _files: Any, kind: str) -> forms.Form:
    return BotForm(_kind(kind), data)


def _bots(c: Caller) -> Any:
    return told.cards(told.bots_of(c.membership))


def _card(c: Caller, kind: str) -> Any:
    return next(card for card in _bots(c) if card.kind is _kind(kind))


def _set_bot(c: Caller, form: Any, kind: str) -> Any:
    channels.set_bot(c.membership, form.setup())
    return _card(c, kind)


def _keep_quiet(c: Caller, form: Any, kind: str) -> Any:
    channels.keep_quiet(c.membership, BotKind(_bot(c, kind).kind), *form.hours())
    return _card(c, kind)


def _remove(c: Caller, _form: Any, kind: str) -> None:
    channels.remove_bot(c.membership, _kind(kind))


def _unread(c: Caller) -> int:
    """The number on the bell, which counts what this member wants it to."""
    membership = membership_with_preferences(c.user)
    assert membership is not None
    return notices.unread(membership)


def _try(c: Caller, _form: Any, kind: str) -> Any:
    return channels.try_bot(c.membership, _bot(c, kind))


def _wants_news(verb: Callable[[SavedSearch], None], c: Caller, _form: Any, pk: int) -> SavedSearch:
    verb(_search(c, pk))
    return _search(c, pk)


def _rename(c: Caller, form: Any, pk: int) -> SavedSearch:
    search = _search(c, pk)
    searches.rename_search(search, form.cleaned_data["name"])
    return search


_SEARCH = "me/searches/<int:pk>/"
_BOT = "me/bots/<str:kind>/"
READS = [
    Read(
        "saved_searches",
        "me/searches/",
        _("保存的搜索"),
        lambda c: kept_by(c.organisation),
        SAVED_SEARCH,
        ("searches",),
        Who.MEMBER,
        many=True,
    ),
    Read(
        "notification_choices",
        "me/notifications/",
        _("通知设置"),
        lambda c: _grid(c.membership),
        NOTICE_GRID,
        ("preferences",),
        Who.MEMBER,
    ),
    Read("bots", "me/bots/", _("群机器人"), _bots, BOT, ("preferences",), Who.MEMBER, many=True),
    Read("bot", _BOT, _("一种群机器人"), _card, BOT, ("bot",), Who.MEMBER),
    Read("unread", "me/notices/unread/", _("未读消息数"), _unread, UNREAD, ("bell",), Who.MEMBER),
]
VERBS = [
    Verb(
        "search_save",
        "me/searches/",
        _("保存并订阅搜索"),
        _save,
        ("search_save",),
        form=KeptSearchForm,
        shape=SAVED_SEARCH,
        status=201,
    ),
    Verb(
        "search_rename",
        _SEARCH,
        _("给搜索改名"),
        _rename,
        ("search_act",),
        form=NameForm,
        shape=SAVED_SEARCH,
        method="PUT",
    ),
    Verb(
        "search_stop",
        _SEARCH + "stop/",
        _("停止搜索提醒"),
        partial(_wants_news, searches.stop_search),
        ("search_act",),
        shape=SAVED_SEARCH,
    ),
    Verb(
        "search_resume",
        _SEARCH + "resume/",
        _("恢复搜索提醒"),
        partial(_wants_news, searches.resume_search),
        ("search_act",),
        shape=SAVED_SEARCH,
    ),
    Verb(
        "search_forget",
        _SEARCH,
        _("删除保存的搜索"),
        lambda c, _f, pk: searches.forget_search(_search(c, pk)),
        ("search_act",),
        method="DELETE",
    ),
    Verb(
        "notifications_choose",
        "me/notifications/",
        _("选择用哪些方式通知，整张表一并替换"),
        _choose,
        ("preferences",),
        form=GridForm,
        shape=NOTICE_GRID,
        method="PUT",
    ),
    Verb(
        "bot_set",
        _BOT,
        _("设置群机器人"),
        _set_bot,
        ("bot",),
        form=BotForm,
        bind=_bot_form,
        shape=BOT,
        method="PUT",
    ),
    Verb(
        "bot_quiet",
        _BOT + "quiet/",
        _("群机器人免打扰"),
        _keep_quiet,
        ("bot_quiet",),
        form=QuietForm,
        shape=BOT,
        method="PUT",
    ),
    Verb("bot_try", _BOT + "try/", _("发送一条测试消息"), _try, ("bot_try",), shape=TRIED, rate="10/m"),
    Verb("bot_remove", _BOT, _("移除群机器人"), _remove, ("bot_remove",), method="DELETE"),
]
