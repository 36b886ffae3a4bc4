"""French recovery law: amounts, dates, courts. Pure; every figure lives in the dated tables beside the code.

No lawyer has reviewed it. Each function quotes its article and the day it was checked.
"""

from rules.law.days import (
    add_business_days,
    add_months,
    add_years,
    is_business_day,
    next_business_day,
    public_holidays,
    region_of,
)
from rules.law.decompte import decompte
from rules.law.facts import AgreedRate, Credited, DecompteFacts, Judgment, Owed, Paid, Suspended, Waived
from rules.law.kinds import ClaimKind, CreditorKind, DebtorKind, Dispute, IndemnityPlace, Subject
from rules.law.statement import Balance, CreditApplied, Decompte, Imputed, Indemnity, Line, Share, Warning_
from rules.law.tables import Tables, builtin_tables, tables_from

__all__ = [
    "AgreedRate",
    "Balance",
    "ClaimKind",
    "CreditApplied",
    "Credited",
    "CreditorKind",
    "DebtorKind",
    "Decompte",
    "DecompteFacts",
    "Dispute",
    "Imputed",
    "Indemnity",
    "IndemnityPlace",
    "Judgment",
    "Line",
    "Owed",
    "Paid",
    "Share",
    "Subject",
    "Suspended",
    "Tables",
    "Waived",
    "Warning_",
    "add_business_days",
    "add_months",
    "add_years",
    "builtin_tables",
    "decompte",
    "is_business_day",
    "next_business_day",
    "public_holidays",
    "region_of",
    "tables_from",
]
