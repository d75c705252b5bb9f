"""The command `offhook`: what the make targets call, and the same for those who installed it."""
