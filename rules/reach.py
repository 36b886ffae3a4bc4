"""By which channel a debtor can be reached for a rung. Pure."""

from rules.case import Case
from rules.policy import Channel, Rung


def channel_for(case: Case, rung: Rung) -> Channel | None:
    """The first channel of the rung by which the debtor can be reached; e-mail falls back to a letter, but nothing
    replaces a registered one."""
    for channel in rung.channel:
        if reachable(case, channel):
            return channel
    if not rung.is_formal and reachable(case, Channel.LETTER):
        return Channel.LETTER
    return None


def reachable(case: Case, channel: Channel) -> bool:
    """Whether the case holds what the channel needs."""
    if channel is Channel.EMAIL:
        return case.email is not None
    if channel in (Channel.LETTER, Channel.REGISTERED_LETTER):
        return case.postal is not None and (channel is not Channel.LETTER or channel not in case.refused)
    return Channel.CALL not in case.refused
