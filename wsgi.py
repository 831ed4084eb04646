"""The application, for a server."""

from cissapp import create_app
from config import Config

app = create_app(Config.from_env())
