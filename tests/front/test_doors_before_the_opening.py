"""I5: before the opening no door of the platform tells anybody who bids or at what price. Every URL pattern, every reader.

What is asked is not whether an agency's name appears (the directory is full of them), but whether its entering a
selection makes it appear anywhere more often than before it entered, or changes a page on which it stands.
"""

import html
import logging
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import unified_diff
from http.cookies import SimpleCookie

from django.db import transaction
from django.test import Client

import pytest
from pytest_django.fixtures import Settings

from accounts.channels.unsubscribing import token_of
from accounts.tasks import calendar_token
from bidding.models import Expert, Plan
from draws.models import Draw, Trustee
from journal.clockwork import seal_due
from marketplace.models import Request
from ratings.actions import complaints, exits, inspections
from ratings.actions.complaints import Target
from ratings.models import Complaint, ComplaintKind, ExitCase, Inspection, Inspector, Measure, Trigger
from tests import cast
from tests.marketplace.drafts import draft
from tests.plumbing.doors import Door, all_doors
from tests.plumbing.hidden import BIDDERS, Market, prices_in
from tests.ratings.inspecting import Inspectorate

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.clause("I5")]

_LATER = "there is none before the award, whose closing entry opens names and prices"
_OWN = "a row of an agency's own, for it alone; none says what it takes part in"
_DUE = "the step comes later in a case about an agency's conduct, which is no selection"
_SIGNING = "about the reader's own sign-in, and this reader has no such thing set up"
# Doors that no reader of this world gets through, and why nothing of a selection lies behind them.
SHUT = {
    _LATER: "embed_award award_page award_pdf award_replay award_replay_embed award_refused objection_step contract_page contract_propose"
    " contract_confirm contract_pass_over contract_change contract_change_answer delivery_make delivery_decide"
    " extension_ask extension_answer suspense_return contract_pdf contract_deadlines contract_file payable_invoice"
    " contract_invoice_file payment_transfer payment_online suspense_allocate payment_back payment_cancel"
    " payment_confirm payment_deny payment_refund contract_receipt bank_line evaluation_page evaluation_rate"
    " evaluation_decide evaluation_act",
    "the same through the API, where a form that is not filled in is told before": "api_award api_award_refused"
    " api_award_replay api_contract api_contract_propose api_contract_change api_contract_withdraw_change"
    " api_contract_pass_over api_deliver api_payment_cancel api_evaluation api_rate_agency api_rate_buyer"
    " api_objection_answer api_objection_complain api_objection_withdraw api_objection_extend api_objection_decide"
    " api_case_receive api_case_time api_case_hearing api_exit api_exit_record"
    " api_tie_end api_insider_end api_payment api_payment_check api_qualification_look_up",
    "asks for PUT or DELETE, which nobody here presses": "api_follow api_draft_detach api_account_set api_budget_set"
    " api_profile_change api_services_set api_qualification_change api_work_take_down api_inspector_retire"
    " api_bot_quiet api_search_rename api_item_revise api_synonym_drop api_expert_retire api_trustee_retire",
    "a person's own token or an organisation's own address, and nobody here has one": "desk_api_revoke desk_webhook"
    " desk_webhook_step desk_webhook_resend api_webhook_rotate api_webhook_ping api_webhook_on api_webhook_off"
    " api_webhook_resend api_search_stop api_search_resume",
    "says in JSON that there is nothing": "api_nowhere",
    _OWN: "desk_qualification desk_qualification_remove desk_qualification_look_up desk_tie_end desk_insider_end desk_work_remove desk_case"
    " desk_evidence desk_document_pdf desk_case_act desk_repair desk_repair_pdf"
    " complaint_about_us search_act",
    _DUE: "officer_document officer_document_pdf officer_evidence officer_repair officer_repair_pdf officer_check"
    " exit_page exit_document_pdf exit_record credit_act inspection_file officer_complaint_evidence"
    " my_complaint_evidence",
    "a flag looks at procurements whose award is published, and there is none here": "officer_flag officer_flag_act flag_page"
    " api_flag api_flag_dismiss api_flag_watch api_flag_case api_flag_refer api_flag_conclude",
    _SIGNING: "mfa_deactivate_totp mfa_view_recovery_codes mfa_download_recovery_codes",
    "made at night, from what the requests' own packages say": "data_file",
    "there is no identity service": "identity identity_signed_out openid_connect_login openid_connect_callback",
    "nobody said where to report a weakness": "security_txt",
    "plans are no public files: the address of a plan's content opens nothing": "file_download",
    "lets the bot of a chat group speak, and no reader here has one": "bot_try api_bot_try",
    "sends an office its invitation anew, and every office here has taken its place": "invite_again api_organisation_invite_again",
    "takes a trustee's shares, says how many it took, and takes none that is not well formed": "trustee_open",
    "a practice room of invented bidders, whose name its own page alone knows": "practice_state practice_feedback",
    "answers only a provider's signature, and there is none without a key": "stripe_webhook",
    "the record of a free choice, which a buyer makes only where nothing is hidden; here none has": "choice_page choice_json",
    "signs in as a person whom only the demo's year has": "demo_role demo_pay",
}
# The officer's next piece of work, offered under many pages: it names whoever that is about, and comes from the inbox.
_NEXT = re.compile(r'<a [^>]*data-testid="(?:following|next)">.*?</p>', re.DOTALL)
# How many notices of one's own are new, on every page.
_BELL = re.compile(r'data-testid="bell">.*?</a>', re.DOTALL)
# What differs between two looks at the same page.
_FRESH = re.compile(
    r'csrfmiddlewaretoken" value="\w+"|"csrf-token" content="\w+"|\d{4}-\d\d-\d\d[T ].{0,4}\d\d:\d\d(?::\d\d)?(?:\.\d+)?'
)
# What there is only after an award.
_AFTER = re.compile(r"/contract/|/evaluation/|/contracts/")
_PASSING = ("Expires", "ETag", "X-Request-Id", "Content-Length")
# The walk is long: whoever has hands free takes a part of it.
PARTS = 4
# A reader, a verb and a path.
Look = tuple[str, str, str]
# A press without a form is refused alike whatever the request: whom none of its forms is for sends it to two of them.
_FORMS_ARE_FOR = ("buyer", "rival")
_TWO = ("sealed", "live")
_OF_REQUESTS = re.compile(r"(r|awards|expert|desk/requests|api/v1/(requests|awards|contracts))/<str:number>/")


