"""Sealing: the master key ring, encrypted payloads and documents, the page that opens payloads for Temporal's UI."""
