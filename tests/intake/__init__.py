"""Proofs of intake: nothing bad goes in, nothing good stays out."""
