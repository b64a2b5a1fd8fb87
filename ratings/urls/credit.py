"""Where the doors of credit are."""

from django.urls import URLPattern, path

from ratings.views import credit, credit_json, openings

urlpatterns: list[URLPattern] = [
    path("a/<str:uscc>/credit/", credit.credit_page, name="credit_page"),
    path("acts/<int:pk>/<str:verb>/", credit.credit_act, name="credit_act"),
    path("a/<str:uscc>/credit.json", credit_json.credit_json, name="credit_json"),
    path("a/<str:uscc>/openings.json", openings.openings_json, name="openings_json"),
]
