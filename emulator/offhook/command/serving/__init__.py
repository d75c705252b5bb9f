"""What `offhook serve` and `offhook local` start, and what they print. It needs their extras."""
