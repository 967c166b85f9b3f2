"""Tests of single handlers, where a story would be too long a road."""
