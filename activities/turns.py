"""An attempt that only waits its turn."""

from datetime import timedelta

from temporalio.exceptions import ApplicationError, ApplicationErrorCategory


def again_in(pause: timedelta, why: str) -> ApplicationError:
    """To raise when nothing is wrong and something else comes first: the engine tries again after the pause, logs no
    warning and counts no failure."""
    return ApplicationError(why, next_retry_delay=pause, category=ApplicationErrorCategory.BENIGN)
