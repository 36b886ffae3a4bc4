"""French recovery law: amounts, dates, courts. Pure; every figure lives in the dated tables beside the code.

No lawyer has reviewed it. Each function quotes its article and the day it was checked.
"""

from rules.law.courts import Competence, Court, competence
from rules.law.days import (
    ALSACE_MOSELLE,
    add_business_days,
    add_months,
    add_working_days,
    add_years,
    is_business_day,
    is_holiday,
    is_working_day,
    next_business_day,
    public_holidays,
    region_of,
)
from rules.law.decompte import decompte
from rules.law.facts import AgreedRate, Credited, DecompteFacts, Judgment, Owed, Paid, Suspended, Waived
from rules.law.fees import FeeDue
from rules.law.interruptions import KINDS
from rules.law.kinds import ClaimKind, CreditorKind, DebtorKind, Dispute, IndemnityPlace, Subject
from rules.law.limitation import (
    Interruption,
    Limitation,
    LimitationEvent,
    LimitationFacts,
    alert_days,
    earliest,
    limitation,
)
from rules.law.limits import (
    OrderClocks,
    TimeLimit,
    answer_deadline,
    clock,
    declaration_deadline,
    foreclosure_relief_deadline,
    order_clocks,
    summons_clocks,
    time_limit,
    uncontested_clocks,
)
from rules.law.procedures import Alternative, Procedure, Reason
from rules.law.route import Route, RouteFacts, route
from rules.law.statement import Balance, CreditApplied, Decompte, GivenUp, Imputed, Indemnity, Line, Share, Warning_
from rules.law.tables import Tables, builtin_tables, tables_from
from rules.law.terms import TermFacts, Terms, payment_terms, sectors

__all__ = [
    "ALSACE_MOSELLE",
    "KINDS",
    "AgreedRate",
    "Alternative",
    "Balance",
    "ClaimKind",
    "Competence",
    "Court",
    "CreditApplied",
    "Credited",
    "CreditorKind",
    "DebtorKind",
    "Decompte",
    "DecompteFacts",
    "Dispute",
    "FeeDue",
    "GivenUp",
    "Imputed",
    "Indemnity",
    "IndemnityPlace",
    "Interruption",
    "Judgment",
    "Limitation",
    "LimitationEvent",
    "LimitationFacts",
    "Line",
    "OrderClocks",
    "Owed",
    "Paid",
    "Procedure",
    "Reason",
    "Route",
    "RouteFacts",
    "Share",
    "Subject",
    "Suspended",
    "Tables",
    "TermFacts",
    "Terms",
    "TimeLimit",
    "Waived",
    "Warning_",
    "add_business_days",
    "add_months",
    "add_working_days",
    "add_years",
    "alert_days",
    "answer_deadline",
    "builtin_tables",
    "clock",
    "competence",
    "declaration_deadline",
    "decompte",
    "earliest",
    "foreclosure_relief_deadline",
    "is_business_day",
    "is_holiday",
    "is_working_day",
    "limitation",
    "next_business_day",
    "order_clocks",
    "payment_terms",
    "public_holidays",
    "region_of",
    "route",
    "sectors",
    "summons_clocks",
    "tables_from",
    "time_limit",
    "uncontested_clocks",
]
