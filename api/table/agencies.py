"""An agency enters, and says what it is and does."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import actions as accounts
from accounts.forms import InviteMemberForm
from accounts.mails import mailed
from accounts.models import Role
from agencies import actions, insiders, queries
from agencies.certificates.actions import look_up_soon
from agencies.forms import AgencyRegistrationForm, InsiderForm, ProfileForm, QualificationForm, TieForm, WorkForm
from agencies.models import InsiderKind, TieNature
from api.callers import Caller, Who
from api.reads import Read
from api.shapes.people import INVITED
from api.verbs import Verb
from draws import giving, rules
from draws.forms import NoncesForm, OffersForm
from marketplace.actions import offer
from marketplace.forms import ServicesForm

READS: list[Read] = []


def _offer(c: Caller, form: Any) -> Any:
    before = dict(c.agency.offerings.values_list("item_id", "price_from"))
    return offer(c.agency, {code: before.get(code) for code in form.cleaned_data["items"]})


def _tie(c: Caller, form: Any) -> Any:
    data = form.cleaned_data
    return actions.declare_tie(c.user, c.agency, data["department"], TieNature(data["nature"]))


def _insider(c: Caller, form: Any) -> Any:
    said = {**form.cleaned_data, "kind": InsiderKind(form.cleaned_data["kind"])}
    return insiders.declare_insider(c.user, c.agency, **said)


def _invite(c: Caller, form: Any) -> Any:
    data = form.cleaned_data
    return mailed(c.request, accounts.invite_member(c.user, c.organisation, data["email"], Role(data["role"])))


_OWN: dict[str, Any] = {"who": Who.AGENCY}
_ME = "me/agency/"
VERBS = [
    Verb(
        "register_agency",
        "agencies/",
        _("机构入驻"),
        lambda _c, form: actions.register(form.applicant(), signed=form.cleaned_data["commitment"]),
        ("register_agency", "register"),
        Who.ANYBODY,
        AgencyRegistrationForm,
        status=201,
        clauses=("P19.1", "P22.1"),
    ),
    Verb(
        "member_invite",
        "me/members/",
        _("邀请同事"),
        _invite,
        ("members",),
        form=InviteMemberForm,
        shape=INVITED,
        untold=("token",),
        status=201,
    ),
    Verb(
        "profile_change",
        _ME + "profile/",
        _("修改机构资料"),
        lambda c, form: actions.change_profile(c.user, c.agency, form.cleaned_data),
        ("desk_profile",),
        form=ProfileForm,
        method="PUT",
        clauses=("P19.2",),
        **_OWN,
    ),
    Verb(
        "services_set",
        _ME + "items/",
        _("提供的服务事项"),
        _offer,
        ("desk_services",),
        form=ServicesForm,
        method="PUT",
        clauses=("P19.1",),
        **_OWN,
    ),
    Verb(
        "qualification_claim",
        _ME + "qualifications/",
        _("登记资质"),
        lambda c, form: actions.claim_qualification(c.user, c.agency, form.claim()),
        ("desk_qualification_new",),
        form=QualificationForm,
        status=201,
        clauses=("P13.2",),
        **_OWN,
    ),
    Verb(
        "qualification_change",
        _ME + "qualifications/<int:pk>/",
        _("修改资质"),
        lambda c, form, pk: actions.change_qualification(c.user, queries.own_qualification(c.agency, pk), form.claim()),
        ("desk_qualification",),
        form=QualificationForm,
        method="PUT",
        clauses=("P13.2",),
        **_OWN,
    ),
    Verb(
        "qualification_look_up",
        _ME + "qualifications/<int:pk>/look-up/",
        _("重新核对资质"),
        lambda c, _f, pk: look_up_soon(queries.own_qualification(c.agency, pk)),
        ("desk_qualification_look_up",),
        clauses=("P13.2",),
        **_OWN,
    ),
    Verb(
        "qualification_take_back",
        _ME + "qualifications/<int:pk>/",
        _("撤回资质"),
        lambda c, _f, pk: actions.take_back_qualification(c.user, queries.own_qualification(c.agency, pk)),
        ("desk_qualification_remove",),
        method="DELETE",
        **_OWN,
    ),
    Verb(
        "tie_declare",
        _ME + "ties/",
        _("声明与部门的利益关系"),
        _tie,
        ("desk_tie_new",),
        form=TieForm,
        status=201,
        clauses=("P20.1",),
        **_OWN,
    ),
    Verb(
        "tie_end",
        _ME + "ties/<int:pk>/end/",
        _("利益关系已终止"),
        lambda c, _f, pk: actions.end_tie(c.user, queries.own_tie(c.agency, pk)),
        ("desk_tie_end",),
        clauses=("P20.1",),
        **_OWN,
    ),
    Verb(
        "insider_declare",
        _ME + "insiders/",
        _("公开股东或持证人员"),
        _insider,
        ("desk_insider_new",),
        form=InsiderForm,
        status=201,
        clauses=("R2",),
        **_OWN,
    ),
    Verb(
        "insider_end",
        _ME + "insiders/<int:pk>/end/",
        _("股东或持证人员已离开"),
        lambda c, _f, pk: insiders.end_insider(c.user, insiders.own_insider(c.agency, pk)),
        ("desk_insider_end",),
        clauses=("R2",),
        **_OWN,
    ),
    Verb(
        "work_show",
        _ME + "works/",
        _("添加过往业绩"),
        lambda c, form: actions.show_work(c.user, c.agency, **form.cleaned_data),
        ("desk_work_new",),
        form=WorkForm,
        status=201,
        **_OWN,
    ),
    Verb(
        "work_take_down",
        _ME + "works/<int:pk>/",
        _("移除过往业绩"),
        lambda c, _f, pk: actions.take_down_work(c.user, queries.own_work(c.agency, pk)),
        ("desk_work_remove",),
        method="DELETE",
        **_OWN,
    ),
    Verb(
        "draws_contribute",
        "me/draws/contributions/",
        _("为抽取提交随机数"),
        lambda c, form: giving.contribute(c.user, c.organisation, form.cleaned_data["offers"]),
        ("draw_contribute",),
        form=OffersForm,
        clauses=("R4",),
    ),
    Verb(
        "draws_reveal",
        "me/draws/nonces/",
        _("公开提交过的随机数"),
        lambda c, form: giving.reveal(c.organisation, rules.read_nonces(form.cleaned_data["nonces"])),
        ("draw_reveal",),
        form=NoncesForm,
        clauses=("R4",),
    ),
]
