"""The award notice on paper: made by a job, the same for everybody, with a code that leads back (UX §4 no. 14)."""

import pytest

from bidding import pdf
from bidding.actions import advance
from bidding.models import Award
from core import jobs, typeset
from core.models import Rendering
from core.pdf_text import text_of
from journal.queries import entries_of
from tests import cast


@pytest.fixture
def award(auction, swift_agency, steady_agency, bid) -> Award:
    bid(auction, steady_agency, "99000.00")
    bid(auction, swift_agency, "98500.00")
    cast.set_close(auction, -0.001)
    advance(auction.request.number)
    return Award.objects.get()


@pytest.mark.parametrize("english", [False, True])
def test_it_says_who_at_what_price_in_figures_and_words_and_why(award, english):
    data = pdf.data_of(award, english=english)
    read = "".join(text_of(typeset.pdf("award", data))).replace("\n", "").replace(" ", "")
    assert "玖万捌仟伍佰元整" in read
    assert "¥98,500.00" in read
    assert award.winner.agency.uscc in read
    assert award.winner.agency.organisation.name in read
    assert ("中选公告" if not english else "Awardnotice") in read


def test_the_same_notice_is_the_same_document_whoever_asks_and_whenever(award):
    first = pdf.rendering_of(award, english=False)
    Award.objects.update(status="final")
    assert pdf.rendering_of(Award.objects.get(), english=False).key == first.key
    assert Rendering.objects.count() == 1


def test_it_names_the_hash_of_the_entry_that_published_it(award):
    published = entries_of(award.request.number).get(kind="award.published")
    assert pdf.data_of(award, english=False)["sha256"] == bytes(published.hash).hex()


def test_its_door_waits_for_the_job_and_then_hands_it_out(client, award):
    address = f"/awards/{award.request.number}/notice.pdf"
    assert "PDF 生成中" in client.get(address).content.decode()
    jobs.render.call(Rendering.objects.get().key)
    answer = client.get(address)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_there_is_none_where_nobody_was_selected(client, auction):
    assert client.get(f"/awards/{auction.request.number}/notice.pdf").status_code == 404


def test_the_page_shows_a_code_of_its_own_address(client, award):
    page = client.get(f"/awards/{award.request.number}/").content.decode()
    assert 'data-testid="qr"' in page
    assert bytes(entries_of(award.request.number).get(kind="award.published").hash).hex() in page
