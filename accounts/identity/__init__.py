"""Sign-in by the provincial identity service (P13.1): OpenID Connect, for accounts that exist or join by their employer's code."""
