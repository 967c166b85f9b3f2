"""A station of many years, made up (成年累月的所): rows for measuring, straight into the tables."""
