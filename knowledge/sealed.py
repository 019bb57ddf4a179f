"""Seal short texts so that a database file alone tells nothing; the key stays outside of it."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken


class Seal:
    """Encrypts for one purpose with a key derived from the bot's secret (AES-CBC and HMAC)."""

    def __init__(self, secret: bytes, purpose: str) -> None:
        key = hmac.new(secret, purpose.encode(), hashlib.sha256).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def close(self, text: str) -> bytes:
        """Text → sealed bytes."""
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """Sealed bytes → text; raises ValueError when they were sealed with another secret."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as error:
            raise ValueError("sealed with another key") from error
