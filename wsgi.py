"""The WSGI entry point: what servers and the flask command find."""

import sys

from bot.app import create_app
from bot.config import ConfigError

try:
    app = create_app()
except ConfigError as error:
    sys.exit(str(error))
