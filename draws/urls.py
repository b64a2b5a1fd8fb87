"""Where the doors of draws and trustees are."""

from django.urls import path

from draws import views

urlpatterns = [
    path("desk/draws/", views.waiting, name="draws_waiting"),
    path("desk/draws/contribute/", views.contribute, name="draw_contribute"),
    path("desk/draws/reveal/", views.reveal, name="draw_reveal"),
    path("draws/<str:name>/draw.json", views.draw_json, name="draw_json"),
    path("operate/trustees/", views.trustees, name="trustees"),
    path("operate/trustees/<int:pk>/retire/", views.retire_trustee, name="retire_trustee"),
    path("trustee/", views.trustee, name="trustee"),
    path("trustee/key/", views.register_key, name="trustee_key"),
    path("trustee/open/", views.open_shut, name="trustee_open"),
]
