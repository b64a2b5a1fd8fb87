"""`python -m journal.verify` finds what was done to a record, and names the first entry that is wrong."""

import hashlib
import http.server
import io
import json
import subprocess
import sys
import threading

import pytest
import rfc8785

from config.environment import ROOT
from journal import queries, verify
from journal.verify import Broken
from marketplace.rulesets import ruleset
from tests import cast
from tests.cast import yuan

_SALT = bytes(range(32))


def chained(drafts, *, case="GS-2026-000001"):
    """Entries of `(kind, data)`, hashed one after the other; written anew here, so as not to ask the code itself."""
    head, entries = bytes(32), []
    for seq, (kind, data) in enumerate(drafts, 1):
        at = f"2026-11-23T06:05:{seq // 1000:02d}.{seq % 1000:03d}Z"
        body = {"at": at, "case": case, "data": data, "kind": kind, "seq": seq}
        head = hashlib.sha256(head + rfc8785.dumps(body)).digest()
        entries.append({**body, "hash": head.hex()})
    return entries


def commitment(salt, uscc):
    return hashlib.sha256(b"enrolment" + salt + rfc8785.dumps(uscc)).hexdigest()


def a_case(uscc="91620100MA0000001X"):
    return chained(
        [
            ("request.published", {"title": "灌区节水改造"}),
            ("request.enrolled", {"label": "青松", "commitment": commitment(_SALT, "91620100MA0000001X")}),
            ("auction.opened", {"ceiling": "100000.00", "step": "500.00"}),
            *[("bid.placed", {"label": "青松", "amount": f"{99000 - n}.00"}) for n in range(20)],
            (
                "auction.closed",
                {
                    "winner": "青松",
                    "amount": "98981.00",
                    "reveals": [{"label": "青松", "uscc": uscc, "name": "迅达", "salt": _SALT.hex()}],
                },
            ),
        ]
    )


def record(entries, *, seq=None, head=None, case="GS-2026-000001"):
    whole = {
        "format": "case-record/1",
        "case": case,
        "entries": entries,
        "seq": len(entries) if seq is None else seq,
        "head": head or (entries[-1]["hash"] if entries else "0" * 64),
    }
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def check(text):
    return verify.verify(io.BytesIO(text))


def test_a_sound_record_passes_and_says_what_was_checked():
    report = check(record(a_case()))
    assert (report.case, report.entries, report.reveals) == ("GS-2026-000001", 24, 1)
    assert report.head == a_case()[-1]["hash"]


def test_blanks_and_line_breaks_change_nothing():
    entries = a_case()
    pretty = json.dumps(json.loads(record(entries)), indent=3).encode()
    assert check(pretty).head == entries[-1]["hash"]


def test_an_empty_case_passes():
    assert check(record([])).entries == 0


def _changed(entries):
    entries[9]["data"]["amount"] = "98000.00"
    return entries, 10


def _other_time(entries):
    entries[4]["at"] = "2026-11-23T06:05:00.004Z"
    return entries, 5


def _missing(entries):
    del entries[12]
    return entries, 13


def _doubled(entries):
    entries.insert(7, entries[6])
    return entries, 8


def _reordered(entries):
    entries[5], entries[6] = entries[6], entries[5]
    return entries, 6


def _renumbered_after_a_loss(entries):
    del entries[12]
    for seq, entry in enumerate(entries, 1):
        entry["seq"] = seq
    return entries, 13


def _of_another_case(entries):
    entries[3]["case"] = "GS-2026-000002"
    return entries, 4


def _with_more_fields(entries):
    entries[2]["note"] = "x"
    return entries, 3


def _without_a_hash(entries):
    del entries[2]["hash"]
    return entries, 3


def _no_object(entries):
    entries[2] = 7
    return entries, 3


def _a_number_as_time(entries):
    entries[2]["at"] = 7
    return entries, 3


def _a_number_too_large(entries):
    entries[2]["data"]["n"] = 2**60
    return entries, 3


@pytest.mark.parametrize(
    "tamper",
    [
        _changed,
        _other_time,
        _missing,
        _doubled,
        _reordered,
        _renumbered_after_a_loss,
        _of_another_case,
        _with_more_fields,
        _without_a_hash,
        _no_object,
        _a_number_as_time,
        _a_number_too_large,
    ],
)
def test_the_first_entry_that_was_tampered_with_is_named(tamper):
    entries, seq = tamper(a_case())
    with pytest.raises(Broken) as broken:
        check(record(entries, head=a_case()[-1]["hash"]))
    assert broken.value.seq == seq


def test_a_history_rewritten_from_the_middle_has_another_head():
    entries = a_case()
    honest = entries[-1]["hash"]
    entries[8]["data"]["amount"] = "1.00"
    rewritten = chained([(e["kind"], e["data"]) for e in entries])
    assert rewritten[7] == entries[7]
    with pytest.raises(Broken, match="head"):
        check(record(rewritten, head=honest))
    assert check(record(rewritten)).head != honest


