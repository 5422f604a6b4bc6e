"""`python -m assistant` does what the `assistant` command does."""

import sys

from assistant.command_line import main

sys.exit(main())
