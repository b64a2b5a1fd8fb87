"""A draw in the database: contributions before the close, the seal, opening by their contributors or by trustees, once."""

import json
import secrets
from datetime import timedelta

from django.db import IntegrityError, connection, transaction

import pytest

from accounts.models import Organisation, User
from draws import actions, rules, trusteeship
from draws.clockwork import do_due_draws
from draws.models import Contribution, Draw, Share
from draws.queries import opened_of, sealed_of
from journal import stages
from journal.actions import lock_case
from journal.draw import Opened, published, verify_draw
from journal.envelopes import public_key
from journal.lots import DrawList, Entry
from journal.queries import entries_of
from tests import cast
from tests.draws.ceremony import Team, let_pass, offer
from tests.draws.conftest import CLOSES_IN

pytestmark = pytest.mark.django_db
NAMES = DrawList.of([Entry("甲"), Entry("乙"), Entry("丙", 3)], {"丁": "已接受抽查"}, "test/1")
R = secrets.token_bytes(32)


def contribute(draw: Draw, body: Organisation, by: User, r: bytes = R) -> None:
    read = rules.read_offers(json.dumps({draw.name: offer(draw, body.uscc, r)}))
    with transaction.atomic():
        actions.contribute(lock_case(draw.case.name), draw, body.uscc, body.name, by, *read[draw.name])


def seal(draw: Draw, drawn: DrawList = NAMES) -> None:
    with transaction.atomic():
        actions.seal(lock_case(draw.case.name), draw, drawn)


def reveal(draw: Draw, identity: str, r: bytes = R) -> None:
    with transaction.atomic():
        actions.reveal(lock_case(draw.case.name), draw, identity, r)


@pytest.fixture
def sealed(draw: Draw, waterworks: Organisation, waterworks_user: User) -> Draw:
    contribute(draw, waterworks, waterworks_user)
    let_pass(CLOSES_IN)
    draw.refresh_from_db()
    seal(draw)
    return draw


def test_with_everything_revealed_it_is_drawn_and_anybody_can_check_it(sealed: Draw, waterworks: Organisation) -> None:
    reveal(sealed, waterworks.uscc)
    assert do_due_draws() == 1
    sealed.refresh_from_db()
    report = verify_draw(sealed.result, seal=sealed.seal, compulsory=[actions.PLATFORM, waterworks.uscc])
    assert sorted(report.order) == sorted(["甲", "乙", "丙"])
    assert (report.contributors, report.forced, report.void) == (2, 0, 0)
    kinds = [one.kind for one in entries_of("I-TEST-1")]
    assert kinds == [
        "draw.opened",
        "draw.contributed",
        "draw.contributed",
        "draw.sealed",
        "draw.revealed",
        "draw.revealed",
        "draw.drawn",
    ]


def test_what_the_case_file_sealed_is_the_seal_of_the_published_draw(sealed: Draw, waterworks: Organisation) -> None:
    reveal(sealed, waterworks.uscc)
    do_due_draws()
    sealed.refresh_from_db()
    [entry] = [one for one in entries_of("I-TEST-1") if one.kind == "draw.sealed"]
    assert json.loads(bytes(entry.body))["data"]["seal"] == sealed.seal == sealed.result["seal"]


def test_after_ten_minutes_three_trustees_open_what_was_kept_back(
    sealed: Draw, team: Team, waterworks: Organisation
) -> None:
    with pytest.raises(stages.ForcedTooEarly):
        team.open(sealed, 0)
    let_pass(stages.REVEAL_FOR)
    team.open(sealed, 0, 3)
    assert do_due_draws() == 0
    team.open(sealed, 4)
    assert do_due_draws() == 1
    sealed.refresh_from_db()
    assert verify_draw(sealed.result).forced == 1
    assert bytes(sealed.contributions.get(identity=waterworks.uscc).r or b"") == R


def test_speaking_or_silence_give_the_same_result(sealed: Draw, team: Team, waterworks: Organisation) -> None:
    spoken = published(sealed_of(sealed), {**opened_of(sealed), waterworks.uscc: Opened(R)})
    let_pass(stages.REVEAL_FOR)
    team.open(sealed, 1, 2, 3)
    do_due_draws()
    sealed.refresh_from_db()
    assert sealed.result["order"] == spoken["order"]
    assert sealed.result["seed"] == spoken["seed"]


def test_an_envelope_that_nobody_can_open_stands_for_itself(
    draw: Draw, team: Team, waterworks: Organisation, waterworks_user: User
) -> None:
    made = offer(draw, waterworks.uscc, R)
    made["commitment"] = secrets.token_bytes(32).hex()
    read = rules.read_offers(json.dumps({draw.name: made}))
    with transaction.atomic():
        actions.contribute(lock_case("I-TEST-1"), draw, waterworks.uscc, "", waterworks_user, *read[draw.name])
    let_pass(CLOSES_IN)
    draw.refresh_from_db()
    seal(draw)
    let_pass(stages.REVEAL_FOR)
    team.open(draw, 0, 1, 2, 3)
    assert do_due_draws() == 0, "all trustees have to say that it cannot be opened"
    team.open(draw, 4)
    assert do_due_draws() == 1
    draw.refresh_from_db()
    assert verify_draw(draw.result).void == 1


