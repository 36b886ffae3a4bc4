"""Clocks: real time, or the played time of a demonstration. Adapters of the port ``activities.ports.Clock``."""

from datetime import datetime, timedelta

from settings import ClockSetting


class RealClock:
    """Virtual time is the engine's time."""

    played = False

    def virtual(self, real: datetime) -> datetime:
        """The moment itself."""
        return real

    def real(self, virtual: datetime) -> datetime:
        """The moment itself."""
        return virtual


class PlayedClock:
    """ORIGIN at ANCHOR, SPEED times faster from there; before ANCHOR it stands at ORIGIN, so that a book can be
    announced before the play begins."""

    played = True

    def __init__(self, setting: ClockSetting) -> None:
        self._setting = setting

    def virtual(self, real: datetime) -> datetime:
        """The played UTC moment of a real one."""
        elapsed = max(timedelta(0), real - self._setting.anchor)
        return self._setting.origin + elapsed * self._setting.speed

    def real(self, virtual: datetime) -> datetime:
        """The real UTC moment at which a played one comes."""
        ahead = (virtual - self._setting.origin) / self._setting.speed
        return self._setting.anchor + max(timedelta(0), ahead)


def clock_of(setting: ClockSetting | None) -> RealClock | PlayedClock:
    """The clock that the settings ask for."""
    return RealClock() if setting is None else PlayedClock(setting)
