"""Measurements and runs on real data: never part of the tests, which bring their own small data.

``make bench`` (``BENCH=quick make bench`` for a short run) says how fast the house is, on SQLite and PostgreSQL as they
would keep a commune's books: durable settings, a million movements, 50,000 stock rows. Each number stands beside what
the machine could do at best: the same SQL by the bare driver, and an empty Flask route on the same gunicorn processes.
"""
