"""The HTTP doors and the road to the acknowledgement, measured (回调与确认)."""
