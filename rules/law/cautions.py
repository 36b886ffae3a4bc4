"""What a décompte must tell its reader: warnings by code, and the sentences of its refusals. Pure."""

from collections.abc import Sequence
from decimal import Decimal

from rules.law import rates
from rules.law.account import Account
from rules.law.days import is_business_day, next_business_day, next_semester, semester_of
from rules.law.facts import DecompteFacts
from rules.law.kinds import DebtorKind
from rules.law.statement import CreditApplied, Imputed, Warning_
from rules.law.tables import Tables
from rules.law.wording import euros, french, percent, semester_name
from rules.refusals import Code, Refused

TEXTS = {
    "rate_missing": (
        "Le {name} du {semester} n'est pas connu (publié : {where}) : intérêts arrêtés au {day}, "
        "sans préjudice des intérêts postérieurs."
    ),
    "rate_missing_past": "Le {name} n'est connu que depuis le {day} : les semestres antérieurs ne sont pas réclamés.",
    "rate_single_source": "{label} ({semester}) : taux d'une seule source, à confirmer avant tout acte.",
    "rate_below_floor": (
        "Taux convenu de {rate} % inférieur au plancher légal de {floor} % au {semester} "
        "(3 × le taux légal, art. L441-10 II C. com.)."
    ),
    "floor_not_checked": "Taux légal du {semester} inconnu : le plancher du taux convenu n'est pas vérifié.",
    "debtor_kind_unknown": (
        "Qualité du débiteur inconnue : rien de l'art. L441-10 C. com. (pénalités, 40 €) n'est réclamé."
    ),
    "creditor_private": "Créancier particulier : taux légal depuis la mise en demeure, sans 40 €.",
    "formal_notice_missing": ("Sans mise en demeure, aucun intérêt ne court (art. 1231-6 et 1344-1 C. civ.)."),
    "formal_notice_before_due": (
        "{invoice} : échue après la mise en demeure du {day}, qui ne la vise pas ; aucun intérêt."
    ),
    "agreed_rate_not_applied": (
        "Taux convenu écarté : il n'est appliqué qu'entre professionnels (art. L441-10 II C. com.)."
    ),
    "not_yet_due": "{invoice} : l'échéance du {day} n'est pas encore passée.",
    "due_on_rest_day": (
        "{invoice} : le délai de paiement expire un jour non ouvré ; l'acheteur public peut le tenir pour "
        "prolongé au {day}."
    ),
    "after_as_of": "{what} du {day} : postérieur à l'arrêté du décompte, non compté.",
    "interest_stopped": (
        "Procédure collective ouverte le {day} : le cours des intérêts est arrêté (art. L622-28 C. com.)."
    ),
    "enforceable_unknown": (
        "Date à laquelle la décision est exécutoire inconnue : la majoration de 5 points n'est pas réclamée "
        "(art. L313-3 CMF)."
    ),
    "enforceable_same_day": (
        "Décision tenue pour exécutoire dès le {day} : la majoration de 5 points en dépend (art. L313-3 CMF)."
    ),
    "daily_rate_unpublished": (
        "Montant journalier donné au dernier taux publié : celui du {semester} n'est pas connu."
    ),
    "overpaid": "Paiement du {day} : {amount} de trop, à restituer ou à imputer sur une autre dette.",
    "payment_unknown_invoice": (
        "Paiement du {day} : {invoice} n'est pas au décompte ; imputé selon l'art. 1342-10 C. civ."
    ),
    "credit_exceeds": "Avoir du {day} : {amount} au-delà du principal restant dû.",
    "remainder_dropped": "{invoice} : reliquat de {amount} abandonné le {day} (seuil de tolérance).",
}

# Of each rate: its name in English and in French, where it is published, the table that holds it.
PUBLISHED = {
    "ecb": (
        "ECB main refinancing rate",
        "taux de refinancement de la BCE",
        "ecb.europa.eu, Key ECB interest rates",
        "ecb_rate",
    ),
    "legal": (
        "French legal interest rate",
        "taux de l'intérêt légal",
        "Journal officiel, arrêté de juin ou de décembre, legifrance.gouv.fr",
        "legal_rate",
    ),
}


def say(code: str, wording: str | None = None, **values: str) -> Warning_:
    """The warning of a code, its text filled with values already written in French."""
    return Warning_(code=code, text=TEXTS[wording or code].format(**values))


def missing_rate(gap: rates.Missing, tables: Tables) -> str:
    """The sentence that refuses a day without a published rate."""
    english, _, where, table = PUBLISHED[gap.rate]
    known = rates.covered_to(gap.rate, tables)
    if not rates.is_tail(gap, tables):
        return f"rate: the {english} of semester {gap.year}-S{gap.half} is not in the tables (docs/rates.md)."
    return (
        f"rate: the {english} of semester {gap.year}-S{gap.half} is not in the tables (known to {known}) and "
        f"nothing is extrapolated. It is published at {where}; add its row to {table} (docs/rates.md)."
    )


def of_facts(
    facts: DecompteFacts,
    accounts: Sequence[Account],
    missing: Sequence[rates.Missing],
    tables: Tables,
    *,
    strict: bool,
) -> list[Warning_]:
    """Everything to be said of the facts and of the lines they gave. ``strict`` may raise Refused (floor)."""
    firsts: dict[tuple[str, bool], rates.Missing] = {}
    for gap in missing:  # one sentence for all that lies before the tables, one for all that lies after
        firsts.setdefault((gap.rate, rates.is_tail(gap, tables)), gap)
    said = [_gap(gap, tables) for gap in firsts.values()]
    said += _of_kind(facts, accounts)
    single = {line.label: line for account in accounts for line in account.lines if line.single_source}
    for label, line in single.items():
        semester = semester_name(*semester_of(line.from_on))
        said.append(say("rate_single_source", label=label, semester=semester))
    said += _of_floor(accounts, tables, strict=strict)
    said += _of_dates(facts, accounts)
    return said


