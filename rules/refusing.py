"""« Stop writing to this address »: what a debtor may ask not to be reached by. Pure."""

from typing import Literal

from rules.commands import Command, Name, Text


class StopContact(Command):
    """The debtor asks not to be reached by a channel any more. ``address``: the e-mail address that is meant (default:
    the one known). ``lifted``: the debtor takes it back. A mise en demeure by registered letter stays possible."""

    kind: Literal["stop_contact"] = "stop_contact"
    channel: Literal["email", "letter", "call"]
    address: Name | None = None
    lifted: bool = False
    reason: Text | None = None
