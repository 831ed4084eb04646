"""The application, for a server; refused as by `ciss serve` where its settings are too weak for the public."""

from cissapp import create_app, starting
from config import Config, WrongSettings

with starting():
    from cissapp.foundation.background.services import begin_serving
    from cissapp.operate.operations.queries import refusal_text

    settings = Config.from_env()
    refused = refusal_text(settings)
    if refused:
        raise WrongSettings(refused)
    app = create_app(settings)
    begin_serving(app)
