from django.urls import path

from journal import views

urlpatterns = [
    path("log/checkpoint", views.checkpoint, name="log_checkpoint"),
    path("log/keys", views.keys, name="log_keys"),
    path("log/inclusion", views.inclusion, name="log_inclusion"),
    path("log/consistency", views.consistency, name="log_consistency"),
]