@dataclass
class Walk:
    """What every door said to every reader, by reader, verb and path; whom somebody got through; what was logged."""

    said: dict[Look, str] = field(default_factory=dict)
    through: set[str] = field(default_factory=set)
    logged: list[str] = field(default_factory=list)


class Lines(logging.Handler):
    """Keeps what is logged, traces too, without the path that was asked for: it may name an agency, whose page it is."""

    def __init__(self, kept: list[str]) -> None:
        super().__init__()
        self.kept, self.path = kept, ""

    def emit(self, record: logging.LogRecord) -> None:
        self.kept.append(self.format(record).replace(self.path, ""))


def beside(world: Market) -> None:
    """What else is going on: a case, a complaint, an inspection, a draft, a sealed log."""
    regulator, officer = world.regulator, world.people["regulator"]
    exits.open_by_officer(officer, regulator, world.bidders[0], Trigger.SERIOUS, "举报线索待核", Measure.WARN)
    target = Target(ComplaintKind.AGENCY, agency=world.bidders[1])
    filed = complaints.file_complaint(world.people["buyer"], target, "报告由别的公司代做。")
    complaints.accept(officer, regulator, filed.number)
    office = Inspectorate(regulator, officer, world.team)
    for n in range(2):
        user = cast.person(f"inspector{n}@regulator.example", regulator, name=f"检查员{n}")
        office.inspectors.append(inspections.enter_inspector(regulator, user, f"甘A-{n:04d}"))
    office.drawn(1)
    draft(world.people["buyer"], world.buyer, world.item, title="尚未发布的需求")
    seal_due()


def fillings(door: Door, world: Market) -> Iterator[dict[str, object]]:
    """What its places may hold in this world; each request in turn where a request is named."""
    rest = {name: value for name, value in _anything(door, world).items() if name in door.places}
    if door.name in ("draw_json", "api_draw"):
        yield from ({"name": name} for name in Draw.objects.values_list("name", flat=True))
    elif door.name == "plan_download":
        for name in ("merit", "marking"):
            label = world.requests[name].enrolments.values_list("label", flat=True).first() or "无"
            yield {"number": world.number(name), "label": label}
    elif door.name == "file_download":
        shas = list(Plan.objects.values_list("file__sha256", flat=True)) or ["0" * 64]
        yield from ({"sha256": sha, "name": "x.docx"} for sha in shas[:2])
    elif door.name == "question_answer":
        yield {"number": world.number("sealed"), "n": 1}
    elif _OF_REQUESTS.match(door.route):
        named = ("live",) if _AFTER.search(door.route) else world.requests
        yield from ({**rest, "number": world.number(name)} for name in named)
    else:
        yield rest


