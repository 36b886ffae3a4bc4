"""Whatever table speaks of a debtor is told to him on request, or it is said here why it is not."""

from ledger import api_tables, audit_tables, console_tables, privacy_tables
from ledger.tables import metadata

MODULES = (api_tables, audit_tables, console_tables, privacy_tables)
OF_A_PERSON = {"case_id", "debtor", "subject", "sender", "payer", "data_key", "number", "invoice", "mismatches", "body"}
TOLD = {
    "cases", "events", "messages", "contacts", "runs", "bank_lines", "payers", "looks", "requests", "intake_queue",
    "deliveries", "debtors", "disposals", "retained",
}  # fmt: skip
NOT_TOLD = {
    "coverage": "which invoices a message speaks for: his, as the messages and events say",
    "movements": "sums of the events, which are told",
    "kept_answers": "an answer kept a week for a program that asks again, sealed: copies of what is told",
    "audits": "numbers of invoices that an audit found wrong, of the house's own records",
    "accounts": "the people of the house",
    "search_keys": "a key, of nobody",
}


def test_every_table_that_speaks_of_a_debtor_is_told_to_him_or_named_here() -> None:
    assert all(MODULES)
    found = {table.name for table in metadata.sorted_tables if OF_A_PERSON & set(table.columns.keys())}
    assert found == TOLD | set(NOT_TOLD)
