"""A house of the API, whose ledger and doors the bank's tests use."""

from tests.intake.api.conftest import empty_ledger, house

__all__ = ["empty_ledger", "house"]
