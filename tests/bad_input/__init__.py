"""Bad input (坏数据): garbage at the doors, broken settings, full disks; the bot goes on."""
