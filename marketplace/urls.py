"""Where the doors of the marketplace are."""

from django.urls import path

from core.exports import paths
from marketplace import views
from marketplace.exports import CANCELLED_ITEMS, ITEMS, REQUESTS

urlpatterns = [
    path("requests/", views.request_list, name="request_list"),
    *paths(REQUESTS),
    path("r/<str:number>/", views.request_page, name="request_page"),
    path("r/<str:number>/record.json", views.request_record, name="request_record"),
    path("items/", views.item_list, name="item_list"),
    *paths(ITEMS),
    path("items/<str:code>/", views.item_page, name="item_page"),
    path("cancelled-items/", views.cancelled_item_list, name="cancelled_items"),
    *paths(CANCELLED_ITEMS),
    path("policy/", views.policy_page, name="policy_page"),
    path("desk/services/", views.desk_services, name="desk_services"),
    path("desk/requests/new/", views.request_new, name="request_new"),
    path("desk/requests/agencies/", views.request_agencies, name="request_agencies"),
    path("desk/requests/check/", views.request_check, name="request_check"),
    path("desk/requests/<int:pk>/", views.request_edit, name="request_edit"),
    path("desk/requests/<int:pk>/preview/", views.request_preview, name="request_preview"),
    path("desk/requests/<int:pk>/publish/", views.request_publish, name="request_publish"),
    path("desk/requests/<int:pk>/discard/", views.request_discard, name="request_discard"),
    path("desk/requests/<int:pk>/files/", views.request_attach, name="request_attach"),
    path("desk/requests/<int:pk>/files/<int:attachment>/remove/", views.request_detach, name="request_detach"),
    path("desk/requests/<str:number>/reoffer/", views.request_reoffer, name="request_reoffer"),
    path("desk/searches/", views.searches, name="searches"),
    path("desk/searches/save/", views.search_save, name="search_save"),
    path("desk/searches/<int:pk>/", views.search_act, name="search_act"),
    path("operate/synonyms/", views.operate_synonyms, name="operate_synonyms"),
    path("operate/synonyms/<int:pk>/drop/", views.synonym_drop, name="synonym_drop"),
    path("operate/items/", views.operate_items, name="operate_items"),
    path("operate/items/<str:code>/", views.operate_item, name="operate_item"),
]
