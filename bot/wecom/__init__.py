"""The doors (门): WeCom's wire on one side, our events and messages on the other."""
