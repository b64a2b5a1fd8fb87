"""The policy check: what a request may not demand, clause by clause (P18.1, P5.1, P20.3–P20.7)."""

from marketplace.policy.check import Draft, check, cites_a_law, failures
from marketplace.policy.findings import Finding, Severity
from marketplace.policy.methods import why_not

__all__ = ["Draft", "Finding", "Severity", "check", "cites_a_law", "failures", "why_not"]
