"""Which policy a case opens under: invoice, then debtor, then segment, then creditor; and by profile, which ladder.
Pure."""

from typing import NamedTuple

from rules.creditor import Creditor
from rules.invoice import InvoiceIssued
from rules.policy import Policy
from rules.profile import Profiled


class Chosen(NamedTuple):
    """A policy's name and who named it. ``exact``: it was named for this very invoice or debtor, so that no profile
    changes it."""

    name: str
    because: str
    exact: bool


def policy_of(invoice: InvoiceIssued, creditor: Creditor) -> Chosen:
    """The policy of an invoice: its own, its debtor's, its segment's, else the creditor's for that kind of debtor."""
    if invoice.policy is not None:
        return Chosen(invoice.policy, "nommée par la facture", exact=True)
    if invoice.debtor.id in creditor.debtors:
        return Chosen(creditor.debtors[invoice.debtor.id], "nommée pour ce débiteur", exact=True)
    if invoice.segment is not None and invoice.segment in creditor.segments:
        return Chosen(creditor.segments[invoice.segment], f"segment {invoice.segment}", exact=False)
    return Chosen(creditor.policy_for(invoice.debtor.kind), "par défaut du créancier", exact=False)


def ladder_of(chosen: Chosen, policy: Policy, profile: Profiled) -> Chosen:
    """The policy once the profile had its say: the ladder that the policy gives it, unless it was named exactly."""
    manner = policy.profile.get(profile.name)
    if chosen.exact or manner is None or manner.ladder is None or manner.ladder == chosen.name:
        return chosen
    return Chosen(manner.ladder, f"profil {profile.name} : {profile.because}", exact=False)
