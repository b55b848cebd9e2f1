"""Hypothesis profiles (short runs by default, long ones for `make test-long`), and signals."""

import signal

from hypothesis import HealthCheck, settings

settings.register_profile(
    "short", max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "long", max_examples=5_000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("short")

# A shell that runs the tests in the background has them, and all that they start, ignore Ctrl-C,
# which some tests send to what they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
