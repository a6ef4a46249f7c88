// What the http room does with requests that no browser sends. Raw sockets, so that nothing is repaired on the way.
// usage: PROBE=build/tests/http/probe_server node --test tests/http/robustness.test.mjs
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';

const PROBE = process.env.PROBE ?? 'build/tests/http/probe_server';

async function start(...args) {
  const child = spawn(PROBE, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const server = { child, log: '', out: '' };
  child.stderr.on('data', (d) => { server.log += d; });
  const waiters = [];
  child.stdout.on('data', (d) => {
    server.out += d;
    for (const w of waiters) w();
  });
  server.saw = async (word) => {
    while (!server.out.includes(word)) await new Promise((r) => waiters.push(r));
  };
  await server.saw('\n');
  server.port = Number(server.out.split('\n')[0]);
  return server;
}

// Sends bytes, returns all that comes until the server closes (or `answers` whole answers are there).
function raw(server, text, { close = true } = {}) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(server.port, '127.0.0.1');
    const chunks = [];
    socket.on('connect', () => {
      socket.write(typeof text === 'string' ? Buffer.from(text, 'latin1') : text);
      if (close === 'half') socket.end();
    });
    socket.on('data', (d) => chunks.push(d));
    socket.on('error', (e) => (chunks.length > 0 ? resolve(Buffer.concat(chunks)) : reject(e)));
    socket.on('close', () => resolve(Buffer.concat(chunks)));
  });
}

function parse(buffer) {
  const text = buffer.toString('latin1');
  const split = text.indexOf('\r\n\r\n');
  const [line, ...lines] = text.slice(0, split).split('\r\n');
  const headers = {};
  for (const l of lines) {
    const name = l.slice(0, l.indexOf(':')).toLowerCase();
    headers[name] = (name in headers ? headers[name] + '\n' : '') + l.slice(l.indexOf(':') + 1).trim();
  }
  return { status: Number(line.split(' ')[1]), headers, body: buffer.subarray(split + 4), names: lines.map((l) => l.split(':')[0]) };
}

const ask = async (server, target, { method = 'GET', headers = '', body = '' } = {}) => parse(await raw(server,
  `${method} ${target} HTTP/1.1\r\nHost: probe\r\nConnection: close\r\n${headers}\r\n${body}`));

const post = (server, body, type = 'application/x-www-form-urlencoded', target = '/form') =>
  ask(server, target, { method: 'POST', headers: `Content-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body, 'latin1')}\r\n`, body });

const json = (answer) => JSON.parse(answer.body.toString('utf8'));

let server;
before(async () => { server = await start(); });
after(() => { server.child.kill(); });

test('a plain request is answered, with the headers that protect the reader', async () => {
  const a = await ask(server, '/echo/caf%C3%A9?a=1&a=2&b=x+y%2B&c');
  assert.equal(a.status, 200);
  const seen = json(a);
  assert.equal(seen.path, '/echo/café');
  assert.deepEqual(seen.captures, [['value', 'café']]);
  assert.deepEqual(seen.query, [['a', '1'], ['a', '2'], ['b', 'x y+'], ['c', '']]);
  assert.match(a.headers['content-security-policy'], /default-src 'none'.*form-action 'self' https:\/\/pay\.example;.*frame-ancestors 'none'/);
  assert.doesNotMatch(a.headers['content-security-policy'], /unsafe/);
  assert.equal(a.headers['x-content-type-options'], 'nosniff');
  assert.equal(a.headers['referrer-policy'], 'same-origin');
  assert.equal(a.headers['cache-control'], 'no-store');
  assert.ok(a.headers['permissions-policy']);
  assert.equal(a.headers['cross-origin-opener-policy'], 'same-origin');
  assert.equal(a.headers['strict-transport-security'], undefined);
});

test('a literal wins over a capture, and {name*} takes the rest', async () => {
  assert.deepEqual(json(await ask(server, '/echo/fixed')).captures, []);
  assert.deepEqual(json(await ask(server, '/rest/a/b/c.css')).captures, [['path', 'a/b/c.css']]);
  assert.equal((await ask(server, '/echo/')).status, 404);
  assert.equal((await ask(server, '/echo/a/b')).status, 404);
});

