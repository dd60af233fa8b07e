// One score by id over HTTP from PostgreSQL, as one writes it with node and pg: the peer
// of 'rebut serve' in benchmarks/serve.sh.
//
//   node serve.mjs bare|whole [CONNECTIONS]   prints its port; PG* says which database
//
// bare: the SELECT alone.  whole: rebut.web_scores(), with the token of the request and the
// audit trail, as 'rebut serve' asks.  A pool, a statement prepared once by name, ids
// checked, no framework.
import http from 'node:http';
import { blake2b } from '@noble/hashes/blake2b';
import pg from 'pg';

const [mode, connections = '4'] = process.argv.slice(2);
const pool = new pg.Pool({ max: Number(connections) });
const bare = `SELECT request_id, answer, probability, low, high, log_odds, notes, as_of, model_id
  FROM rebut.scores WHERE request_id = $1 ORDER BY as_of DESC LIMIT 1`;
const whole = `SELECT token_id, role, may, answers[1] AS answer
  FROM rebut.web_scores('token', $1, $2::bytea, 'cases:read', ARRAY[$3::text], false)`;

// The hash of a secret that is in use is kept: to hash is not what is measured.
const hashes = new Map();
function hashOf(secret) {
  if (!hashes.has(secret)) {
    if (hashes.size > 1000) hashes.clear();
    hashes.set(secret, Buffer.from(blake2b(secret, { dkLen: 32 })));
  }
  return hashes.get(secret);
}

function refuse(response, status) {
  response.writeHead(status, { 'Content-Type': 'application/problem+json' });
  response.end(JSON.stringify({ status }));
}

function send(response, text) {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store',
    'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}

async function answerBare(id, response) {
  const { rows } = await pool.query({ name: 'bare', text: bare, values: [id] });
  if (rows.length === 0) return refuse(response, 404);
  const s = rows[0];
  send(response, JSON.stringify({ request_id: s.request_id, answer: s.answer,
    probability: s.probability, interval: [s.low, s.high], log_odds: s.log_odds,
    notes: s.notes, as_of: s.as_of, model: s.model_id }));
}

async function answerWhole(id, request, response) {
  const token = /^Bearer rebut_([a-z0-9]{12})_([A-Za-z0-9_-]{43})$/.exec(
    request.headers.authorization ?? '');
  if (token === null) return refuse(response, 401);
  const hash = hashOf(token[2]);
  const { rows } = await pool.query({ name: 'whole', text: whole, values: [token[1], hash, id] });
  if (rows[0].token_id === null) return refuse(response, 401);
  if (!rows[0].may) return refuse(response, 403);
  return rows[0].answer === null ? refuse(response, 404) : send(response, rows[0].answer);
}

const server = http.createServer((request, response) => {
  const found = /^\/v1\/requests\/([^/?]{1,64})\/score$/.exec(request.url);
  if (found === null || request.method !== 'GET') return refuse(response, 404);
  const id = decodeURIComponent(found[1]);
  const answer = mode === 'whole' ? answerWhole(id, request, response)
    : answerBare(id, response);
  answer.catch(() => refuse(response, 503));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
