"""A house of the API, whose ledger and doors the bank's tests use."""

from tests.intake.api.conftest import house

__all__ = ["house"]
