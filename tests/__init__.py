"""The proofs, one folder per room."""
