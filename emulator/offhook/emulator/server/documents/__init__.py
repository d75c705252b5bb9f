"""OpenAPI documents of what this machine serves, and their pages."""
