// What the measurements share: a release server with generated customers, the load, medians, nginx as the reference.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const build = process.env.BENCH_BUILD;
export const program = path.join(build, 'src/cmd/guichet');
export const tool = (name) => path.join(build, 'bench', name);
export const work = mkdtempSync(path.join(os.tmpdir(), 'guichet-bench-'));
export const MONUMENT = 'conciergerie';
const CUSTOMERS = 4096;

const stops = [() => rmSync(work, { recursive: true, force: true, maxRetries: 10 })];
export async function stopAll() {
  for (const stop of stops.reverse()) await stop();
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

// Takes both sides in turn, so that a slow minute of the machine hits both.
export async function inTurn(rounds, ...sides) {
  const results = sides.map(() => []);
  for (let i = 0; i < rounds; i += 1) for (const [k, side] of sides.entries()) results[k].push(await side());
  return results;
}

export async function json(command, args, options = {}) {
  const { stdout } = await run(command, args, { maxBuffer: 1 << 24, ...options });
  return JSON.parse(stdout);
}

export async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

export async function until(look, what, seconds = 60) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 5); });
  }
}

// A request on a connection of its own, which does not stay open beside those of the load.
export function get(server, target, headers = {}) {
  return new Promise((resolve, reject) => {
    http.get({ host: '127.0.0.1', port: server.port, path: target, headers, agent: false }, (answer) => {
      const parts = [];
      answer.on('data', (bytes) => parts.push(bytes));
      answer.on('end', () => resolve({ status: answer.statusCode, bytes: Buffer.concat(parts), text: Buffer.concat(parts).toString() }));
    }).on('error', reject);
  });
}

/* ---- the server ---- */

export class Server {
  constructor(name, environment = {}) {
    this.data = path.join(work, name);
    this.environment = { ...process.env, GUICHET_MODE: 'demonstration', GUICHET_DATA: this.data, GUICHET_LOG: 'warning',
      ...environment };
  }

  async start() {
    this.port = await freePort();
    this.begun = process.hrtime.bigint();
    this.child = spawn(program, ['demo', '--quiet'], { env: { ...this.environment, PORT: String(this.port) },
      stdio: ['ignore', 'ignore', 'inherit'] });
    await until(async () => {
      if (this.child.exitCode !== null) throw new Error('the server ended');
      return (await get(this, '/healthz').catch(() => null))?.status === 200;
    }, 'the server', 120);
    this.startedIn = Number(process.hrtime.bigint() - this.begun) / 1e6;
    return this;
  }

