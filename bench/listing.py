"""Ask pages of a filled database: `python -m bench.listing '["/requests/", …]'` prints JSON."""

import json
import sys
import time
from statistics import median

import django

django.setup()

from django.db import connection, reset_queries  # noqa: E402 (apps first)
from django.test import Client  # noqa: E402
from django.test.utils import override_settings  # noqa: E402

_ROUNDS, _WARM = 15, 4


def ask(addresses: list[str]) -> dict[str, dict[str, float]]:
    """For each address the median time of a whole answer in seconds, and how many queries it takes."""
    client = Client()
    found: dict[str, dict[str, float]] = {}
    for address in addresses:
        times = []
        for turn in range(_WARM + _ROUNDS):
            started = time.perf_counter()
            answer = client.get(address)
            assert answer.status_code == 200, (address, answer.status_code)
            if turn >= _WARM:
                times.append(time.perf_counter() - started)
        with override_settings(DEBUG=True):
            reset_queries()
            client.get(address)
            found[address] = {"time": median(times), "queries": len(connection.queries)}
    return found


if __name__ == "__main__":
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        print(json.dumps(ask(json.loads(sys.argv[1]))))
