"""The robot's connection beside the official SDKs (长连接对官方 SDK): the same words, echoed."""
