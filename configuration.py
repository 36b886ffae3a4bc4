"""What a worker was configured with, as the activities ask for it: creditors, policies, the law's tables."""

from typing import Protocol

from rules.creditor import Creditor
from rules.law.tables import Tables
from rules.policy import Policy
from rules.policy_file import parse_policy
from rules.refusals import Refused
from settings import Settings


class PolicyTexts(Protocol):
    """Where policies pinned by cases are read: the ledger."""

    async def policy_text(self, version: str) -> str | None:
        """The text kept under a version; None when there is none."""
        ...


class Configuration:
    """Read once, at start: a wrong file stops the process there. Adapter of ``activities.ports.Reference``."""

    def __init__(self, settings: Settings, ledger: PolicyTexts) -> None:
        self._creditors_file = str(settings.creditors_file)
        self._creditors = settings.creditors()
        self._policies = settings.policies()
        self._tables = settings.tables()
        self._ledger = ledger
        self._pinned: dict[str, Policy] = {policy.version: policy for policy, _ in self._policies.values()}
        self._check_defaults()

    def _check_defaults(self) -> None:
        for creditor in self._creditors.values():
            defaults = (creditor.policy, creditor.policy_consumer, creditor.policy_public_body)
            for name in (*defaults, *creditor.segments.values(), *creditor.debtors.values()):
                if name not in self._policies:
                    raise Refused(
                        f"{self._creditors_file}: [{creditor.key}] policy « {name} » is not in the policies folder; "
                        f"known: {', '.join(sorted(self._policies))}."
                    )

        for policy, _ in self._policies.values():
            for manner in policy.profile.values():
                if manner.ladder is not None and manner.ladder not in self._policies:
                    raise Refused(f"policy {policy.name}: ladder « {manner.ladder} » is not in the policies folder.")

    def creditor(self, key: str) -> Creditor:
        """The creditor of that key; raises Refused naming the file when there is none."""
        if key not in self._creditors:
            raise Refused(f"creditor « {key} » is not in {self._creditors_file}; add a table [{key}].")
        return self._creditors[key]

    def policy_named(self, name: str) -> tuple[Policy, str]:
        """The policy of that name in the folders, with its text; raises Refused."""
        if name not in self._policies:
            raise Refused(
                f"policy « {name} » is not in the policies folder; known: {', '.join(sorted(self._policies))}."
            )
        return self._policies[name]

    async def policy(self, version: str) -> Policy:
        """The policy a case is pinned to: by its content hash, from the ledger when the folder has moved on."""
        if version not in self._pinned:
            text = await self._ledger.policy_text(version)
            if text is None:
                raise Refused(f"policy version {version} is not in the ledger; restore the ledger from its backup.")
            self._pinned[version] = parse_policy(text, file=f"policy {version}")
        return self._pinned[version]

    def tables(self) -> Tables:
        """The dated tables of the law."""
        return self._tables
