"""Prompts and recordings behind the S3 API: an embedded one, or any endpoint."""