def test_before_the_close_nothing_is_sealed_and_after_it_nothing_taken(
    draw: Draw, waterworks: Organisation, waterworks_user: User, swift_agency: object
) -> None:
    with pytest.raises(stages.NotYetClosed):
        seal(draw)
    contribute(draw, waterworks, waterworks_user)
    with pytest.raises(stages.ContributedBefore):
        contribute(draw, waterworks, waterworks_user, secrets.token_bytes(32))
    let_pass(CLOSES_IN)
    draw.refresh_from_db()
    with pytest.raises(stages.ContributionsClosed):
        contribute(draw, swift_agency.organisation, waterworks_user)  # type: ignore[attr-defined]


def test_without_a_compulsory_contribution_it_waits_longer_and_with_it_it_may_not(
    draw: Draw, waterworks: Organisation, waterworks_user: User
) -> None:
    let_pass(CLOSES_IN)
    draw.refresh_from_db()
    with pytest.raises(stages.CompulsoryContributionMissing, match=waterworks.uscc):
        seal(draw)
    later = draw.closes_at + timedelta(days=1)
    with transaction.atomic():
        actions.extend(lock_case("I-TEST-1"), draw, later)
    contribute(draw, waterworks, waterworks_user)
    with pytest.raises(stages.NothingToWaitFor), transaction.atomic():
        actions.extend(lock_case("I-TEST-1"), draw, later + timedelta(days=1))


def test_only_the_bytes_committed_to_are_taken_and_only_once(sealed: Draw, waterworks: Organisation) -> None:
    with pytest.raises(stages.NonceUnfit):
        reveal(sealed, waterworks.uscc, secrets.token_bytes(32))
    with pytest.raises(stages.NoContribution):
        reveal(sealed, "91620100MA00000000")
    reveal(sealed, waterworks.uscc)
    with pytest.raises(stages.OpenedBefore):
        reveal(sealed, waterworks.uscc)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE draws_contribution SET commitment = decode(repeat('00', 32), 'hex')", "contribution_stands"),
        ("DELETE FROM draws_contribution", "contribution_stands"),
        ("UPDATE draws_draw SET seal = repeat('0', 64)", "draw_is_never_run_again"),
        ("UPDATE draws_draw SET closes_at = closes_at + interval '1 day'", "draw_is_never_run_again"),
        ("UPDATE draws_draw SET drawn_at = now(), result = '{}'", "draw_leaves_nothing_out"),
        (
            "INSERT INTO draws_contribution (draw_id, identity, label, commitment, envelope, at, forced)"
            " SELECT id, 'late', '', '', '{}', now(), false FROM draws_draw",
            "contribution_before_the_close",
        ),
    ],
)
def test_the_database_itself_refuses_to_change_what_stands(sealed: Draw, statement: str, said: str) -> None:
    with pytest.raises(IntegrityError, match=said), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_shares_are_given_by_the_trustees_of_the_draw_once(sealed: Draw, team: Team, waterworks: Organisation) -> None:
    let_pass(stages.REVEAL_FOR)
    with pytest.raises(rules.NotATrustee):
        trusteeship.open_by_force(secrets.token_bytes(32), sealed.name, {waterworks.uscc: None})
    team.open(sealed, 2)
    team.open(sealed, 2)
    assert Share.objects.count() == 1
    assert Contribution.objects.filter(opened_at__isnull=True).count() == 1


@pytest.mark.parametrize(
    ("organisations", "expected"),
    [
        ([1, 2, 3, 4, 5], (5, 3)),
        ([1, 1, 2, 2, 3, 3], (5, 3)),
        ([1, 2, 3], (3, 2)),
    ],
)
def test_no_organisation_can_open_an_envelope_alone(organisations: list[int], expected: tuple[int, int]) -> None:
    found = [rules.Candidate(body, bytes([number])) for number, body in enumerate(organisations)]
    keys, threshold = rules.choose_trustees(found)
    assert (len(keys), threshold) == expected
    owners = [organisations[key[0]] for key in keys]
    assert max(owners.count(body) for body in owners) < threshold


@pytest.mark.parametrize("organisations", [[], [1, 2], [1, 1, 1, 2, 2]])
def test_without_three_trustees_of_different_organisations_there_is_no_draw(organisations: list[int]) -> None:
    with pytest.raises(rules.TrusteesMissing):
        rules.choose_trustees([rules.Candidate(body, bytes([n])) for n, body in enumerate(organisations)])


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"a": 1}', '{"a": {"commitment": "00", "envelope": {"ephemeral": "", "shares": []}}}']
)
def test_what_is_no_contribution_is_refused_with_words(text: str) -> None:
    with pytest.raises(rules.ContributionMalformed):
        rules.read_offers(text)


def test_a_trustee_registers_one_key_that_nobody_else_has(team: Team, waterworks: Organisation) -> None:
    with pytest.raises(rules.KeyedBefore):
        trusteeship.register_key(team.users[0], secrets.token_bytes(32))
    another = cast.person("another@waterworks.example", waterworks)
    trusteeship.nominate(None, another, waterworks)
    with pytest.raises(rules.KeyUnfit):
        trusteeship.register_key(another, public_key(team.keys[0]))
    with pytest.raises(rules.KeyUnfit):
        trusteeship.register_key(another, b"short")
