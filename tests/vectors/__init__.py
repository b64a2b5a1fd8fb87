"""Makes the records in docs/vectors/: `python -m tests.vectors` writes them anew, the same bytes each time.

Every entry, commitment, envelope, draw, proof and signature comes from the platform's own code; secrets are hashes of their
names, which no real one may ever be.
"""
