"""The one error of the verifier."""


class Broken(Exception):
    """The record does not hold; `seq` is the first entry that is wrong, None where it is the file as a whole."""

    def __init__(self, seq: int | None, reason: str) -> None:
        self.seq, self.reason = seq, reason
        super().__init__(f"entry {seq}: {reason}" if seq is not None else reason)
