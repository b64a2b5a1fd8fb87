"""Evaluate, answer, complain, defend: what parties do about credit and exit."""

from functools import partial
from typing import Any

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from api.callers import Caller, Who
from api.reads import Read
from api.refusals import NotThere
from api.verbs import Nothing, Verb
from ratings.actions import complaints, credit, evaluations, exits
from ratings.forms import evaluation as marks
from ratings.forms import exits as own
from ratings.forms.complaints import ComplaintForm, StatementOfSubjectForm
from ratings.forms.credit import ObjectForm, RepairForm
from ratings.models import Act, ComplaintKind, MarkSide, Outcome
from ratings.queries import complaints as complained
from ratings.queries import exits as cases
from ratings.queries.evaluation import evaluation_in_public
from ratings.views import evaluation as evaluation_doors
from ratings.views import exits as exit_doors
from ratings.views.complaints import chosen, deliveries_about, target_of

READS: list[Read] = []
_ROUND = "contracts/<str:number>/evaluation/"
_SIDES: dict[str, MarkSide] = {"agency": MarkSide.BUYER, "buyer": MarkSide.AGENCY}


def _rate_form(side: MarkSide, _c: Caller, data: Any, _files: Any, number: str) -> forms.Form:
    evaluation_in_public(number)
    return marks.RateForm(data, key="rate", side=side)


def _rate(side: MarkSide, c: Caller, form: Any, number: str) -> Any:
    verb = evaluations.rate_agency if side == MarkSide.BUYER else evaluations.rate_buyer
    return verb(c.user, c.organisation, number, form.said())


def _outcome(c: Caller, form: Any, number: str) -> Any:
    data = form.cleaned_data
    evaluation_in_public(number)
    said = Outcome(data["outcome"]), data["document"], data["comment"]
    return evaluations.rate_outcome(c.user, c.organisation, number, *said)


def _spoken(name: str, c: Caller, form: Any, number: str, side: str) -> Any:
    evaluation_in_public(number)
    if side not in MarkSide.values:
        raise Http404(side)
    return evaluation_doors.DOORS[name].act(c, number, MarkSide(side), form.cleaned_data)


def _case(name: str, c: Caller, form: Any, number: str) -> Any:
    cases.case_of_party(c.organisation, number)
    return exit_doors.DOORS[name].act(c, number, form)


def _keyed(kind: Any, name: str, _c: Caller, data: Any, files: Any, **_places: Any) -> forms.Form:
    return kind(data, files, key=name)  # type: ignore[no-any-return]


def _act(pk: int) -> Act:
    return get_object_or_404(Act.objects.select_related("agency"), pk=pk)


def _repair(c: Caller, form: Any, pk: int) -> Any:
    if _act(pk).agency.organisation_id != c.organisation.pk:
        raise NotThere()
    return exits.ask_to_repair_act(c.user, c.organisation, pk, form.cleaned_data["text"])


class SubjectForm(forms.Form):
    """Whom a complaint is about: exactly one, or none where it is a department by name."""

    agency = forms.CharField(label=_("机构的统一社会信用代码"), max_length=18, required=False)
    request = forms.CharField(label=_("采购需求编号"), max_length=20, required=False)
    organisation = forms.CharField(label=_("单位的统一社会信用代码"), max_length=18, required=False)
    item = forms.CharField(label=_("已取消事项的编码"), max_length=10, required=False)


def _complaint_form(c: Caller, data: Any, files: Any) -> forms.Form:
    target, kinds = target_of({name: data[name] for name in SubjectForm.base_fields if data.get(name)})
    form = ComplaintForm(
        data,
        files,
        kinds=kinds,
        department=target.agency is None and target.organisation is None and target.request is None,
        deliveries=[(one.pk, "") for one in deliveries_about(c.user, target)],
    )
    form.about = target, kinds  # type: ignore[attr-defined]
    return form


def _complaint_like() -> forms.Form:
    like = ComplaintForm(kinds=list(ComplaintKind), department=True, deliveries=[(0, "")])
    like.fields = {**SubjectForm.base_fields, **like.fields}
    for name in ("kind", "department", "delivery"):
        like.fields[name].required = False
    like.fields["delivery"] = forms.IntegerField(label=like.fields["delivery"].label, required=False)
    return like