  async stop() {
    if (!this.child || this.child.exitCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await gone;
  }

  // Proportional set size of the server and its stand-in's own, in MB.
  memory() {
    const text = readFileSync(`/proc/${this.child.pid}/smaps_rollup`, 'utf8');
    return Number(text.match(/^Pss:\s+(\d+)/m)[1]) / 1024;
  }

  async command(...words) {
    const { stdout } = await run(program, words, { env: this.environment });
    return stdout;
  }

  get database() { return path.join(this.data, 'guichet.db'); }

  sql(text) {
    const [command, args] = this.environment.GUICHET_DB?.startsWith('postgresql')
      ? ['psql', ['-qAtX', '-v', 'ON_ERROR_STOP=1', this.environment.GUICHET_DB]] : ['sqlite3', ['-batch', this.database]];
    return execFileSync(command, args, { input: text, encoding: 'utf8', maxBuffer: 1 << 28 }).trim();
  }
}

export async function newServer(name, environment) {
  const server = await new Server(name, environment).start();
  stops.push(() => server.stop());
  return server;
}

/* ---- customers, their sessions and slots ---- */

const token = (n) => `bench-session-${String(n).padStart(8, '0')}`;

// Customers who are signed in. While the server stands still, so that nobody writes but us.
export function generateCustomers(server, now = Math.floor(Date.now() / 1000)) {
  const first = 1000000;
  const rows = { organisation: [], person: [], session: [] };
  for (let i = 0; i < CUSTOMERS; i += 1) {
    const id = first + i;
    const hash = createHash('sha256').update(token(i)).digest('hex');
    rows.organisation.push(`(${id},'Agence ${i}','travel-agency','R${id}','1 rue du Banc','75001','Paris','FR',${now})`);
    rows.person.push(`(${id},${id},'p${i}@banc.example','p${i}@banc.example','Anne','Banc${i}','+33 1 00 00 00 00','','fr',${now},${now})`);
    rows.session.push(`('${hash}',${id},${now},${now},${now + 86400},'bench','127.0.0.1')`);
  }
  const insert = (table, columns) => `INSERT INTO ${table} (${columns}) VALUES ${rows[table].join(',')};\n`;
  server.sql(`BEGIN;
${insert('organisation', 'id,name,kind,registration,address,postcode,city,country,created_at')}
${insert('person', 'id,organisation_id,email,email_key,first_name,last_name,phone,password_hash,lang,created_at,verified_at')}
${insert('session', 'token_hash,person_id,created_at,seen_at,expires_at,agent,address')}
INSERT INTO setting (key, value) VALUES ('option.live_max', '10000') ON CONFLICT (key) DO UPDATE SET value = excluded.value;
COMMIT;`);
}

// Room for as many as come, in slots for groups that are on sale and open; returns { monument, starts }.
export function openSlots(server, capacity = 1000000000) {
  const now = Math.floor(Date.now() / 1000);
  const where = `monument_id = (SELECT id FROM monument WHERE slug = '${MONUMENT}') AND start_at > ${now + 10 * 86400}
    AND on_sale_from < ${now} AND for_groups = 1 AND closed_fr IS NULL`;
  server.sql(`UPDATE slot SET capacity = ${capacity} WHERE ${where};`);
  const lines = server.sql(`SELECT monument_id || ' ' || start_at FROM slot WHERE ${where} ORDER BY start_at;`).split('\n');
  return { lines, starts: lines.map((line) => line.split(' ')[1]) };
}

export function file(name, text) {
  const where = path.join(work, name);
  writeFileSync(where, text);
  return where;
}

// «cookie csrf» of every customer: the token of a form is read from a page, as a browser does.
export async function whoFile(server) {
  const lines = [];
  let next = 0;
  const worker = async () => {
    while (next < CUSTOMERS) {
      const n = next;
      next += 1;
      const page = await get(server, '/fr/options', { cookie: `guichet_session=${token(n)}` });
      const csrf = page.text.match(/name="csrf" value="([0-9a-f]+)"/);
      if (!csrf) throw new Error(`no form for customer ${n}: ${page.status}`);
      lines.push(`${token(n)} ${csrf[1]}`);
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  return file('who', lines.join('\n'));
}

/* ---- load ---- */

export function getRequest(name, server, target, signedIn = true) {
  return file(`get-${name}`, `GET ${target} HTTP/1.1\nHost: 127.0.0.1:${server.port}\n${
    signedIn ? 'Cookie: guichet_session=@COOKIE@\n' : ''}\n`);
}

export function optionRequest(server) {
  return file('option', `POST /fr/monuments/${MONUMENT}/option HTTP/1.1
Host: 127.0.0.1:${server.port}
Origin: http://127.0.0.1:${server.port}
Cookie: guichet_session=@COOKIE@
Content-Type: application/x-www-form-urlencoded
Content-Length: @LENGTH@

csrf=@CSRF@&cle=@KEY@&debut=@SLOT@&personnes=10&public=adults`);
}

export function load(server, request, clients, seconds, { who, slots, rate, warm = 1 } = {}) {
  const args = ['--port', String(server.port), '--clients', String(clients), '--seconds', String(seconds), '--request', request,
    '--warm', String(warm)];
  if (who) args.push('--who', who);
  if (slots) args.push('--slots', slots);
  if (rate) args.push('--rate', String(rate));
  return json(tool('bench_load'), args);
}

/* ---- nginx, serving bytes from a folder ---- */

export async function nginx() {
  const port = await freePort();
  const root = path.join(work, 'www');
  execFileSync('mkdir', ['-p', root]);
  const conf = file('nginx.conf', `worker_processes auto; daemon off; pid ${work}/nginx.pid; error_log ${work}/nginx.log;
events { worker_connections 1024; }
http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; open_file_cache max=100;
  client_body_temp_path ${work}/t1; proxy_temp_path ${work}/t2; fastcgi_temp_path ${work}/t3; uwsgi_temp_path ${work}/t4; scgi_temp_path ${work}/t5;
  server { listen 127.0.0.1:${port}; root ${root}; default_type text/html; } }`);
  const child = spawn('/usr/sbin/nginx', ['-p', work, '-c', conf], { stdio: ['ignore', 'ignore', 'inherit'] });
  const server = { port, root, child, serve: (name, bytes) => { writeFileSync(path.join(root, name), bytes); } };
  stops.push(async () => { const gone = once(child, 'exit'); child.kill('SIGTERM'); await gone; });
  execFileSync('chmod', ['-R', 'a+rX', work]);
  server.serve('ready', 'ready');
  await until(async () => (await get(server, '/ready').catch(() => null))?.status === 200, 'nginx', 20);
  return server;
}

export function mails(server) {
  try {
    return readdirSync(path.join(server.data, 'mail', 'new')).length;
  } catch {
    return 0;
  }
}
