"""The site as it is served; with a demonstration's one-button logins, so that staff's pages can be asked for."""

from pathfinders.settings import *  # noqa: F403
