"""The desk's page of tokens: make one, see it once, revoke it."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import doors
from accounts.forms import TextField
from api import queries
from api.actions import tokens
from api.models import TokenScope
from core.errors import Refused
from core.http import refused_to_form


class TokenForm(forms.Form):
    """What it is for, and what it may do."""

    name = TextField(label=gettext_lazy("用途"), max_length=60, help_text=gettext_lazy("例如：本单位办公系统"))
    scope = forms.ChoiceField(
        label=gettext_lazy("权限"), choices=TokenScope.choices, initial=TokenScope.READ, widget=forms.RadioSelect
    )


@doors.limited("20/h")
@doors.second_factor_for_officers
@doors.member_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def desk_api(request: doors.DeskRequest) -> HttpResponse:
    """One's own tokens, and a form for another; its secret is on the answer to the press and nowhere else."""
    form, made = TokenForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = tokens.make_token(request.user, request.organisation, data["name"], TokenScope(data["scope"]))
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            form = TokenForm()
    found = queries.tokens_of(request.user, request.organisation)
    context = {"form": form, "made": made, "tokens": found, "organisation": request.organisation}
    return render(request, "api/tokens.html", context, status=400 if form.errors else 200)


@doors.member_required
@require_POST
def desk_api_revoke(request: doors.DeskRequest, pk: int) -> HttpResponse:
    """It counts no more."""
    tokens.revoke_token(queries.own_token(request.user, request.organisation, pk))
    messages.success(request, _("令牌已撤销。"))
    return redirect("desk_api")
