"""Keeping the sums: what the log touches, and summing it anew."""

from stats.actions.recompute import keep_up, recompute_all
from stats.actions.touching import mark_touched

__all__ = ["keep_up", "mark_touched", "recompute_all"]
