"""Timeouts, retries, priorities and search attributes, by kind of work; nothing of it is written anywhere else."""

from dataclasses import replace
from datetime import timedelta

from temporalio.common import Priority, RetryPolicy, SearchAttributeKey

CREDITOR = SearchAttributeKey.for_keyword("Creditor")
DEBTOR = SearchAttributeKey.for_keyword("Debtor")
CASE_STAGE = SearchAttributeKey.for_keyword("CaseStage")
NEXT_STEP = SearchAttributeKey.for_keyword("NextStep")
DUE_DATE = SearchAttributeKey.for_datetime("DueDate")
NEXT_STEP_AT = SearchAttributeKey.for_datetime("NextStepAt")
OUTSTANDING = SearchAttributeKey.for_float("Outstanding")

KEYS = (CREDITOR, DEBTOR, CASE_STAGE, NEXT_STEP, DUE_DATE, NEXT_STEP_AT, OUTSTANDING)
"""Registered at worker start; ``Debtor`` is the creditor's customer number, never a name."""

LONGEST_SLEEP = timedelta(days=31)

ADVANCE_TIMEOUT = timedelta(seconds=35)
"""Longer than the ledger keeps anybody waiting (30 s): it says by itself that it is busy. Five seconds cut short what
was only slow, and a worker whose local activities were cut so was seen to stand still."""
ADVANCE_WAITS_HERE = timedelta(seconds=5)
ADVANCE_RETRY = RetryPolicy(
    initial_interval=timedelta(milliseconds=200),
    backoff_coefficient=1.5,
    maximum_interval=timedelta(minutes=2),
)
"""No most of attempts: the ledger comes back some day, and nothing else can be done before. Each wait is half as long
again as the one before: a case that met an outage goes on when half of its time has passed again, or two minutes; a
minute without the ledger costs thirty seconds more at most. No shorter, since a wait above five seconds is written in
the history, which so has room for eleven days of them; what comes back is asked by sixteen cases at a time anyway."""

NOTICE_TIMEOUT = timedelta(minutes=2)
NOTICE_HEARTBEAT = timedelta(seconds=30)
"""A letter whose worker was killed is taken up again after that; one that leaves at once costs no heartbeat."""
NOTICE_GIVES_UP = timedelta(hours=24)
NOTICE_RETRY = RetryPolicy(
    initial_interval=timedelta(seconds=2), backoff_coefficient=2.0, maximum_interval=timedelta(hours=1)
)
"""A letter retried longer than a day would go out on yesterday's decision."""

FILE_TIMEOUT = timedelta(minutes=15)
FILE_HEARTBEAT = timedelta(seconds=30)
FILE_GIVES_UP = timedelta(hours=24)
FILE_RETRY = RetryPolicy(
    initial_interval=timedelta(seconds=5), backoff_coefficient=2.0, maximum_interval=timedelta(minutes=10)
)

WAKE_TIMEOUT = timedelta(minutes=10)
WAKE_HEARTBEAT = timedelta(minutes=1)
WAKE_RETRY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5))

PRIORITY_PERSON = Priority(priority_key=1)
PRIORITY_ORDINARY = Priority(priority_key=3)
PRIORITY_BATCH = Priority(priority_key=4)
PRIORITY_OF_ITS_CASE = Priority()
"""What a person waits for; what comes one by one; a book imported at once, and what follows of it for its life: an act
has the priority that its case was started with, so that a morning's letters do not keep a fresh case waiting."""


def fair(priority: Priority, creditor: str) -> Priority:
    """The priority among its like shared out by creditor: none waits behind the whole book of another. The engine takes
    keys of 64 bytes."""
    return replace(priority, fairness_key=creditor.encode()[:64].decode(errors="ignore"))
