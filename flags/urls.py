"""Doors of this package: officers', and everybody's."""

from django.urls import URLPattern, path

from flags.views import officers, public

urlpatterns: list[URLPattern] = [
    path("regulator/flags/", officers.officer_flags, name="officer_flags"),
    path("regulator/flags/<str:number>/", officers.officer_flag, name="officer_flag"),
    path("regulator/flags/<str:number>/<str:verb>/", officers.officer_flag_act, name="officer_flag_act"),
    path("regulator/network/", officers.officer_network, name="officer_network"),
    path("regulator/radar/", officers.policy_radar, name="policy_radar"),
    path("flags/", public.flag_list, name="flag_list"),
    path("flags/network/", public.public_network, name="public_network"),
    path("flags/<str:number>/", public.flag_page, name="flag_page"),
]
