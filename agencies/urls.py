"""Doors of agencies."""

from django.urls import path

from agencies import views
from agencies.exports import AGENCIES
from core.exports import paths

urlpatterns = [
    path("register/agency/", views.register_agency, name="register_agency"),
    path("agencies/", views.agency_list, name="agency_list"),
    *paths(AGENCIES),
    path("a/<str:uscc>/", views.agency_page, name="agency_page"),
    path("a/<str:uscc>/record.json", views.agency_record, name="agency_record"),
    path("desk/agency/", views.desk_agency, name="desk_agency"),
    path("desk/agency/profile/", views.desk_profile, name="desk_profile"),
    path("desk/agency/qualifications/", views.desk_qualification_new, name="desk_qualification_new"),
    path("desk/agency/qualifications/<int:pk>/", views.desk_qualification, name="desk_qualification"),
    path(
        "desk/agency/qualifications/<int:pk>/remove/",
        views.desk_qualification_remove,
        name="desk_qualification_remove",
    ),
    path(
        "desk/agency/qualifications/<int:pk>/look-up/",
        views.desk_qualification_look_up,
        name="desk_qualification_look_up",
    ),
    path("desk/agency/ties/", views.desk_tie_new, name="desk_tie_new"),
    path("desk/agency/ties/<int:pk>/end/", views.desk_tie_end, name="desk_tie_end"),
    path("desk/agency/insiders/", views.desk_insider_new, name="desk_insider_new"),
    path("desk/agency/insiders/<int:pk>/end/", views.desk_insider_end, name="desk_insider_end"),
    path("desk/agency/works/", views.desk_work_new, name="desk_work_new"),
    path("desk/agency/works/<int:pk>/remove/", views.desk_work_remove, name="desk_work_remove"),
]
