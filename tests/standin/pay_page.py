"""The page on which the payer pays: plain, of another origin, and plainly not Stripe's."""

from html import escape

from tests.standin.payments import Conflict, act
from tests.standin.state import State, now
from tests.standin.wire import Obj, parsed

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 32rem; padding: 1rem; }
.banner { background: #ffdf5d; border: 2px dashed #8a5a00; padding: .5rem 1rem; }
.sum { font-size: 2rem; margin: 1rem 0; }
.notice { border-left: 4px solid #b00020; padding-left: .75rem; }
label { display: block; padding: .25rem 0; }
button, .back { display: inline-block; font: inherit; margin: .25rem .5rem .25rem 0; padding: .5rem 1rem; }
"""
_METHODS = {"card": "Card", "alipay": "Alipay 支付宝", "wechat_pay": "WeChat Pay 微信支付"}
_BUTTONS = {
    "approve": "Approve",
    "decline": "Decline",
    "challenge": "3-D Secure",
    "later-succeed": "Accept, succeed later",
    "later-fail": "Accept, fail later",
    "expire": "Let the session expire",
}
_CHALLENGE = {"complete": "Complete", "fail": "Fail"}
_VERBS = {
    "approve": "pay",
    "decline": "decline",
    "challenge": "challenge",
    "later-succeed": "promise",
    "later-fail": "promise",
    "expire": "expire",
    "complete": "pay",
    "fail": "fail_challenge",
}
_LATER = {"later-succeed": "async_succeed", "later-fail": "async_fail"}


def page(session: Obj, notice: str = "") -> str:
    """The pay page, or what became of a session that is no longer open."""
    if session["status"] != "open":
        return _closed(session, notice)
    methods = "".join(
        f'<label><input type="radio" name="method" value="{method}" data-testid="method-{method}"'
        f"{' checked' if index == 0 else ''}> {_METHODS[method]}</label>"
        for index, method in enumerate(session["payment_method_types"])
    )
    fields = f"<fieldset><legend>Pay with</legend>{methods}</fieldset>"
    return _frame(_head(session, notice) + _form(session, fields, _BUTTONS) + _back(session))


def challenge_page(session: Obj) -> str:
    """Where the bank would ask the payer who they are."""
    if session["status"] != "open":
        return _closed(session, "")
    fields = '<p>3-D Secure: is it you?</p><input type="hidden" name="method" value="card">'
    return _frame(_head(session, "") + _form(session, fields, _CHALLENGE))


def press(state: State, session: Obj, form: str) -> tuple[str, str]:
    """A button was pressed: where to go next, or else a notice for the page."""
    given = parsed(form)
    button, method = str(given.get("button", "")), given.get("method")
    try:
        act(state, session, _VERBS.get(button, button), method)
    except Conflict as refused:
        return "", str(refused)
    wait = state["settings"]["async_after"]
    if button in _LATER and wait is not None:
        state["later"][session["id"]] = {"verb": _LATER[button], "at": now() + wait}
    if session["status"] == "complete":
        return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"]), ""
    if button == "challenge":
        return f"/pay/{session['id']}/3ds", ""
    return "", "The payment was declined." if session["status"] == "open" else ""


def _closed(session: Obj, notice: str) -> str:
    word = "has been paid" if session["status"] == "complete" else "has expired"
    return _frame(_head(session, notice) + f'<p data-testid="closed">This session {word}.</p>' + _back(session))


def _head(session: Obj, notice: str) -> str:
    fen = session["amount_total"]
    names = ", ".join(escape(line["description"]) for line in session["_lines"])
    said = f'<p class="notice" role="alert" data-testid="notice">{escape(notice)}</p>' if notice else ""
    amount = f"{session['currency'].upper()} {fen // 100:,}.{fen % 100:02}"
    return f'<h1>{names}</h1><p class="sum" data-testid="amount">{amount}</p>{said}'


def _form(session: Obj, fields: str, buttons: dict[str, str]) -> str:
    pressed = "".join(
        f'<button name="button" value="{name}" data-testid="{name}">{label}</button>' for name, label in buttons.items()
    )
    return f'<form method="post" action="/pay/{session["id"]}">{fields}<p>{pressed}</p></form>'


def _back(session: Obj) -> str:
    url = session["cancel_url"]
    return f'<a class="back" data-testid="back" href="{escape(url)}">Back to the shop</a>' if url else ""


def _frame(body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Stand-in for Stripe</title>'
        '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
        f'<style>{_STYLE}</style></head><body><p class="banner" data-testid="stand-in">'
        f"<strong>A stand-in for Stripe.</strong> No money moves here.</p><main>{body}</main></body></html>"
    )
