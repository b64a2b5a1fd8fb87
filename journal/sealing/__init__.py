"""The seal over all case files: one Merkle tree of RFC 6962, its signed checkpoints, and proofs (DESIGN §3)."""
