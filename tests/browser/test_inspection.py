"""A random inspection in a real browser: random bytes made there, a trustee who opens an envelope there, and the drawn."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Download, Page, expect

from draws.rules import as_contribution
from journal.contributions import Trustees
from journal.envelopes import open_share, public_key
from tests.plumbing.browser import NewContext, look_again
from tests.plumbing.cluster import Database
from tests.plumbing.live import LiveServer, StartProcess, StartServer

pytestmark = [pytest.mark.slow, pytest.mark.clause("P21.1")]

_TEN_MINUTES = timedelta(minutes=10, seconds=1)


def let_pass(database: Database, by: timedelta) -> None:
    """Draws that are running began so much earlier; the triggers that forbid that are off for a moment."""
    database.rows("ALTER TABLE draws_draw DISABLE TRIGGER draw_stands")
    database.rows(
        "UPDATE draws_draw SET opened_at = opened_at - %s, closes_at = closes_at - %s, sealed_at = sealed_at - %s"
        " WHERE drawn_at IS NULL",
        by,
        by,
        by,
    )
    database.rows("ALTER TABLE draws_draw ENABLE TRIGGER draw_stands")


def acting_as(role: str, server: LiveServer, new_context: NewContext) -> Page:
    page = new_context(accept_downloads=True).new_page()
    page.goto(server.url)
    page.locator(f"form[action$='/demo/as/{role}/'] button").first.click()
    expect(page.get_by_text("工作台").first).to_be_visible()
    return page


def saved(download: Download, folder: Path) -> str:
    path = folder / download.suggested_filename
    download.save_as(path)
    return path.read_text()


def with_a_trustee_of_the_enterprise(database: Database) -> None:
    """In the place of the demo's fifth trustee."""
    database.rows("UPDATE draws_trustee SET retired_at = now() WHERE id = (SELECT max(id) FROM draws_trustee)")
    database.rows(
        "INSERT INTO draws_trustee (user_id, organisation_id, nominated_at)"
        " SELECT m.user_id, m.organisation_id, now() FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id"
        " WHERE u.email = 'enterprise@demo.example'"
    )


def contributions(database: Database, identity: str) -> list[dict[str, Any]]:
    rows = database.rows(
        "SELECT d.name, encode(c.commitment, 'hex'), c.envelope, d.trustees FROM draws_contribution c"
        " JOIN draws_draw d ON d.id = c.draw_id WHERE d.drawn_at IS NULL AND c.identity = %s ORDER BY d.name",
        identity,
    )
    return [dict(zip(("name", "commitment", "envelope", "trustees"), row, strict=True)) for row in rows]


def with_a_key_of_its_own(trustee: Page, server: LiveServer, folder: Path) -> bytes:
    """Makes it in the browser; the private half, as it was downloaded."""
    trustee.goto(f"{server.url}/trustee/")
    with trustee.expect_download() as download:
        trustee.get_by_role("button", name="生成密钥并登记").click()
    private = bytes.fromhex(saved(download.value, folder))
    expect(trustee.get_by_text("公钥已登记").first).to_be_visible()
    key = server.database.value("SELECT public_key FROM draws_trustee WHERE id = (SELECT max(id) FROM draws_trustee)")
    assert bytes(key) == public_key(private)
    return private


def with_a_plan_and_its_bytes(officer: Page, server: LiveServer, folder: Path) -> dict[str, str]:
    """Plans an inspection and contributes to both of its draws; the random bytes by draw, as they were downloaded."""
    officer.goto(f"{server.url}/regulator/inspections/new/")
    officer.locator("[name=title]").fill("兰州市中介服务机构抽查")
    officer.locator("[name=agencies_wanted]").fill("2")
    officer.locator("[name=checks]").fill("资质\n收费")
    officer.locator("[name=closes][value='10m']").check()
    officer.locator("main form button[type=submit]").click()
    with officer.expect_download() as download:
        officer.get_by_role("button", name="生成并提交随机数").click()
    kept: dict[str, str] = json.loads(saved(download.value, folder))
    expect(officer.get_by_text("请保存下载的文件")).to_be_visible()
    return kept


