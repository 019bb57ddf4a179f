"""Assembly and edge: the only room that knows the Flask app, the environment, the network, processes."""

from bot.config import calm_arithmetic

calm_arithmetic()
