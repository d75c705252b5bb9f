"""Lists of calls: checked whole, put into the queue, and what became of them."""
