"""Names that scripts import from here."""

from wheatstone.config.enums import *  # noqa: F403
