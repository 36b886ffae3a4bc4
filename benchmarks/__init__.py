"""Measurements, run by ``make bench``: ratios against the bare engine on the same server in the same run."""
