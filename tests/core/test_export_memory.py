"""A list of any length is exported with the memory of a few hundred rows."""

from collections.abc import Iterator

from django.db import connection
from django.http import StreamingHttpResponse
from django.test import RequestFactory

import psutil
import pytest

from core.exports import Column, Kind, exported
from core.models import StoredFile

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

FEW, MANY = 20_000, 200_000
EVERY = 1_000


@pytest.fixture
def files(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_storedfile (sha256, size, media_type, stored_at)"
            " SELECT encode(sha256(n::text::bytea), 'hex'), n, repeat('x', 80), now() FROM generate_series(1, %s) n",
            [MANY],
        )


def peak(kind: Kind, count: int) -> tuple[int, int]:
    """`(most bytes that the process held while it exported, bytes of the file)`, looked at every thousand rows and pieces."""
    process, held, seen = psutil.Process(), [0], [0]

    def look(row: StoredFile) -> str:
        seen[0] += 1
        if seen[0] % EVERY == 0:
            held[0] = max(held[0], process.memory_info().rss)
        return row.sha256

    columns = [Column[StoredFile](f"c{n}", f"列{n}", look if n == 0 else lambda row: row.media_type) for n in range(4)]
    rows = StoredFile.objects.filter(size__lte=count).order_by("size")
    response = exported(RequestFactory().get("/"), kind, rows, columns, name="files")
    assert isinstance(response, StreamingHttpResponse)
    pieces = response.streaming_content
    assert isinstance(pieces, Iterator)
    length = sum(len(piece) for piece in pieces)
    assert seen[0] == count
    return held[0], length


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_ten_times_the_rows_take_no_more_memory(kind: Kind, files: None) -> None:
    peak(kind, FEW)  # whatever is loaded only now
    few, shorter = peak(kind, FEW)
    many, longer = peak(kind, MANY)
    print(
        f"{kind}: {few / 2**20:.1f} MiB of {FEW} rows, {many / 2**20:.1f} MiB of {MANY}, file {longer / 2**20:.1f} MiB"
    )
    assert longer > 8 * shorter
    assert many - few < 6 * 2**20