def _anything(door: Door, world: Market) -> dict[str, object]:
    """One value for each place a route may have; those of the noun that the route begins with."""
    inspection = Inspection.objects.select_related("plan", "agency").get()
    cases = ExitCase.objects.values_list("number", flat=True).get()
    numbers = {
        "complaints": Complaint.objects.values_list("number", flat=True).get(),
        "inspections": inspection.plan.number,
        "cases": cases,
        "exits": cases,
        "sitemap": "0",
    }
    uscc = {
        "b/": world.buyer.uscc,
        "buyers/": world.buyer.uscc,
        "regulator/inspections": inspection.agency.uscc,
        "operate": world.regulator.uscc,
    }
    pks = {
        "me/drafts": Request.objects.filter(number=None).values_list("pk", flat=True).get(),
        "desk/requests": Request.objects.filter(number=None).values_list("pk", flat=True).get(),
        "operate/trustees": Trustee.objects.values_list("pk", flat=True)[0],
        "regulator/inspectors": Inspector.objects.values_list("pk", flat=True)[0],
        "operate/experts": Expert.objects.values_list("pk", flat=True)[0],
    }
    steps = {"pause": "propose", "low": "justify", "objections": "answer"}
    verbs = {"complaints": "take", "cases": "notice", "acts": "object", "evaluation": "respond"}

    member = world.buyer.memberships.get()
    stop = token_of(member.user_id, world.buyer.pk, ["award.published"])

    def of(found: dict[str, str] | dict[str, int], otherwise: object) -> object:
        return next((value for name, value in found.items() if name in door.route), otherwise)

    return {
        "number": of(numbers, "X-0"),
        "uscc": of(uscc, world.bidders[0].uscc),
        "pk": of(pks, 1),
        "step": of(steps, "x"),
        "verb": of(verbs, "x"),
        "code": world.item.code,
        "token": of({"deadlines": calendar_token(world.buyer), "unsubscribe": stop}, "x"),
        "name": of({"samples": "sound", "follow": world.number("sealed")}, "x"),
        "label": "无",
        "side": "buyer",
        "role": "nobody",
        "reference": "x",
        "attachment": 1,
        "n": 1,
        "uidb36": "1",
        "key": of({"concentration/": "both", "stats/": "wait"}, "x"),
        "kind": of({"desk/notifications": "wecom", "me/bots": "wecom"}, "requests"),
        "provider_id": "province",
    }


def walk(
    world: Market, doors: list[Door], verbs: tuple[str, ...] = ("GET", "POST"), only: set[Look] | None = None
) -> Walk:
    """Go through these doors as every reader, or with `only` look where that says; whatever is done there is undone."""
    done = Walk()
    lines = Lines(done.logged)
    query = {
        "log_inclusion": f"?case={world.number('sealed')}&seq=1",
        "log_consistency": "?from=1&to=2",
        "request_list": "?q=第",
        "agency_list": f"?item={world.item.code}",
    }
    paths = [
        (door, door.address(values) + query.get(door.name, "")) for door in doors for values in fillings(door, world)
    ]
    others = [world.number(name) for name in world.requests if name not in _TWO]
    elsewhere = tuple(f"{noun}/{number}/" for noun in ("/r", "/api/v1/requests") for number in others)
    with logged_by(lines):
        for reader in ("public", *world.people):
            client = Client()
            if reader != "public":
                client.force_login(world.people[reader])
            jar = {name: morsel.value for name, morsel in client.cookies.items()}
            # Whoever has not signed in is led to the sign-in by whatever takes a form.
            for verb in verbs[:1] if reader == "public" else verbs:
                passed_by = elsewhere if verb == "POST" and reader not in _FORMS_ARE_FOR else ()
                for door, path in paths:
                    if (only is not None and (reader, verb, path) not in only) or path.startswith(passed_by):
                        continue
                    client.cookies, lines.path = SimpleCookie(jar), path
                    status, said = ask(client, verb, path)
                    assert status < 500, (reader, verb, path)
                    done.said[reader, verb, path] = said
                    if status not in (404, 405) and (reader != "public" or status != 302):
                        done.through.add(door.name)
    return done


