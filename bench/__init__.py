"""Measurements and runs on real data: never part of the tests, which bring their own small data."""
