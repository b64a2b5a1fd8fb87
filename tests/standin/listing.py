"""Lists, newest first, in pages; and fields that hold an id, expanded into the object itself."""

import json
from typing import Any

from tests.standin.state import State, public
from tests.standin.wire import Obj, Refusal, only, whole

_EXPANDABLE = {"payment_intent": "intents", "latest_charge": "charges", "charge": "charges"}
_DEPTH = 4


def listed(state: State, table: str, params: Obj, filters: tuple[str, ...], url: str) -> Obj:
    only(params, *filters, "limit", "starting_after", "expand")
    limit = whole(params, "limit")
    limit = 10 if limit is None else limit
    if not 1 <= limit <= 100:
        raise Refusal("This value must be between 1 and 100.", code="parameter_invalid_integer", param="limit")
    rows = state.newest_first(table)
    if after := params.get("starting_after"):
        rows = rows[rows.index(state.find(table, after)) + 1 :]
    rows = [row for row in rows if all(_fits(row, name, params.get(name)) for name in filters)]
    return {"object": "list", "data": rows[:limit], "has_more": len(rows) > limit, "url": url}


def lines(session: Obj) -> Obj:
    url = f"/v1/checkout/sessions/{session['id']}/line_items"
    return {"object": "list", "data": session["_lines"], "has_more": False, "url": url}


def expanded(state: State, answer: Obj, paths: list[str]) -> Obj:
    """A copy for the caller, with what it asked to see in full."""
    copy: Obj = _public(answer)
    for path in paths:
        steps = path.split(".")
        if len(steps) > _DEPTH:
            raise Refusal(f"You cannot expand more than {_DEPTH} levels of a property.", param="expand")
        _expand(state, copy, steps, path)
    return copy


def _expand(state: State, here: Obj, steps: list[str], path: str) -> None:
    step, *further = steps
    if step == "data" and here.get("object") == "list":
        for row in here["data"]:
            _expand(state, row, further, path)
        return
    if step == "line_items" and here.get("object") == "checkout.session":
        here[step] = _public(lines(state.find("sessions", here["id"])))
        return
    if step not in _EXPANDABLE or step not in here:
        raise Refusal(f"This property cannot be expanded ({path}).", param="expand")
    if isinstance(here[step], str):
        here[step] = _public(state.find(_EXPANDABLE[step], here[step]))
    if further and here[step] is not None:
        _expand(state, here[step], further, path)


def _public(answer: Obj) -> Any:
    shown = public(answer)
    if shown.get("object") == "list":
        shown["data"] = [public(row) for row in shown["data"]]
    return json.loads(json.dumps(shown))


def _fits(row: Obj, name: str, wanted: Any) -> bool:
    if wanted is None:
        return True
    if name == "created":
        return _is_within(row["created"], wanted)
    if name == "types":
        return row["type"] in wanted
    return bool(row[name] == wanted)


def _is_within(created: int, wanted: Any) -> bool:
    bounds = wanted if isinstance(wanted, dict) else {"gte": wanted, "lte": wanted}
    only(bounds, "gt", "gte", "lt", "lte")
    gt, gte, lt, lte = (whole(bounds, name, at=f"created[{name}]") for name in ("gt", "gte", "lt", "lte"))
    return (
        (gt is None or created > gt)
        and (gte is None or created >= gte)
        and (lt is None or created < lt)
        and (lte is None or created <= lte)
    )
