"""What the account owns, and what the service allows: applications, rules, numbers, limits."""
