"""Hypothesis profiles: short runs by default, long ones for `make test-long`."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "short", max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "long", max_examples=5_000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("short")
