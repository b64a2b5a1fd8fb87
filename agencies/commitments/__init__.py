"""The credit commitment that every agency signs at entry (P22.1)."""

from pathlib import Path

from accounts.commitments import read

AGENCY = read(Path(__file__).with_name("agency-2026-11.txt"), "2026-11")
