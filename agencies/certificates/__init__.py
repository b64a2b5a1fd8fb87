"""Looking certificates up in the register of those who issue them (P13.2, docs/certificates.md)."""
