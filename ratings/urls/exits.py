"""Where the doors of exit cases are: the agency's own, and everybody's."""

from django.urls import URLPattern, path

from core.exports import paths
from ratings.exports import EXITS
from ratings.views import exits, papers

urlpatterns: list[URLPattern] = [
    path("desk/cases/", exits.desk_cases, name="desk_cases"),
    path("desk/cases/withdraw/", exits.desk_withdraw, name="desk_withdraw"),
    path("desk/cases/<str:number>/", exits.desk_case, name="desk_case"),
    path("desk/cases/<str:number>/evidence/<int:pk>/", exits.desk_evidence, name="desk_evidence"),
    path("desk/cases/<str:number>/documents/<int:pk>.pdf", papers.desk_document_pdf, name="desk_document_pdf"),
    path("desk/cases/<str:number>/<str:verb>/", exits.desk_case_act, name="desk_case_act"),
    path("desk/repairs/<int:pk>/", papers.desk_repair, name="desk_repair"),
    path("desk/repairs/<int:pk>.pdf", papers.desk_repair_pdf, name="desk_repair_pdf"),
    path("exits/", exits.exit_list, name="exit_list"),
    *paths(EXITS),
    path("exits/<str:number>/", exits.exit_page, name="exit_page"),
    path("exits/<str:number>/documents/<int:pk>.pdf", papers.exit_document_pdf, name="exit_document_pdf"),
    path("exits/<str:number>/record.json", exits.exit_record, name="exit_record"),
]