@contextmanager
def logged_by(lines: Lines) -> Iterator[None]:
    root = logging.getLogger()
    level = root.level
    root.addHandler(lines)
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(lines)
        root.setLevel(level)


def ask(client: Client, verb: str, path: str) -> tuple[int, str]:
    """Status, and headers and body in one text; nothing that was done stays."""
    mark = transaction.savepoint()
    answer = client.generic(verb, path, content_type="application/x-www-form-urlencoded")
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    transaction.savepoint_rollback(mark)
    head = "".join(f"{name}: {value}\n" for name, value in answer.headers.items() if name not in _PASSING)
    return answer.status_code, head + html.unescape(body.decode(errors="replace"))


def identities_in(text: str, world: Market) -> Counter[str]:
    told = _NEXT.sub("", text)
    return Counter({one: n for one in world.identities() if (n := told.count(one))})


def _lasting(text: str) -> list[str]:
    """The lines of a page without what differs between any two looks at it."""
    return _FRESH.sub("", _BELL.sub("", _NEXT.sub("", text))).splitlines()


def suspects(after: Walk, world: Market) -> set[Look]:
    """Where a bidder is named or has a page of its own: only there something could be told that was not before."""
    return {look for look, text in after.said.items() if look[2].startswith("/a/") or identities_in(text, world)}


def tales(before: Walk, after: Walk, world: Market) -> list[str]:
    """What a door tells now that it did not before anybody entered."""
    found = []
    for (reader, verb, path), text in after.said.items():
        was = before.said.get((reader, verb, path), "")
        if more := identities_in(text, world) - identities_in(was, world):
            found.append(f"{reader} {verb} {path}: {dict(more)}")
        if verb == "GET" and path.startswith("/a/"):
            changed = unified_diff(_lasting(was), _lasting(text), lineterm="", n=0)
            found += [f"{reader} {path} has changed: {line}" for line in changed]
    return found


def priced(after: Walk, prices: list[str]) -> list[str]:
    """Where a sealed price is told."""
    return [f"{' '.join(look)}: {seen}" for look, text in after.said.items() if (seen := prices_in(text, prices))]


def doors_of(part: int) -> list[Door]:
    """Every so many names, with all of their doors."""
    names = sorted({door.name for door in all_doors()})[part::PARTS]
    return [door for door in all_doors() if door.name in names]


@pytest.mark.parametrize("part", range(PARTS))
def test_no_door_tells_who_bids_or_at_what_price_before_the_opening(settings: Settings, part: int) -> None:
    settings.RATELIMIT_ENABLE = False
    world = Market.staged()
    world.people["expert"] = world.experts[0]
    beside(world)
    doors = doors_of(part)
    mark = transaction.savepoint()
    world.enter()
    after = walk(world, doors)
    assert priced(after, world.sealed_prices()) == []
    log = "\n".join(after.logged)
    assert prices_in(log, world.sealed_prices()) == []
    # The same doors as they were before anybody entered, wherever that could make a difference.
    transaction.savepoint_rollback(mark)
    before = walk(world, doors, only=suspects(after, world))
    found = tales(before, after, world)
    assert not found, "\n".join(found)
    shut = {door.name for door in doors} - after.through
    named = {name for names in SHUT.values() for name in names.split()} & {door.name for door in doors}
    assert sorted(shut - named) == [], "no reader gets through: say why, or let one"
    assert sorted(named - shut) == []
    assert len(after.logged) > len(after.said) / 2
    assert identities_in(log, world) == Counter()


def test_whoever_is_named_as_shut_is_a_door() -> None:
    assert {name for names in SHUT.values() for name in names.split()} <= {door.name for door in all_doors()}


def test_after_the_opening_the_same_doors_tell_both() -> None:
    world = Market.staged()
    world.people["expert"] = world.experts[0]
    beside(world)
    world.enter()
    world.open()
    number = world.number("opening")
    control = walk(
        world, [door for door in all_doors() if door.name in ("request_page", "request_record", "award_page")], ("GET",)
    )
    for path in (f"/r/{number}/", f"/r/{number}/record.json", f"/awards/{number}/"):
        text = control.said["public", "GET", path]
        assert set(world.prices["opening"]) <= {
            p.replace(",", "") for p in prices_in(text, world.sealed_prices("opening"))
        }, path
        assert set(BIDDERS) <= set(identities_in(text, world)), path
