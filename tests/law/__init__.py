"""Proofs of the law: published and derived examples with their sources, and laws that hold for any facts."""
