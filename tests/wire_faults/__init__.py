"""Faults of the wire (线路故障): what WeCom or the network does wrong costs nobody a word."""
