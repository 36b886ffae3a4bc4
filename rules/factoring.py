"""A claim assigned to a factor in confidence: it is recovered in the creditor's name, and what commits the factor needs
its consent. Pure."""

from rules import events as e
from rules.case import Case
from rules.decision import Task
from rules.invoice import Payee
from rules.judicial import DECLARATION
from rules.policy import Rung
from rules.refusals import Refused

CONSENT, ACCOUNT = "factor_consent", "check_account"
_OFFSET = ord("A") - 10


def factor_of(event: e.Noted) -> str:
    """Who the factor is, as it was said."""
    return str(event.details.get("to") or "affactureur")


def factored(event: e.Noted) -> dict[str, object]:
    """How a case changes by a confidential assignment, and by its end."""
    ended = event.what == "reassigned"
    return {"factor": None if ended else event, "factor_consents": None}


def another_account(case: Case, iban: str | None) -> bool:
    """Whether the assignment names an account that the invoice does not."""
    known = case.invoice.payee
    return iban is not None and (known is None or _bare(known.iban) != _bare(iban))


def account_checked(case: Case, event: e.TaskClosed) -> dict[str, object]:
    """The account that a person has checked: the letters name it from now on, in the creditor's name as before."""
    _, _, cause = event.task.partition("/")
    said = next((note for note in case.open_notes if note.id == cause), None)
    if event.outcome != "confirmed" or not isinstance(said, e.Noted) or event.task != f"{ACCOUNT}/{cause}":
        return {}
    payee = Payee(name="", iban=_bare(str(said.details.get("payee_iban"))))
    return {"invoice": case.invoice.model_copy(update={"payee": payee})}


def waits_for_consent(case: Case, rung: Rung) -> str | None:
    """Why a mise en demeure or a file waits, in French; None when no factor has a say."""
    commits = rung.is_formal or (rung.prepares is not None and rung.step != DECLARATION)
    if case.factor is None or not commits or case.factor_consents:
        return None
    who = factor_of(case.factor)
    if case.factor_consents is False:
        return f"{rung.step} : {who} n'y consent pas, une personne décide"
    return f"{rung.step} : accord de {who} attendu (cession confidentielle)"


def consent_task(case: Case, because: str) -> list[Task]:
    """The consent to be asked of the factor."""
    if case.factor is None:
        return []
    return [
        Task(id=f"{CONSENT}/{case.factor.id}", kind=CONSENT, due_on=case.factor.on, summary=because, owner="manager")
    ]


def account_task(note: e.Noted) -> Task:
    """The account named by the assignment, to be checked with the factor by another way: a changed account is how
    payments are stolen."""
    summary = f"compte communiqué avec la cession à {factor_of(note)} : à vérifier auprès de lui par un autre moyen"
    return Task(id=f"{ACCOUNT}/{note.id}", kind=ACCOUNT, due_on=note.on, summary=summary)


def check_iban(iban: str | None) -> None:
    """Raises Refused when the check digits are wrong (ISO 13616: the rearranged number is 1 modulo 97)."""
    if iban is None:
        return
    bare = _bare(iban)
    number = "".join(str(ord(sign) - _OFFSET) if sign.isalpha() else sign for sign in bare[4:] + bare[:4])
    plain = bare.isascii() and bare.isalnum() and 15 <= len(bare) <= 34
    if not plain or int(number) % 97 != 1:
        raise Refused("assigned: payee_iban is not an IBAN: its check digits are wrong.")


def _bare(iban: str) -> str:
    return "".join(iban.split()).upper()
