"""Why an uploaded file is refused as a whole."""


class UploadError(ValueError):
    """A file that cannot be read at all; the message says in Japanese what to do."""
