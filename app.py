"""The server: the portal's script, its routes and headers, and the worker beside them."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from db import logs, worker
from db.settings import WrongSetting
from db.start import CannotStart
from ui import middleware, routes
from ui.batch import LARGEST_TABLE_MB
from ui.session import portal


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """The worker runs as long as the server does."""
    stop = worker.start(portal()) if portal().settings.worker_in_app else None
    yield
    if stop:
        stop()
    portal().database.close()


def main() -> None:
    """Opens the portal, or stops with a sentence; then serves until stopped."""
    try:
        settings = portal().settings
    except (WrongSetting, CannotStart) as error:
        sys.exit(str(error))
    logs.configure(settings.log_level)
    address = urlsplit(settings.public_url)
    app.run(
        config={
            "server.port": settings.port,
            "server.maxUploadSize": max(LARGEST_TABLE_MB, settings.listing_mb),  # for every session: keep it small
            "server.address": settings.address,
            "server.corsAllowedOrigins": [settings.public_url],
            "server.allowedHosts": [address.hostname, "localhost", "127.0.0.1"],
            "browser.serverAddress": address.hostname,
        }
    )


app = st.App(
    Path(__file__).parent / "ui" / "shell.py",
    routes=routes.routes(),
    middleware=middleware.middleware(),
    lifespan=lifespan,
)

if __name__ == "__main__":
    main()
