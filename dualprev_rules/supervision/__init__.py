"""Whoever looks after many enterprises: a county, a park, a group of companies, an insurer."""
