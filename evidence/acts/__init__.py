"""Drafts of the acts: requête, assignation, déclaration de créance … filled from the case. A person signs them."""
