"""The rules: pure. Money, days, law, policy, case and events, decide, preview. Knows no clock, no file handle, no
network."""
