"""One score by id over HTTP from PostgreSQL, as one writes it with aiohttp and asyncpg: the
peer of 'rebut serve' in benchmarks/serve.sh.

    serve_aiohttp.py bare|whole [CONNECTIONS]   prints its port; PG* says which database

bare: the SELECT alone.  whole: rebut.web_scores(), with the token of the request and the
audit trail, as 'rebut serve' asks.  A pool; asyncpg prepares each statement once.
"""

import asyncio
import hashlib
import json
import re
import sys

import asyncpg
from aiohttp import web

BARE = """SELECT request_id, answer, probability, low, high, log_odds, notes, as_of, model_id
    FROM rebut.scores WHERE request_id = $1 ORDER BY as_of DESC LIMIT 1"""
WHOLE = """SELECT token_id, role, may, answers[1] AS answer
    FROM rebut.web_scores('token', $1, $2::bytea, 'cases:read', ARRAY[$3::text], false)"""
TOKEN = re.compile(r"Bearer rebut_([a-z0-9]{12})_([A-Za-z0-9_-]{43})")


class Server:
    def __init__(self, pool):
        self.pool = pool

    async def bare(self, request):
        row = await self.pool.fetchrow(BARE, request.match_info["id"])
        if row is None:
            raise web.HTTPNotFound
        return web.Response(
            text=json.dumps(
                {
                    "request_id": row["request_id"],
                    "answer": row["answer"],
                    "probability": row["probability"],
                    "interval": [row["low"], row["high"]],
                    "log_odds": row["log_odds"],
                    "notes": row["notes"],
                    "as_of": row["as_of"].isoformat(),
                    "model": row["model_id"],
                }
            ),
            content_type="application/json",
        )

    async def whole(self, request):
        token = TOKEN.fullmatch(request.headers.get("Authorization", ""))
        if token is None:
            raise web.HTTPUnauthorized
        digest = hashlib.blake2b(token[2].encode(), digest_size=32).digest()
        row = await self.pool.fetchrow(WHOLE, token[1], digest, request.match_info["id"])
        if row["token_id"] is None:
            raise web.HTTPUnauthorized
        if not row["may"]:
            raise web.HTTPForbidden
        if row["answer"] is None:
            raise web.HTTPNotFound
        return web.Response(text=row["answer"], content_type="application/json")


async def main():
    mode, connections = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 4
    pool = await asyncpg.create_pool(min_size=connections, max_size=connections)
    server = Server(pool)
    app = web.Application()
    app.router.add_get(
        "/v1/requests/{id}/score", server.whole if mode == "whole" else server.bare
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
