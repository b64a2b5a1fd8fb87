"""Doors of the demo, under `/demo/`; config includes them in demo mode only."""

from django.urls import path

from demo import views

urlpatterns = [
    path("as/<slug:role>/", views.take_role, name="demo_role"),
    path("pay/<str:reference>/", views.pay, name="demo_pay"),
    path("outbox/", views.outbox, name="demo_outbox"),
    path("hooks/", views.hooks, name="demo_hooks"),
    path("hooks/<slug:kind>/", views.take_hook, name="demo_take_hook"),
]
