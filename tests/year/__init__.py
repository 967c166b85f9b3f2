"""A year of a station (一年) in virtual time, ending with every book balanced."""
