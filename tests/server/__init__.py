"""The editor server, driven by a real client over stdio."""
