"""The web door (网页): callbacks of WeCom, health, and the pages plugged in from above."""
