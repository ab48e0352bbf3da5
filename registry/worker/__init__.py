"""How a worker of gunicorn serves: nobody who is slow holds one of its threads.

A thread takes a request only when all of it has arrived (`receiving`), and is free again as soon as the answer is
made (`sending`): what the client has not taken yet is sent by the worker's one loop, without waiting for anybody. A
read whose asker has hung up is stopped (`asked`).
"""

from registry.worker.worker import Worker

__all__ = ["Worker"]
