"""Logging in at the company's own provider of identities, by OpenID Connect: authorization code, PKCE, ID token."""
