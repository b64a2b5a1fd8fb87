"""Doors of the marketplace."""

from marketplace.views.items import cancelled_item_list, item_list, item_page, operate_item, operate_items
from marketplace.views.policy import policy_page
from marketplace.views.requests import request_list, request_page, request_record
from marketplace.views.saved import search_act, search_save, searches
from marketplace.views.services import desk_services
from marketplace.views.synonyms import operate_synonyms, synonym_drop
from marketplace.views.writing import (
    request_agencies,
    request_attach,
    request_check,
    request_detach,
    request_discard,
    request_edit,
    request_new,
    request_preview,
    request_publish,
    request_reoffer,
)

__all__ = [
    "cancelled_item_list",
    "desk_services",
    "item_list",
    "item_page",
    "operate_item",
    "operate_items",
    "operate_synonyms",
    "policy_page",
    "request_agencies",
    "request_attach",
    "request_check",
    "request_detach",
    "request_discard",
    "request_edit",
    "request_list",
    "request_new",
    "request_page",
    "request_preview",
    "request_publish",
    "request_record",
    "request_reoffer",
    "search_act",
    "search_save",
    "searches",
    "synonym_drop",
]