def test_a_record_cut_short_behind_a_whole_entry_does_not_fit_what_it_says_of_itself():
    entries = a_case()
    with pytest.raises(Broken, match="24 entries, but there are 20"):
        check(record(entries[:20], seq=24))
    with pytest.raises(Broken, match="head"):
        check(record(entries[:20], head=entries[-1]["hash"]))


def test_a_false_name_at_the_close_does_not_fit_its_commitment():
    with pytest.raises(Broken, match="does not fit the commitment") as broken:
        check(record(a_case(uscc="91620100MA0000002X")))
    assert broken.value.seq == 24


def test_a_name_at_the_close_that_never_enrolled_is_found():
    drafts = [(e["kind"], e["data"]) for e in a_case() if e["kind"] != "request.enrolled"]
    with pytest.raises(Broken, match="never enrolled") as broken:
        check(record(chained(drafts)))
    assert broken.value.seq == 23


def test_a_time_before_the_entry_ahead_is_found_even_when_its_hash_is_right():
    head, entries = bytes(32), []
    for seq, at in enumerate(("2026-11-23T06:05:02.000Z", "2026-11-23T06:05:01.000Z"), 1):
        body = {"at": at, "case": "GS-2026-000001", "data": {}, "kind": "x", "seq": seq}
        head = hashlib.sha256(head + rfc8785.dumps(body)).digest()
        entries.append({**body, "hash": head.hex()})
    with pytest.raises(Broken, match="before the entry ahead") as broken:
        check(record(entries))
    assert broken.value.seq == 2


@pytest.mark.parametrize("share", [0.0, 0.003, 0.1, 0.37, 0.5, 0.73, 0.95, 0.99, 0.9999])
def test_a_record_cut_off_anywhere_is_broken(share):
    text = record(a_case())
    with pytest.raises(Broken):
        check(text[: int(len(text) * share)])


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"null",
        b"[]",
        b"\xff\xfe",
        b'{"format":"case-record/3","case":"X","entries":[],"seq":0,"head":""}',
        b'{"format":"case-record/1","case":7,"entries":[],"seq":0,"head":""}',
        b'{"format":"case-record/1","case":"X","entries":[' + b"[" * 100_000,
        record(a_case()) + b"{}",
        record(a_case()).replace(b'"seq":3,', b'"seq":3,"seq":3,'),
    ],
)
def test_what_is_no_record_is_refused_with_words(text):
    with pytest.raises(Broken):
        check(text)


def test_no_single_byte_can_be_changed_unnoticed():
    text = record(a_case()[:4])
    for place in range(len(text)):
        changed = bytearray(text)
        changed[place] ^= 1
        with pytest.raises(Broken):
            check(bytes(changed))


def test_a_long_record_is_read_in_pieces():
    entries = chained([("bid.placed", {"label": "青松", "amount": f"{n}.00", "note": "竞" * 50}) for n in range(6000)])
    told = []
    report = verify.verify(io.BytesIO(record(entries)), lambda report, read: told.append((report.entries, read)))
    assert report.entries == 6000
    assert len(told) == 12
    assert told[0][1] < 1_000_000


@pytest.mark.django_db
def test_the_platforms_own_record_of_a_whole_auction_passes(auction, bid, swift_agency, steady_agency):
    bid(auction, swift_agency, "99000.00")
    cast.set_close(auction, 60)
    bid(auction, steady_agency, "98000.00")
    cast.set_close(auction, -1)
    cast.advance(auction.request.number)
    numbers = ruleset(auction.request.ruleset)
    text = b"".join(queries.record(auction.request.number, (numbers.id, numbers.toml)))
    report = check(text)
    assert report.reveals == 3
    assert (report.award.method, report.award.amount, report.award.rank) == ("live", yuan("98000.00"), 1)
    assert json.loads(text)["entries"][-1]["kind"] == "award.published"
    with pytest.raises(Broken) as broken:
        check(text.replace(b"98000.00", b"97000.00", 1))
    first = next(
        e["seq"] for e in json.loads(text)["entries"] if e["kind"] == "bid.placed" and "98000" in str(e["data"])
    )
    assert broken.value.seq == first


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "journal.verify", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_the_command_says_what_holds_and_what_does_not(tmp_path):
    sound, broken = tmp_path / "sound.json", tmp_path / "broken.json"
    sound.write_bytes(record(a_case()))
    broken.write_bytes(record(_changed(a_case())[0]))
    done = run(str(sound))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("OK  GS-2026-000001: 24 entries")
    assert a_case()[-1]["hash"] in done.stdout
    done = run(str(broken))
    assert done.returncode == 1
    assert done.stdout.startswith("BROKEN  entry 10: ")
    assert run(str(tmp_path / "nothing.json")).returncode == 2
    assert run().returncode == 2


def test_the_command_reads_an_address_too(tmp_path):
    (tmp_path / "record.json").write_bytes(record(a_case()))

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(tmp_path))

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        assert run(f"{address}/record.json").returncode == 0
        assert run(f"{address}/missing.json").returncode == 2
        server.shutdown()


def test_it_runs_without_the_platform():
    ask = "import sys, journal.verify; print([m for m in sys.modules if m.split('.')[0] in ('django', 'psycopg2')])"
    done = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
