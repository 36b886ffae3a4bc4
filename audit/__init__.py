"""Audit: what happened to a case, replayed, verified and explained, from the live server or the archive alone."""
