"""Where the doors of open data are."""

from django.urls import path

from opendata import views

urlpatterns = [
    path("data/", views.data_page, name="data"),
    path("data/releases.atom", views.releases_feed, name="releases_feed"),
    path("data/files.json", views.data_index, name="data_index"),
    path("data/files/<str:name>", views.data_file, name="data_file"),
    path("data/credit/", views.credit_json, name="credit_changes"),
    path("data/credit.csv", views.credit_csv, name="credit_changes_csv"),
    path("desk/import/", views.import_page, name="import_tenders"),
    path("desk/import/confirm/", views.import_confirm, name="import_confirm"),
    path("r/<str:number>/ocds/releases.json", views.releases_json, name="ocds_releases"),
    path("r/<str:number>/ocds/record.json", views.record_json, name="ocds_record"),
]