test('HEAD has the headers of GET and no body', async () => {
  const get = await ask(server, '/sized?n=500'), head = await ask(server, '/sized?n=500', { method: 'HEAD' });
  assert.equal(head.status, 200);
  assert.equal(head.headers['content-length'], get.headers['content-length']);
  assert.equal(head.headers['content-length'], '500');
  assert.equal(head.body.length, 0);
});

test('404 and 405 with Allow', async () => {
  assert.equal((await ask(server, '/none')).status, 404);
  const a = await ask(server, '/form');
  assert.equal(a.status, 405);
  assert.equal(a.headers.allow, 'POST');
  assert.equal((await ask(server, '/both', { method: 'DELETE' })).headers.allow, 'GET, HEAD, POST');
  assert.equal((await ask(server, '/', { method: 'TRACE' })).status, 405);
  assert.equal((await ask(server, '/none', { method: 'PUT' })).status, 404);
});

test('malformed targets are 400', async () => {
  for (const target of ['/echo/%', '/echo/%4', '/echo/%zz', '/echo/%00', '/echo/a%00b', '/echo/%c3', '/echo/%c0%af', '/echo/%ed%a0%80',
    '/echo/%f5%80%80%80', '/?a=%', '/?a=%ff', '/?%00=1', '/echo/%0d%0aX:1', '/a%2fb', '/a%5cb', 'echo', '*', '/x#y'])
    assert.equal((await ask(server, target)).status, 400, target);
});

test('nothing climbs out of the tree', async () => {
  for (const target of ['/rest/../secret', '/rest/%2e%2e/x', '/rest/.%2e/x', '/rest/a/./b', '/../../etc/passwd', '/rest/..'])
    assert.equal((await ask(server, target)).status, 400, target);
});

test('too long is told apart: 414, 431, 413', async () => {
  assert.equal((await ask(server, '/echo/' + 'a'.repeat(4080))).status, 200);
  assert.equal((await ask(server, '/echo/' + 'a'.repeat(4200))).status, 414);
  assert.equal((await ask(server, '/', { headers: 'X-A: 1\r\n'.repeat(150) })).status, 431);
  assert.equal((await ask(server, '/', { headers: `X-A: ${'b'.repeat(17000)}\r\n` })).status, 431);
  assert.equal((await ask(server, '/', { headers: `X-A: ${'b'.repeat(200000)}\r\n` })).status, 431);
  assert.equal((await ask(server, '/form', { method: 'POST', headers: 'Content-Length: 262145\r\n' })).status, 413);
});

test('a body of exactly the maximum is read, chunked or not; one byte more is 413', async () => {
  const max = 256 * 1024;
  assert.equal(json(await post(server, 'x'.repeat(max), 'text/plain')).body, max);
  const chunked = (n) => ask(server, '/form', { method: 'POST', headers: 'Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n',
    body: `${n.toString(16)}\r\n${'x'.repeat(n)}\r\n0\r\n\r\n` });
  assert.equal(json(await chunked(max)).body, max);
  assert.equal((await chunked(max + 1)).status, 413);
});

test('an endless body is cut off', async () => {
  const chunk = `10000\r\n${'x'.repeat(65536)}\r\n`;
  const socket = net.connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write('POST /form HTTP/1.1\r\nHost: probe\r\nTransfer-Encoding: chunked\r\n\r\n');
  const closed = new Promise((resolve) => socket.on('close', resolve));
  let open = true, sent = 0;
  closed.then(() => { open = false; });
  socket.resume();
  while (open && sent < 2000) {
    if (!socket.write(chunk)) await Promise.race([once(socket, 'drain').catch(() => {}), closed]);
    sent += 1;
  }
  assert.ok(!open, 'the server closed the connection');
});

test('forms: fields in order, several values, encodings', async () => {
  const a = json(await post(server, 'nom=Andr%C3%A9+B&ids=1&ids=2&vide=&seul&%C3%A9=1'));
  assert.deepEqual(a.form, [['nom', 'André B'], ['ids', '1'], ['ids', '2'], ['vide', ''], ['seul', ''], ['é', '1']]);
  assert.deepEqual(json(await post(server, 'a=1&&b=2&')).form, [['a', '1'], ['b', '2']]);
  assert.deepEqual(json(await post(server, '{"a":1}', 'application/json')).form, []);
  assert.equal(json(await post(server, 'a=1', 'Application/X-WWW-Form-Urlencoded; charset=UTF-8')).form.length, 1);
});

