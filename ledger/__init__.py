"""The shared memory: append-only events, the outbox, the projection for lists; SQLite and PostgreSQL."""
