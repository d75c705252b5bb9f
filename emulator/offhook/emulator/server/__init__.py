"""HTTP doors to the service: the API of chime-sdk-voice, S3, and the desk's own."""
