"""The machine (floor 2): domain thinks, wecom hears and speaks, engine beats, web opens doors."""
