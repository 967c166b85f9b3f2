"""The five tables of what stations elsewhere have, told as one continuous story each."""
