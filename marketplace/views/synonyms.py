"""Where operators keep the synonyms of search."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts import doors
from core.errors import Refused
from core.http import refused_to_form
from core.search.models import Synonym
from marketplace.actions import synonyms as actions


class SynonymForm(forms.Form):
    """A short form and a long one."""

    short = forms.CharField(label=gettext_lazy("简称"), max_length=20)
    long = forms.CharField(label=gettext_lazy("全称"), max_length=40)


@doors.operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def operate_synonyms(request: doors.OperatorRequest) -> HttpResponse:
    """All synonyms, and a form for one more."""
    form = SynonymForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_synonym(form.cleaned_data["short"], form.cleaned_data["long"])
        except Refused as refused:
            refused_to_form(form, refused)
        else:
            messages.success(request, _("已保存。"))
            return redirect("operate_synonyms")
    context = {"form": form, "synonyms": Synonym.objects.all()}
    return render(request, "marketplace/operate_synonyms.html", context)


@doors.operator_required
@require_POST
def synonym_drop(request: doors.OperatorRequest, pk: int) -> HttpResponse:
    """Take one out."""
    actions.drop_synonym(pk)
    messages.success(request, _("已删除"))
    return redirect("operate_synonyms")
