"""A telephone at the terminal, for `offhook call`."""
