"""What an operator installs: units, proxy, containers, the bundle; held against real programs."""
