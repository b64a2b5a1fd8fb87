"""Where agencies are compared."""

from django.urls import path

from ratings.views import comparing

urlpatterns = [
    path("compare/", comparing.compare, name="compare"),
    path("compare.csv", comparing.compare_export, {"kind": "csv"}, name="compare_csv"),
    path("compare.xlsx", comparing.compare_export, {"kind": "xlsx"}, name="compare_xlsx"),
    path("r/<str:number>/choice/", comparing.choice_page, name="choice_page"),
    path("r/<str:number>/choice.json", comparing.choice_json, name="choice_json"),
    path("r/<str:number>/choice/record/", comparing.choice_record, name="choice_record"),
]