test('forms that are malformed are 400', async () => {
  for (const body of ['a=%', 'a=%0', 'a=%00', 'a=%ff', 'a=\xff', 'a=\0', '%c3=1'])
    assert.equal((await post(server, body)).status, 400, JSON.stringify(body));
});

test('400 fields are read, 401 refused', async () => {
  const fields = (n) => Array.from({ length: n }, (_, i) => `f${i}=1`).join('&');
  assert.equal(json(await post(server, fields(400))).form.length, 400);
  assert.equal((await post(server, fields(401))).status, 400);
  assert.equal((await post(server, '&'.repeat(5000))).status, 400);
});

const part = (name, value, more = '') => `--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;

test('multipart forms', async () => {
  const type = 'multipart/form-data; boundary=b';
  const a = await post(server, part('nom', 'Zo\xc3\xab') + part('vide', '') + part('fichier', '\xff\0', '; filename="x.pdf"') + part('x', 'a\r\nb') + '--b--\r\n', type);
  assert.deepEqual(json(a).form, [['nom', 'Zoë'], ['vide', ''], ['x', 'a\r\nb']]);
  assert.deepEqual(json(await post(server, part('a', '1') + '--b--', 'multipart/form-data; boundary="b"')).form, [['a', '1']]);
  for (const [body, t] of [['', type], ['--b', type], [part('a', '1'), type], ['--b\r\n\r\n\r\n--b--', type], [part('a', '\xff') + '--b--', type],
    [part('a', '1') + '--b--', 'multipart/form-data'], ['--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--', type],
    [part('a', '1').repeat(401) + '--b--', type]])
    assert.equal((await post(server, body, t)).status, 400, JSON.stringify(body.slice(0, 60)));
});

test('files of a form are told from its fields', async () => {
  const type = 'multipart/form-data; boundary=b';
  const file = (name, bytes) => part('fichier', bytes, `; filename="${name}"`);
  const a = json(await post(server, part('nom', 'x') + file('plan.pdf', '\xff\0\r\n') + file('', '') + file('vide.png', '') + '--b--', type));
  assert.deepEqual(a.form, [['nom', 'x']]);
  assert.deepEqual(a.files, [['fichier', 'plan.pdf', 4], ['fichier', 'vide.png', 0]]);
  assert.equal((await post(server, file('\xff', 'x') + '--b--', type)).status, 400);
  assert.equal(json(await post(server, file('x', 'y').repeat(20) + '--b--', type)).files.length, 20);
  assert.equal((await post(server, file('x', 'y').repeat(21) + '--b--', type)).status, 400);
});

test('a long body only where files are taken, with its length, a few at the same time', async () => {
  const type = 'multipart/form-data; boundary=b', max = 2 * 262144;
  const body = (n) => { const head = part('f', '', '; filename="x"').slice(0, -2); return `${head}${'x'.repeat(n - head.length - 9)}\r\n--b--\r\n`; };
  for (let i = 0; i < 10; i += 1) // more than at once: each gives its turn back
    assert.equal(json(await post(server, body(max), type, '/upload')).body, max);
  const head = async (target, length) => (await ask(server, target, { method: 'POST', headers: `Content-Length: ${length}\r\n` })).status;
  assert.equal(await head('/upload', max + 1), 413);
  assert.equal(await head('/form', max), 413);
  assert.equal((await ask(server, '/upload', { method: 'POST', headers: 'Transfer-Encoding: chunked\r\n',
    body: `${max.toString(16)}\r\n${'x'.repeat(max)}\r\n0\r\n\r\n` })).status, 413);
  const waiting = [];
  for (let i = 0; i < 8; i += 1) { // heads without their bodies hold all turns
    const socket = net.connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`POST /upload HTTP/1.1\r\nHost: probe\r\nExpect: 100-continue\r\nContent-Length: ${max}\r\n\r\n`);
    await once(socket, 'data');
    waiting.push(socket);
  }
  assert.equal(await head('/upload', max), 503);
  assert.equal((await post(server, body(1000), type, '/upload')).status, 200, 'short ones go on');
  for (const socket of waiting) socket.destroy();
  for (let answer; answer !== 200;) answer = await post(server, body(max), type, '/upload').then((a) => a.status, () => 503);
});

test('answers cannot be split by what readers send', async () => {
  for (const target of ['/header?value=a%0d%0aX-Evil:1', '/header?value=a%0aX-Evil:1', '/header?cookie=a%0d%0aX-Evil:1',
    '/header?cookie=a%3b%20Domain=evil', '/redirect?to=/a%0d%0aX-Evil:1']) {
    const a = await ask(server, target);
    assert.ok(!a.names.includes('X-Evil'), target);
    assert.doesNotMatch(a.headers['set-cookie'] ?? '', /evil/i);
  }
  assert.equal((await ask(server, '/header?value=plain')).headers['x-value'], 'plain');
});

test('redirects are 303 and stay here', async () => {
  const to = async (target) => (await ask(server, `/redirect?to=${encodeURIComponent(target)}`)).headers.location;
  assert.equal((await ask(server, '/redirect?to=/fr/options')).status, 303);
  assert.equal(await to('/fr/options?x=1'), '/fr/options?x=1');
  for (const evil of ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '', '/\t/evil.example'])
    assert.equal(await to(evil), '/', evil);
});

test('cookies in and out', async () => {
  const a = json(await ask(server, '/', { headers: 'Cookie: a=1; b="2"; bad name=3; c; =4; d=5=6;e=\r\n' }));
  assert.deepEqual(a.cookies, [['a', '1'], ['b', '2'], ['d', '5=6'], ['e', '']]);
  const set = (await ask(server, '/header?cookie=abc')).headers['set-cookie'];
  assert.match(set, /^probe=abc; Path=\/; HttpOnly; SameSite=Lax; Max-Age=60$/);
});

test('two opinions about the length of a body are refused', async () => {
  for (const headers of ['Content-Length: 3\r\nContent-Length: 4\r\n', 'Content-Length: 3\r\nTransfer-Encoding: chunked\r\n', 'Content-Length: -1\r\n',
    'Content-Length: 1e3\r\n', 'Content-Length: +3\r\n']) {
    const a = await ask(server, '/form', { method: 'POST', headers, body: 'a=1' });
    assert.ok(a.status === 400 || a.status === 413, `${headers} → ${a.status}`);
  }
});

test('requests without a host, with two, or with rubbish are refused', async () => {
  assert.equal(parse(await raw(server, 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n')).status, 400);
  assert.equal(parse(await raw(server, 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n')).status, 400);
  assert.equal(parse(await raw(server, 'GET / HTTP/1.0\r\n\r\n')).status, 200);
  for (const rubbish of ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', '\r\n\r\n\r\n', 'GET\r\n\r\n', 'GET / HTTP/9.9\r\nHost: a\r\n\r\n', '\0\0\0\0\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: probe\r\nBad\x01Header\x00: x\r\nConnection: close\r\n\r\n']) {
    const answer = await raw(server, rubbish, { close: 'half' });
    assert.ok(answer.length === 0 || [400, 505].includes(parse(answer).status), `${JSON.stringify(rubbish)} → ${answer.subarray(0, 40)}`);
  }
  assert.equal((await ask(server, '/')).status, 200);
});

test('pipelined requests are answered in their order', async () => {
  const one = (n) => `GET /echo/${n} HTTP/1.1\r\nHost: probe\r\n${n === 3 ? 'Connection: close\r\n' : ''}\r\n`;
  const text = (await raw(server, one(1) + one(2) + one(3))).toString();
  assert.deepEqual([...text.matchAll(/"path":"\/echo\/(\d)"/g)].map((m) => m[1]), ['1', '2', '3']);
});

test('what one request said is gone in the next of its connection', async () => {
  const first = 'POST /form HTTP/1.1\r\nHost: probe\r\nCookie: s=1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=1';
  const text = (await raw(server, `${first}GET /?q HTTP/1.1\r\nHost: probe\r\nConnection: close\r\n\r\n`)).toString();
  assert.match(text, /"cookies":\[\["s","1"\]\],"files":\[\],"body":3/);
  assert.match(text, /"query":\[\["q",""\]\],"form":\[\],"cookies":\[\],"files":\[\],"body":0/);
});

test('a partial request holds its connection until the time-out and nobody else', async () => {
  const slow = ['GET / HT', 'GET / HTTP/1.1\r\nHost: probe\r\nX-', 'POST /form HTTP/1.1\r\nHost: probe\r\nContent-Length: 10\r\n\r\nabc'];
  const hanging = slow.flatMap((text) => Array.from({ length: 20 }, () => raw(server, text)));
  assert.equal((await ask(server, '/')).status, 200);
  await Promise.all(hanging.map((h) => h.catch(() => {}))); // each ends by the server's time-out
  assert.equal((await ask(server, '/')).status, 200);
});

test('a client that leaves early does no harm', async () => {
  for (let i = 0; i < 30; i++) {
    const socket = net.connect(server.port, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write('GET /sized?n=4000000 HTTP/1.1\r\nHost: probe\r\n\r\n');
    if (i % 2 === 0) await once(socket, 'data');
    socket.resetAndDestroy();
  }
  assert.equal((await ask(server, '/')).status, 200);
});

test('an answer beyond the maximum becomes a plain 500', async () => {
  const a = await ask(server, '/sized?n=9000000');
  assert.equal(a.status, 500);
  assert.ok(a.body.length < 200);
  assert.ok(a.headers['content-security-policy']);
});

test('text is compressed for those who take it', async () => {
  const packed = await ask(server, '/sized?n=100000', { headers: 'Accept-Encoding: br, gzip;q=0.5\r\n' });
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.equal(packed.headers.vary, 'Accept-Encoding');
  assert.equal(gunzipSync(packed.body).length, 100000);
  for (const headers of ['', 'Accept-Encoding: br\r\n', 'Accept-Encoding: gzip;q=0\r\n'])
    assert.equal((await ask(server, '/sized?n=100000', { headers })).headers['content-encoding'], undefined);
  assert.equal((await ask(server, '/sized?n=500', { headers: 'Accept-Encoding: gzip\r\n' })).headers['content-encoding'], undefined);
});

test('the log names the route and never what was in the path or the query', async () => {
  await ask(server, '/secret/t0psecret?also=h1dden');
  await ask(server, '/nothing/t0psecret');
  const lines = server.log.trim().split('\n').map((l) => JSON.parse(l));
  assert.ok(lines.some((l) => l.route === '/secret/{token}' && l.status === 200 && l.id && l.us >= 0 && l.method === 'GET'));
  assert.doesNotMatch(server.log, /t0psecret|h1dden/);
});

test('behind the trusted proxy: https cookies, HSTS, and the client that the proxy saw', async () => {
  const behind = await start('--proxy');
  try {
    const a = await ask(behind, '/header?cookie=abc', { headers: 'X-Forwarded-For: 6.6.6.6, 203.0.113.9\r\n' });
    assert.match(a.headers['set-cookie'], /; Secure$/);
    assert.match(a.headers['strict-transport-security'], /max-age=31536000/);
    assert.equal(json(await ask(behind, '/', { headers: 'X-Forwarded-For: 6.6.6.6, 203.0.113.9\r\n' })).peer, '203.0.113.9');
    assert.equal(json(await ask(server, '/', { headers: 'X-Forwarded-For: 6.6.6.6\r\n' })).peer, '127.0.0.1');
  } finally {
    behind.child.kill();
  }
});

test('stopping waits for the request that runs, and takes no new ones', async () => {
  const stopping = await start();
  const answer = ask(stopping, '/wait');
  const ended = once(stopping.child, 'exit');
  await stopping.saw('waiting');
  stopping.child.stdin.write('stop\n');
  const connects = () => new Promise((resolve) => {
    const socket = net.connect(stopping.port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
    socket.on('error', () => resolve(false));
  });
  while (await connects()); // until the listening socket is gone
  assert.doesNotMatch(stopping.out, /stopped/);
  stopping.child.stdin.write('go\n');
  assert.equal((await answer).body.toString(), 'waited');
  assert.equal((await ended)[0], 0);
  assert.match(stopping.out, /stopped/);
});
