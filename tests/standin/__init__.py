"""A stand-in for Stripe: a process of its own that the real SDK talks to over HTTP. It knows nothing of the platform."""
