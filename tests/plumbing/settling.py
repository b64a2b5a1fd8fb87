"""`python -m tests.plumbing.settling`: do what clocks have to do for a year told at once, until nothing of it is left.

Bulk files are not made here: a clock makes them a slice at a time.
"""

import django

_ROUNDS = 200


def settle() -> None:
    from flags import clockwork as flags
    from opendata import clockwork as opendata
    from ratings.clockwork import facts
    from stats import clockwork as stats

    chores = (
        facts.note_facts,
        flags.note_what_moved,
        flags.look_at_what_moved,
        stats.follow_log,
        stats.keep_up,
        opendata.share_credit,
        opendata.look_through_credit,
    )
    for _ in range(_ROUNDS):
        if not any([chore() for chore in chores]):  # noqa: C419 (each of them)
            return


if __name__ == "__main__":
    django.setup()
    settle()
