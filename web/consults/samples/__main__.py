"""`python -m web.consults.samples`: mail the sample questions to the desk that is set up here.

They go out by the desk's own SMTP server, each with a Message-ID of its own, so that they can be
sent again. Names and addresses in them are made up: use it with the demo's mail server.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.utils import format_datetime, make_msgid, parseaddr

from web.consults import smtp
from web.consults.samples import SAMPLES
from web.consults.settings import DeskSettings, Server, desk_settings
from web.settings import UnusableSetting

NOT_SET_UP = (
    "No desk that could be mailed to is set up here: give ASSISTANT_MAIL_ADDRESS and "
    "ASSISTANT_MAIL_SMTP (docs/consults.md)."
)


def mail_samples(settings: DeskSettings, server: Server) -> int:
    """How many were mailed."""
    with smtp.entered(server, settings.smtp_timeout) as client:
        for file in SAMPLES:
            message = message_from_bytes(file.read_bytes(), policy=policy.SMTP)
            sender = parseaddr(str(message["From"]))[1]
            del message["Message-ID"], message["Date"], message["To"]
            message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
            message["Date"] = format_datetime(datetime.now(UTC))
            message["To"] = settings.desk.address
            client.sendmail(sender, settings.desk.address, message.as_bytes())
    return len(SAMPLES)


def main(environment: Mapping[str, str]) -> int:
    """Mail them; 2 where no desk is set up."""
    try:
        settings = desk_settings(environment)
        if settings is None or settings.smtp is None:
            raise UnusableSetting(NOT_SET_UP)
        count = mail_samples(settings, settings.smtp)
    except (UnusableSetting, *smtp.FAILURES) as error:
        told = str(error) if isinstance(error, UnusableSetting) else smtp.describe(error)
        print(told, file=sys.stderr)
        return 2
    print(f"{count} sample questions were mailed to {settings.desk.address}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(os.environ))
