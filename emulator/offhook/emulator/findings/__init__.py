"""What is wrong with a handler: found in what it replied during calls, with evidence."""
