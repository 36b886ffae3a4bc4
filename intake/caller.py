"""Who speaks through a door, as the door knows them. Pure."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from workflows.contracts import Carried


class Caller(NamedTuple):
    """``by``: the person or system that the door authenticated (an operating system's account, a console's user, a
    token's name); ``actor``: operator, manager, system, billing or debtor; ``via``: command, console, api,
    file, mailbox."""

    by: str
    actor: str
    via: str

    def signed(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The body of an event with who says it; a name given in it stands beside the one authenticated."""
        return {**body, "by": self._named(body.get("by")), "actor": self.actor, "via": self.via}

    def opening(self, carried: Carried | None = None) -> Carried:
        """What a start carries: who opens the case."""
        known = carried or Carried()
        return known.model_copy(update={"by": self.by, "actor": self.actor, "door": self.via})

    def _named(self, given: Any) -> str:
        if not isinstance(given, str) or not given or given == self.by:
            return self.by[:200]
        return f"{given} ({self.by})"[:200]
