"""A debtor whose case is over, with everything that is kept of it; each test has a copy of its own."""

from tests.audit.conftest import book, client, environment, played

__all__ = ["book", "client", "environment", "played"]
