"""How fast the house is, and beside what: ``make bench`` (``BENCH=quick make bench`` for a short run).

Measured on SQLite and PostgreSQL as they would keep a commune's books, with durable settings, a million movements and
50,000 stock rows; each number stands beside what the machine could do at best: the same SQL done by the bare driver, and
an empty Flask route on the same gunicorn processes.
"""
