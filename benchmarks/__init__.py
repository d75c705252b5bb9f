"""What we claim about speed, measured beside what it is compared with: `make bench`."""
