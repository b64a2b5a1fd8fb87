"""Doors of registration, invitation and members."""

from django.contrib import messages
from django.contrib.auth import login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, commitments, doors, mails, notices, policies, queries, tasks
from accounts.events import EVENTS, event_of
from accounts.forms import AcceptForm, InviteMemberForm, InviteOrganisationForm, RegistrationForm
from accounts.models import Role, User
from core import calendars
from core.clock import database_now
from core.errors import Refused
from core.http import refused_to_form

SIGN_IN_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Choose as what to register."""
    return render(request, "accounts/register.html")


@doors.limited("30/m")
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def register_enterprise(request: HttpRequest) -> HttpResponse:
    """One form; signed in and at the desk afterwards."""
    form = RegistrationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.register_enterprise(form.applicant(), signed=form.cleaned_data["commitment"])
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            return welcome(request, user, _("注册成功，现在就可以发布采购需求"))
    return render(request, "accounts/register_enterprise.html", {"form": form, "commitment": commitments.ENTERPRISE})


def welcome(request: HttpRequest, user: User, message: str) -> HttpResponse:
    """Sign the new user in and lead to the desk."""
    login(request, user, backend=SIGN_IN_BACKEND)
    messages.success(request, message)
    return redirect("desk")


@doors.operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def operate(request: doors.OperatorRequest) -> HttpResponse:
    """Invite departments and regulators, and see who has taken up the place."""
    form = InviteOrganisationForm(request.POST or None)
    invited = None
    if request.method == "POST" and form.is_valid():
        try:
            invited = actions.invite_organisation(request.user, **form.as_arguments())
        except Refused as refused:
            refused_to_form(form, refused)
    if invited:
        return _show_link(request, invited, back="operate")
    context = {"form": form, "organisations": queries.invited_organisations()[:200]}
    return render(request, "accounts/operate.html", context)


@doors.operator_required
@require_POST
def invite_again(request: doors.OperatorRequest, uscc: str) -> HttpResponse:
    """A new link for a place nobody has taken up."""
    organisation, email = queries.place_waiting(uscc)
    return _show_link(request, actions.invite_member(request.user, organisation, email, Role.OWNER), back="operate")


@doors.member_required
@require_http_methods(["GET", "HEAD", "POST"])
def members(request: doors.DeskRequest) -> HttpResponse:
    """Who acts for the organisation; owners invite colleagues."""
    form = InviteMemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        role = Role(form.cleaned_data["role"])
        try:
            invited = actions.invite_member(request.user, request.organisation, form.cleaned_data["email"], role)
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            return _show_link(request, invited, back="members")
    context = {
        "form": form,
        "organisation": request.organisation,
        "may_invite": policies.may_invite_to(request.user, request.organisation),
        "members": queries.members_of(request.organisation),
        "invitations": queries.open_invitations(request.organisation),
    }
    return render(request, "accounts/members.html", context)


@doors.limited("30/m")
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Take an invitation up, with a new account or the one signed in."""
    invited = actions.invitation_behind(token)
    if request.user.is_authenticated:
        if request.method == "POST":
            actions.accept_as(token, request.user)
            return redirect("desk")
        return render(request, "accounts/invitation_signed_in.html", {"invitation": invited})
    form = AcceptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            user = actions.accept(
                token, name=data["contact_name"], phone=data["contact_phone"], password=data["password"]
            )
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            return welcome(request, user, _("欢迎，您现在可以代表本单位办事"))
    return render(request, "accounts/invitation.html", {"form": form, "invitation": invited})


def _show_link(request: HttpRequest, invited: actions.Invited, *, back: str) -> HttpResponse:
    mails.mailed(request, invited)
    context = {"invitation": invited.invitation, "link": mails.link_of(request, invited), "back": back}
    return render(request, "accounts/invited.html", context)


@doors.member_required
@never_cache
@require_safe
def inbox(request: doors.DeskRequest) -> HttpResponse:
    """What the organisation should know, the newest first, of one event if asked; opening it marks it read."""
    chosen = request.GET.get("event", "")
    event = chosen if chosen in EVENTS else ""
    page = Paginator(notices.newest(request.membership, event), 20).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "event": event,
        "events": [event_of(code) for code in notices.events_in(request.membership)],
        "fresh": notices.mark_read(page.object_list),
    }
    return render(request, "accounts/inbox.html", context)


@doors.member_required
@require_POST
def inbox_read(request: doors.DeskRequest) -> HttpResponse:
    """Nothing is new any more."""
    notices.mark_all_read(request.membership)
    messages.success(request, _("已全部标为已读"))
    return redirect("inbox")


@never_cache
@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """How many new notices wait for whoever is signed in: `{"unread": 3}`; 304 if nothing changed since, 404 signed out."""
    membership = queries.membership_with_preferences(request.user)
    if membership is None:
        raise Http404
    count = notices.unread(membership)
    answer = JsonResponse({"unread": count})
    answer["ETag"] = f'"{count}"'
    return get_conditional_response(request, etag=answer["ETag"], response=answer) or answer


@require_safe
def desk_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The dates of a desk, for a calendar that cannot sign in: whoever has the address may read it."""
    organisation = tasks.whose_calendar(token)
    if organisation is None:
        raise Http404
    now = database_now()
    dates = [tasks.as_date(task) for task in tasks.tasks_of(organisation, now) if task.due_at]
    return calendars.response(organisation.name, "deadlines", dates, now)
