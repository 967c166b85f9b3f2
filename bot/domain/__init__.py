"""Thinking (思考): pure functions, values in, values out, ``now`` passed in, no I/O.

Reading people (reading, words, places, times, privacy), and running the loop (lifecycle,
commands, clocks, deciding, numbers). Handlers call it; it knows only config and ``bot.events``.
"""
