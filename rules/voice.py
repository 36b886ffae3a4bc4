"""In whose voice a rung speaks: the tone that the debtor's profile asks for, the variant of the letter. Pure."""

import hashlib

from rules.base import remembered
from rules.case import Case
from rules.claim import Context
from rules.policy import Policy, Rung
from rules.profile import Profile, Profiled, profiled


@remembered
def profile_of(case: Case, context: Context) -> Profiled:
    """The debtor's profile for this case, from the record that the context carries."""
    kind = case.invoice.debtor.kind
    return profiled(kind, context.debtor.record, case.promises_broken, context.policy.habits)


def tone_of(policy: Policy, rung: Rung, profile: Profile) -> str:
    """The rung's tone: the profile's when the policy gives it one, else the rung's own."""
    manner = policy.profile.get(profile)
    return rung.tone if manner is None else manner.tone.get(rung.step, rung.tone)


def variant_of(creditor: str, debtor: str, rung: Rung) -> str | None:
    """The rung's variant for a debtor: the same for ever, and as likely one as another; None when it has none."""
    if not rung.variants:
        return None
    digest = hashlib.sha256(f"{creditor}\x1f{debtor}\x1f{rung.step}".encode()).digest()
    return rung.variants[int.from_bytes(digest[:8], "big") % len(rung.variants)]
