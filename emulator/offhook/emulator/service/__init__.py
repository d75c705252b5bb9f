"""All that is around calls: numbers, applications, rules, far ends, meetings, limits, faults."""
