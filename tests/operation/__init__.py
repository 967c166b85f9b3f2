"""What an operator leans on: alert rules with their runbook, the watch, the second way."""
