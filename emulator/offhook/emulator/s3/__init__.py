"""The S3 of a desk: an embedded one, which starts when somebody comes there, or any endpoint."""
