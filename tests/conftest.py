"""Profiles of the random tests: ``ci`` plays the same histories every time; ``thorough`` looks for new ones, longer.

``pytest tests/rules --hypothesis-profile=thorough`` when the rules have changed.
"""

from hypothesis import HealthCheck, settings

_CALM = [HealthCheck.too_slow]

settings.register_profile(
    "ci", derandomize=True, max_examples=100, deadline=None, database=None, suppress_health_check=_CALM
)
settings.register_profile("thorough", max_examples=3000, deadline=None, database=None, suppress_health_check=_CALM)
settings.load_profile("ci")
