"""The heart (引擎): listener, worker, sender, clock and leases; it knows no domain word.

Behaviour is plugged in as ``Plug`` by ``run_bot.py``; doors are plugged in as lanes.
"""
