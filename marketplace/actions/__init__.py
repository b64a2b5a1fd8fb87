"""What buyers, agencies and operators do in the marketplace. One verb, one function, one transaction."""

from marketplace.actions.attachments import attach, detach
from marketplace.actions.catalogue import load_catalogue, publish_item, report_demand, revise_item
from marketplace.actions.requests import copy_last, discard_draft, publish, reoffer, save_draft
from marketplace.actions.services import offer

__all__ = [
    "attach",
    "copy_last",
    "detach",
    "discard_draft",
    "load_catalogue",
    "offer",
    "publish",
    "publish_item",
    "reoffer",
    "report_demand",
    "revise_item",
    "save_draft",
]
