"""Tests of the ground floor: the site's files, the settings, and what is said about faults."""
