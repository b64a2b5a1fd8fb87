"""Where the doors of open data are."""

from django.urls import path

from opendata import views

urlpatterns = [
    path("r/<str:number>/ocds/releases.json", views.releases_json, name="ocds_releases"),
    path("r/<str:number>/ocds/record.json", views.record_json, name="ocds_record"),
]
