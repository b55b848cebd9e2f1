"""The steps of verification, one a file: each takes a `Bench` and hands back a `Found`."""
