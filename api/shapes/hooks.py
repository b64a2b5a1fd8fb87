"""Outgoing webhooks and what became of each message."""

from api.shapes.base import count, maybe, moment, number, shape, text, texts

WEBHOOK = shape(
    "Webhook",
    id=number("pk"),
    url=text("url"),
    scope=text("scope"),
    kinds=texts("kinds"),
    failures=number("failures"),
    made_at=moment("made_at"),
    disabled_at=moment("disabled_at"),
    old_secret_until=moment("old_until"),
)
# The secret is on the first answer to the press and nowhere else.
WEBHOOK_MADE = shape("WebhookMade", id=number("webhook.pk"), url=text("webhook.url"), secret=maybe("secret"))
HOOK_DELIVERY = shape(
    "WebhookDelivery",
    id=number("pk"),
    uid=text("uid"),
    case=maybe("entry.case.name"),
    seq=count("entry.seq"),
    kind=maybe("entry.kind"),
    status=text("status"),
    attempts=number("attempts"),
    made_at=moment("made_at"),
    next_try_at=moment("next_try_at"),
    tried_at=moment("tried_at"),
    response_code=count("response_code"),
    trouble=maybe("trouble"),
)
