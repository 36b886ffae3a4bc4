"""Proofs of the command line, with fakes for the engine and the ledger."""