def _gap(gap: rates.Missing, tables: Tables) -> Warning_:
    _, name, where, _ = PUBLISHED[gap.rate]
    if not rates.is_tail(gap, tables):
        return say("rate_missing", "rate_missing_past", name=name, day=french(rates.covered_from(gap.rate, tables)))
    semester = semester_name(gap.year, gap.half)
    day = french(rates.covered_to(gap.rate, tables))
    return say("rate_missing", name=name, semester=semester, where=where, day=day)


def _of_kind(facts: DecompteFacts, accounts: Sequence[Account]) -> list[Warning_]:
    """What the kinds of debtor and creditor leave out."""
    said = []
    notice = facts.formal_notice_on
    if facts.debtor_kind is DebtorKind.UNKNOWN:
        said.append(say("debtor_kind_unknown"))
    elif facts.creditor == "private":
        said.append(say("creditor_private"))
    if rates.is_civil(facts):
        if notice is None and facts.judgment is None:
            said.append(say("formal_notice_missing"))
        if notice is not None:
            early = [account.invoice for account in accounts if notice < account.due_on]
            said += [say("formal_notice_before_due", invoice=name, day=french(notice)) for name in early]
    if facts.rates and not rates.is_commercial(facts):
        said.append(say("agreed_rate_not_applied"))
    return said


def _of_floor(accounts: Sequence[Account], tables: Tables, *, strict: bool) -> list[Warning_]:
    """The floor of three times the legal rate binds agreed rates only; it is tested in each semester.

    L441-10 II C. com.; in 2024 the default rate itself was below the floor, lawfully. Checked 2026-11-22.
    """
    below: dict[tuple[int, int], tuple[Decimal, Decimal]] = {}
    unknown: set[tuple[int, int]] = set()
    respected = False
    agreed = (line for account in accounts for line in account.lines if line.article == rates.AGREED)
    for line in agreed:
        semester = semester_of(line.from_on)
        while semester <= semester_of(line.to_on):
            floor = rates.floor_of(semester, tables)
            if floor is None:
                unknown.add(semester)
            elif line.rate < floor:
                below[semester] = (line.rate, floor)
            else:
                respected = True
            semester = next_semester(*semester)
    if strict and below and not respected and not unknown:
        raise Refused(_below_everywhere(below, tables), Code.AMOUNT_INVALID)
    said = [_below(semester, *found) for semester, found in sorted(below.items())]
    said += [say("floor_not_checked", semester=semester_name(*semester)) for semester in sorted(unknown)]
    return said


def _below(semester: tuple[int, int], rate: Decimal, floor: Decimal) -> Warning_:
    name = semester_name(*semester)
    return say("rate_below_floor", rate=percent(rate), floor=percent(floor), semester=name)


def _below_everywhere(below: dict[tuple[int, int], tuple[Decimal, Decimal]], tables: Tables) -> str:
    semester, (rate, floor) = sorted(below.items())[-1]
    default = rates.default_rate(semester, tables)
    otherwise = f" leave the rate out to claim the default, {default} %." if default is not None else ""
    return (
        f"rate: {rate} % is below the legal floor in every semester of the delay: 3 × the legal rate is "
        f"{floor} % in {semester[0]}-S{semester[1]} (art. L441-10 II C. com.);{otherwise}"
    )


def _of_dates(facts: DecompteFacts, accounts: Sequence[Account]) -> list[Warning_]:
    said = []
    for account in accounts:
        if account.due_on > facts.as_of:
            said.append(say("not_yet_due", invoice=account.invoice, day=french(account.due_on)))
        elif rates.is_public(facts) and not is_business_day(account.due_on):
            later = french(next_business_day(account.due_on))
            said.append(say("due_on_rest_day", invoice=account.invoice, day=later))
    for what, found in (("Paiement", facts.payments), ("Avoir", facts.credits)):
        after = sorted(item.on for item in found if item.on > facts.as_of)
        said += [say("after_as_of", what=what, day=french(day)) for day in after]
    opened, judged = facts.insolvency_on, facts.judgment
    if opened is not None and opened <= facts.as_of:
        said.append(say("interest_stopped", day=french(opened)))
    if judged is not None and judged.rate is None:
        if judged.enforceable_on is None:
            said.append(say("enforceable_unknown"))
        elif judged.enforceable_on == judged.on:
            said.append(say("enforceable_same_day", day=french(judged.on)))
    return said


def of_payment(posted: Imputed, accounts: Sequence[Account]) -> list[Warning_]:
    """A payment beyond what was owed, or for an invoice that is not in the décompte."""
    said = []
    if posted.remainder:
        said.append(say("overpaid", day=french(posted.on), amount=euros(posted.remainder)))
    if posted.invoice is not None and all(account.invoice != posted.invoice for account in accounts):
        said.append(say("payment_unknown_invoice", day=french(posted.on), invoice=posted.invoice))
    return said


def of_credit(applied: CreditApplied) -> list[Warning_]:
    """A credit note larger than the principal it lowers."""
    if not applied.remainder:
        return []
    return [say("credit_exceeds", day=french(applied.on), amount=euros(applied.remainder))]
