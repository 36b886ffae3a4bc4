"""Workflows wait: the loop of a case, its message types, its options."""
