"""How a legacy operation is reached, and which v3 operation took its place.

None of them knows an ``Idempotency-Key``, so a POST is not repeated once it may have been carried out.
"""

from functools import partial

from heygen_async.operation import Endpoint

__all__ = ["DELETE", "GET", "POST"]

GET = partial(Endpoint, "GET")
POST = partial(Endpoint, "POST", keyed=False)
DELETE = partial(Endpoint, "DELETE")