def each_is_as_an_honest_sender_makes_it(rows: list[dict[str, Any]], identity: str, kept: dict[str, str]) -> None:
    for row in rows:
        terms = Trustees(tuple(bytes.fromhex(one) for one in row["trustees"]["keys"]), row["trustees"]["threshold"])
        made = as_contribution(identity, bytes.fromhex(row["commitment"]), row["envelope"])
        r = bytes.fromhex(kept[row["name"]])
        assert made.fits(r)
        assert made.counts(r, terms) == r, "the browser makes the envelope that an honest sender makes"


def refused_with_another_key_and_opened_with_its_own(trustee: Page, private: bytes) -> None:
    opening = trustee.locator("[data-open]")

    def with_key(name: str, key: str) -> None:
        file = {"name": name, "mimeType": "text/plain", "buffer": key.encode()}
        opening.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
        opening.get_by_role("button", name="开启").click()

    with_key("wrong.key", "00" * 32)
    expect(opening.get_by_role("alert")).to_be_visible()
    with_key("own.key", private.hex())
    expect(trustee.get_by_text("已提交您的 2 个份额。")).to_be_visible()


def both_shares_are_those_of_the_key(database: Database, identity: str, private: bytes) -> None:
    given = database.rows(
        "SELECT s.share, s.number, c.commitment, c.envelope, d.trustees FROM draws_share s"
        " JOIN draws_contribution c ON c.id = s.contribution_id JOIN draws_draw d ON d.id = c.draw_id"
    )
    assert len(given) == 2, "one click opens what both draws wait for"
    for share, number, commitment, envelope, terms in given:
        sealed = as_contribution(identity, bytes(commitment), envelope).envelope
        keys = [bytes.fromhex(one) for one in terms["keys"]]
        expected = open_share(sealed, private, keys, terms["threshold"], context=bytes(commitment))
        assert (number, bytes(share)) == expected


def test_bytes_are_made_and_opened_in_browsers_and_agencies_and_inspectors_drawn(
    live_database: Callable[..., Database],
    start_server: StartServer,
    start_process: StartProcess,
    new_context: NewContext,
    tmp_path: Path,
) -> None:
    database = live_database(demo=True)
    with_a_trustee_of_the_enterprise(database)
    server = start_server(database)

    trustee = acting_as("enterprise", server, new_context)
    private = with_a_key_of_its_own(trustee, server, tmp_path)
    officer = acting_as("regulator", server, new_context)
    kept = with_a_plan_and_its_bytes(officer, server, tmp_path)
    identity = database.value(
        "SELECT uscc FROM accounts_organisation WHERE id = (SELECT by_id FROM ratings_plan ORDER BY id DESC LIMIT 1)"
    )
    each_is_as_an_honest_sender_makes_it(contributions(database, identity), identity, kept)

    let_pass(database, _TEN_MINUTES)
    plan = officer.url
    expect(officer.get_by_test_id("stage").first).to_have_text("征集随机数")
    look_again(officer, officer.locator("[data-reveal]"))
    assert json.loads(officer.locator("[name=nonces]").input_value()) == kept

    trustee.goto(f"{server.url}/trustee/")
    expect(trustee.get_by_test_id("waiting")).to_have_count(2)
    expect(trustee.get_by_role("button", name="开启")).to_have_count(0)
    let_pass(database, _TEN_MINUTES)
    trustee.reload()
    refused_with_another_key_and_opened_with_its_own(trustee, private)
    both_shares_are_those_of_the_key(database, identity, private)

    start_process(database, "bots")
    expect(officer.get_by_test_id("drawn")).to_contain_text("尚未抽取")
    look_again(officer, officer.get_by_test_id("inspection"), address=plan)
    expect(officer.get_by_test_id("inspection")).to_have_count(2)
    expect(officer.get_by_test_id("inspection").first).to_contain_text("甘行执")
    expect(officer.get_by_text("保管人开启").first).to_be_visible()
