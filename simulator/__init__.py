"""A house of its own: a fake WeCom, strict about every rule that the bot could break.

It imports nothing of the bot and is started by ``python -m simulator``; people and scripts drive
it through the control API of ``docs/simulator.md``.
"""
