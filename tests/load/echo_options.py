"""The command line and the server that both bots for comparison share."""

import argparse
from dataclasses import dataclass

import waitress
from flask import Flask
from linebot.v3.messaging import Configuration

THREADS = 16


@dataclass(frozen=True)
class Options:
    """Where LINE is, where to listen, and the two keys."""

    port: int
    line_api: str
    secret: str
    token: str
    ca: str | None

    def configuration(self) -> Configuration:
        """The SDK's settings for this LINE."""
        configuration = Configuration(host=self.line_api, access_token=self.token)
        configuration.ssl_ca_cert = self.ca
        return configuration


def read() -> Options:
    """`--port --line-api --secret --token`; `--ca` trusts one authority alone (SSL_CERT_FILE: more)."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--line-api", required=True)
    parser.add_argument("--secret", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--ca")
    return Options(**vars(parser.parse_args()))


def serve(app: Flask, port: int) -> None:
    """One process, sixteen threads."""
    waitress.serve(app, host="127.0.0.1", port=port, threads=THREADS)
