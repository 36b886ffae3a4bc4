"""Adopting a policy: an operator moves a running case to another ladder, as an event. Pure."""

from typing import Literal

from rules.commands import Command, Name
from rules.law.kinds import DebtorKind
from rules.policy import Policy
from rules.refusals import Code, Refused


class Adopt(Command):
    """Move the case to the policy of that name, as it stands in the folder today. ``version`` is found by the clerk."""

    kind: Literal["adopt"] = "adopt"
    policy: Name
    version: Name | None = None


def pinned(command: Adopt, policy: Policy, kind: DebtorKind) -> Adopt:
    """The command with the version of the policy it names; raises Refused when the policy is not for such a debtor."""
    if policy.debtors and kind not in policy.debtors:
        sentence = f"adopt: policy {policy.name} is not for a debtor of kind {kind}; name another one."
        raise Refused(sentence, Code.NOT_ALLOWED_NOW)
    return command.model_copy(update={"version": policy.version})
