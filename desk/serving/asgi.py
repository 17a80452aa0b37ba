from typing import Any
Scope = Any
Receive = Any
Send = Any
Headers = Any
async def answer_plainly(send, status, **k):
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": b""})
