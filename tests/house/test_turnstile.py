"""Only so many pages are made at once; the others wait and all are served."""

import asyncio

from config.turnstile import Turnstile


async def test_no_more_than_its_places_are_taken_and_everybody_is_served():
    inside = most = served = 0

    async def page(_scope: object, _receive: object, _send: object) -> None:
        nonlocal inside, most, served
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0.001)
        inside -= 1
        served += 1

    turnstile = Turnstile(page, at_once=3)
    await asyncio.gather(*(turnstile({}, None, None) for _ in range(30)))
    assert (most, served) == (3, 30)
