"""Where the officers' doors are, and the regulators' punctuality in public."""

from django.urls import path

from ratings.views import papers
from ratings.views.officers import cases, checks, console

urlpatterns = [
    path("regulator/", console.console, name="console"),
    path("regulator/cases/", cases.officer_cases, name="officer_cases"),
    path("regulator/cases/<str:number>/", cases.officer_case, name="officer_case"),
    path("regulator/cases/<str:number>/documents/<int:pk>/", cases.officer_document, name="officer_document"),
    path(
        "regulator/cases/<str:number>/documents/<int:pk>.pdf", papers.officer_document_pdf, name="officer_document_pdf"
    ),
    path("regulator/cases/<str:number>/evidence/<int:pk>/", cases.officer_evidence, name="officer_evidence"),
    path("regulator/cases/<str:number>/<str:verb>/", cases.officer_act, name="officer_act"),
    path("regulator/open/<str:uscc>/", cases.officer_open, name="officer_open"),
    path("regulator/repairs/<int:pk>/", console.officer_repair, name="officer_repair"),
    path("regulator/repairs/<int:pk>.pdf", papers.officer_repair_pdf, name="officer_repair_pdf"),
    path("regulator/checks/<int:pk>/", checks.officer_check, name="officer_check"),
    path("exits/punctuality/", console.punctuality, name="punctuality"),
]
