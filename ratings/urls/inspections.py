"""Where the doors of inspections are."""

from django.urls import URLPattern, path

from core.exports import paths
from ratings.exports import INSPECTIONS
from ratings.views import inspections
from ratings.views.officers import inspections as officers

urlpatterns: list[URLPattern] = [
    path("inspections/", inspections.inspection_list, name="inspection_list"),
    *paths(INSPECTIONS),
    path("inspections/<str:number>/", inspections.inspection_plan, name="inspection_plan"),
    path("inspections/<str:number>/record.json", inspections.inspection_record, name="inspection_record"),
    path("regulator/inspections/", officers.officer_inspections, name="officer_inspections"),
    path("regulator/inspections/new/", officers.officer_plan, name="officer_plan"),
    path("regulator/inspections/files/<int:pk>/", officers.inspection_file, name="inspection_file"),
    path("regulator/inspections/<str:number>/<str:uscc>/", officers.inspection_sheet, name="inspection_sheet"),
    path(
        "regulator/inspections/<str:number>/<str:uscc>/confirm/", officers.confirm_inspection, name="inspection_confirm"
    ),
    path("regulator/inspectors/", officers.inspectors, name="inspectors"),
    path("regulator/inspectors/enter/", officers.enter_inspector, name="enter_inspector"),
    path("regulator/inspectors/interest/", officers.declare_interest, name="declare_interest"),
    path("regulator/inspectors/<int:pk>/retire/", officers.retire_inspector, name="retire_inspector"),
]
