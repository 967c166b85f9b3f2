"""Crashes (断电、崩溃): the bot and its servers die at random moments, then the books are read.

Everything runs as people run it: ``run_bot.py demo --serve``, two processes and the wire.
"""
