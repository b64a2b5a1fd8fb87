"""What the platform's operators keep."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import actions as accounts
from accounts.forms import InviteOrganisationForm
from accounts.mails import mailed
from accounts.models import Role
from accounts.queries import invited_organisations, place_waiting
from api.callers import Caller, Who
from api.reads import Read
from api.shapes.operators import EXPERT, INVITED_ORGANISATION, KEPT_ITEM, SYNONYM, TRUSTEE
from api.shapes.people import INVITED
from api.verbs import Verb
from bidding import experts
from bidding.actions import nominate_expert, retire_expert
from bidding.forms import ExpertForm
from core.search.models import Synonym
from draws import trusteeship
from draws.forms import NominationForm
from draws.queries import trustees
from marketplace import actions, queries
from marketplace.actions import synonyms
from marketplace.forms import ItemForm
from marketplace.models import ServiceItem
from marketplace.views.synonyms import SynonymForm


def _invite(c: Caller, form: Any) -> Any:
    return mailed(c.request, accounts.invite_organisation(c.user, **form.as_arguments()))


def _invite_again(c: Caller, _form: Any, uscc: str) -> Any:
    organisation, email = place_waiting(uscc)
    return mailed(c.request, accounts.invite_member(c.user, organisation, email, Role.OWNER))


def _items(_c: Caller) -> Any:
    return ServiceItem.objects.prefetch_related("required")


def _item_form(_c: Caller, data: Any, _files: Any, code: str) -> forms.Form:
    return ItemForm(data, instance=queries.item_in_public(code))  # type: ignore[return-value]


def _nominate_expert(c: Caller, form: Any) -> Any:
    member = form.cleaned_data["email"]
    return nominate_expert(c.user, member.user, member.organisation, form.cleaned_data["items"])


def _nominate_trustee(c: Caller, form: Any) -> Any:
    member = form.cleaned_data["email"]
    return trusteeship.nominate(c.user, member.user, member.organisation)


_ITEM = "operate/items/<str:code>/"
_OPERATOR: dict[str, Any] = {"who": Who.OPERATOR}
READS = [
    Read(
        "invited_organisations",
        "operate/organisations/",
        _("已邀请的单位"),
        lambda _c: invited_organisations(),
        INVITED_ORGANISATION,
        ("operate",),
        many=True,
        order=("-id",),
        **_OPERATOR,
    ),
    Read(
        "kept_items",
        "operate/items/",
        _("事项目录及缺项"),
        _items,
        KEPT_ITEM,
        ("operate_items",),
        many=True,
        order=("code",),
        clauses=("P18.3",),
        **_OPERATOR,
    ),
    Read(
        "synonyms",
        "operate/synonyms/",
        _("搜索同义词"),
        lambda _c: Synonym.objects.all(),
        SYNONYM,
        ("operate_synonyms",),
        many=True,
        order=("short", "id"),
        **_OPERATOR,
    ),
    Read(
        "experts",
        "operate/experts/",
        _("评审专家库"),
        lambda _c: experts.pool().prefetch_related("items"),
        EXPERT,
        ("operate_experts",),
        many=True,
        order=("number",),
        clauses=("R3",),
        **_OPERATOR,
    ),
    Read(
        "trustees",
        "operate/trustees/",
        _("保管人名单"),
        lambda _c: trustees(),
        TRUSTEE,
        ("trustees",),
        many=True,
        clauses=("R4",),
        **_OPERATOR,
    ),
]
VERBS = [
    Verb(
        "organisation_invite",
        "operate/organisations/",
        _("邀请政府部门或监管部门"),
        _invite,
        ("operate",),
        form=InviteOrganisationForm,
        shape=INVITED,
        untold=("token",),
        status=201,
        **_OPERATOR,
    ),
    Verb(
        "organisation_invite_again",
        "operate/organisations/<str:uscc>/invite/",
        _("重新邀请"),
        _invite_again,
        ("invite_again",),
        shape=INVITED,
        untold=("token",),
        status=201,
        **_OPERATOR,
    ),
    Verb(
        "item_revise",
        _ITEM,
        _("修改事项"),
        lambda _c, form, code: actions.revise_item(code, form.cleaned_data),
        ("operate_item",),
        form=ItemForm,  # type: ignore[arg-type]
        bind=_item_form,
        shape=KEPT_ITEM,
        method="PUT",
        clauses=("P18.3",),
        **_OPERATOR,
    ),
    Verb(
        "item_publish",
        _ITEM + "publish/",
        _("公布事项"),
        lambda _c, _f, code: actions.publish_item(queries.item_in_public(code).code),
        ("operate_item",),
        shape=KEPT_ITEM,
        clauses=("P18.3",),
        **_OPERATOR,
    ),
    Verb(
        "synonym_add",
        "operate/synonyms/",
        _("添加同义词"),
        lambda _c, form: synonyms.add_synonym(form.cleaned_data["short"], form.cleaned_data["long"]),
        ("operate_synonyms",),
        form=SynonymForm,
        shape=SYNONYM,
        status=201,
        **_OPERATOR,
    ),
    Verb(
        "synonym_drop",
        "operate/synonyms/<int:pk>/",
        _("删除同义词"),
        lambda _c, _f, pk: synonyms.drop_synonym(pk),
        ("synonym_drop",),
        method="DELETE",
        **_OPERATOR,
    ),
    Verb(
        "expert_nominate",
        "operate/experts/",
        _("聘任评审专家"),
        _nominate_expert,
        ("operate_experts",),
        form=ExpertForm,
        shape=EXPERT,
        status=201,
        clauses=("R3",),
        **_OPERATOR,
    ),
    Verb(
        "expert_retire",
        "operate/experts/<int:pk>/",
        _("专家退出专家库"),
        lambda _c, _f, pk: retire_expert(pk),
        ("expert_retire",),
        method="DELETE",
        clauses=("R3",),
        **_OPERATOR,
    ),
    Verb(
        "trustee_nominate",
        "operate/trustees/",
        _("指定保管人"),
        _nominate_trustee,
        ("trustees",),
        form=NominationForm,
        shape=TRUSTEE,
        status=201,
        clauses=("R4",),
        **_OPERATOR,
    ),
    Verb(
        "trustee_retire",
        "operate/trustees/<int:pk>/",
        _("保管人卸任"),
        lambda _c, _f, pk: trusteeship.retire(pk),
        ("retire_trustee",),
        method="DELETE",
        clauses=("R4",),
        **_OPERATOR,
    ),
]