def _complain(c: Caller, form: Any) -> Any:
    target, kinds = form.about
    about = chosen(target, kinds, form, deliveries_about(c.user, target))
    return complaints.file_complaint(c.user, about, form.cleaned_data["text"], form.cleaned_data["files"])


def _state(c: Caller, form: Any, number: str) -> Any:
    complained.put_to_by(c.organisation, number)
    return complaints.state(c.user, c.organisation, number, form.cleaned_data["text"])


def _leave(c: Caller, _form: Any) -> Any:
    return exits.withdraw(c.agency)


def _come_back(c: Caller, _form: Any) -> Any:
    return exits.come_back(c.agency)


_CASE_VERBS = {
    "receive": (_("查收告知书"), None),
    "defend": (_("陈述申辩"), own.DefenceForm),
    "time": (_("申请延长期限"), None),
    "hearing": (_("申请听证"), None),
    "appeal": (_("申诉"), own.AppealForm),
    "repair": (_("申请信用修复"), own.CorrectionForm),
    "reentry": (_("申请重新入驻"), own.ReentryForm),
}
_MARK_VERBS = {
    "reply": _("回应评价"),
    "dispute": _("对评价提出争议"),
    "report": _("报告整改情况"),
    "judge": _("确认整改情况"),
}
VERBS = [
    *(
        Verb(
            f"rate_{whom}",
            f"{_ROUND}rate-{whom}/",
            said,
            partial(_rate, side),
            ("evaluation_rate",),
            form=marks.RateForm,
            bind=partial(_rate_form, side),
            like=partial(marks.RateForm, side=side),
            status=201,
            clauses=("P19.5", "R7"),
        )
        for (whom, side), said in zip(_SIDES.items(), (_("评价机构"), _("评价采购人")), strict=True)
    ),
    Verb(
        "rate_outcome",
        _ROUND + "outcome/",
        _("反馈审查结果"),
        _outcome,
        ("evaluation_rate",),
        Who.DEPARTMENT,
        marks.OutcomeForm,
        status=201,
        clauses=("P19.5", "R7"),
    ),
    *(
        Verb(
            f"mark_{name}",
            f"{_ROUND}<str:side>/{name}/",
            said,
            partial(_spoken, name),
            ("evaluation_act",),
            form=evaluation_doors.DOORS[name].form,
            clauses=("P19.5", "R7"),
        )
        for name, said in _MARK_VERBS.items()
    ),
    Verb(
        "act_object",
        "acts/<int:pk>/object/",
        _("对失信行为提出异议"),
        lambda c, form, pk: credit.object_to_act(c.user, c.organisation, _act(pk).pk, form.cleaned_data["text"]),
        ("credit_act",),
        form=ObjectForm,
        clauses=("R7",),
    ),
    Verb(
        "act_repair",
        "acts/<int:pk>/repair/",
        _("申请修复失信行为"),
        _repair,
        ("credit_act",),
        form=RepairForm,
        clauses=("R8",),
    ),
    *(
        Verb(
            f"case_{name}",
            f"me/cases/<str:number>/{name}/",
            said,
            partial(_case, name),
            ("desk_case_act",),
            Who.AGENCY,
            kind or Nothing,
            partial(_keyed, exit_doors.DOORS[name].form, name),
            kind,
            clauses=("R8", "P20.9"),
        )
        for name, (said, kind) in _CASE_VERBS.items()
    ),
    Verb("withdraw", "me/agency/withdraw/", _("自行退出"), _leave, ("desk_withdraw",), Who.AGENCY, clauses=("R8",)),
    Verb(
        "come_back", "me/agency/come-back/", _("恢复参与"), _come_back, ("desk_withdraw",), Who.AGENCY, clauses=("R8",)
    ),
    Verb(
        "complain",
        "complaints/",
        _("投诉"),
        _complain,
        ("new_complaint",),
        Who.PERSON,
        ComplaintForm,
        _complaint_form,
        _complaint_like,
        status=201,
        clauses=("P10.1",),
    ),
    Verb(
        "complaint_state",
        "me/complaints-about-us/<str:number>/statement/",
        _("就投诉作出说明"),
        _state,
        ("complaint_about_us",),
        form=StatementOfSubjectForm,
        clauses=("P10.1",),
    ),
]
