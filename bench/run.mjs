// script/bench: our figures beside a reference's of the same minutes. See bench/README.md.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import {
  file, generateCustomers, get, getRequest, inTurn, json, load, median, newServer, nginx, MONUMENT, openSlots, optionRequest, stopAll,
  tool, whoFile,
} from './kit.mjs';

const short = process.argv.includes('--short');
const ROUNDS = short ? 1 : 3;
const SECONDS = short ? 2 : 4;
const rows = [];

const figure = (value, digits = 0) => value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });

// `aim` { least } or { most }: of the ratio.
function row(what, unit, ours, reference, referenceName, aim, extra = {}) {
  const ratio = reference === undefined ? ours : ours / reference;
  const met = aim.least !== undefined ? ratio >= aim.least : ratio <= aim.most;
  rows.push({ what, unit, ours, reference, referenceName, ratio: reference === undefined ? undefined : ratio, aim, met, ...extra });
  console.log(`${met ? ' ' : '!'} ${what}: ${figure(ours, ours < 100 ? 1 : 0)} ${unit}${reference === undefined ? ''
    : `; ${referenceName} ${figure(reference, reference < 100 ? 1 : 0)}; ratio ${ratio.toFixed(2)}`} (aim ${
    aim.least !== undefined ? '≥' : '≤'} ${aim.least ?? aim.most})`);
}

const perSecond = (results) => median(results.map((r) => r.per_second));

// Whatever the load counts as done must be what was meant: 303 is an option placed.
function onlyStatus(results, status) {
  for (const result of results) {
    const others = Object.entries(result.statuses).filter(([s]) => Number(s) !== status);
    if (others.length > 0 || result.broken > 0) throw new Error(`unexpected answers: ${JSON.stringify(result)}`);
  }
  return results;
}

/* ---- options on SQLite ---- */

async function options() {
  const server = await newServer('options');
  await server.stop();
  generateCustomers(server);
  const { lines, starts } = openSlots(server);
  execFileSync('cp', ['-r', server.data, `${server.data}-bare`]);
  await server.start();
  const who = await whoFile(server);
  const spread = file('spread', starts.join('\n'));
  const one = file('one', starts[0]);
  const bareSlots = file('bare-slots', lines.join('\n'));
  const request = optionRequest(server);
  const bare = (batch) => () => json(tool('bench_bare'), ['hold', `${server.data}-bare/guichet.db`, String(batch), String(SECONDS), bareSlots]);
  const ours = (clients, slots) => async () => onlyStatus([await load(server, request, clients, SECONDS, { who, slots })], 303)[0];

  const [limit, spread64, spread256, one64] = await inTurn(ROUNDS, bare(64), ours(64, spread), ours(256, spread), ours(64, one));
  row('options a second, 64 clients, slots spread', '/s', perSecond(spread64), perSecond(limit), 'bare loop, batch 64', { least: 0.6 },
    { p99: median(spread64.map((r) => r.p99)) });
  row('options a second, 256 clients, slots spread', '/s', perSecond(spread256), perSecond(limit), 'bare loop, batch 64', { least: 0.6 },
    { p99: median(spread256.map((r) => r.p99)) });
  row('options a second, 64 clients, everybody wants one slot', '/s', perSecond(one64), perSecond(spread64), 'spread', { least: 0.9 });

  const [alone, bareOne] = await inTurn(ROUNDS, ours(1, spread), bare(1));
  row('one client alone, time of an option', 'µs', median(alone.map((r) => r.p50)), 1e6 / perSecond(bareOne), 'bare loop, batch 1', { most: 1.5 });

  const wrong = server.sql(`SELECT count(*) FROM slot s WHERE taken <> (SELECT COALESCE(sum(persons), 0) FROM visit v
    WHERE v.monument_id = s.monument_id AND v.start_at = s.start_at AND v.state IN ('option', 'cart', 'confirmed'));`);
  if (wrong !== '0') throw new Error(`${wrong} slots whose places do not add up`);
  await server.stop();
}

/* ---- pages ---- */

async function pages() {
  const server = await newServer('pages');
  await server.stop();
  generateCustomers(server);
  await server.start();
  row('memory with the demonstration, idle', 'MB', server.memory(), undefined, '', { most: 20 });
  const who = await whoFile(server);
  const reference = await nginx();
  const day = new Date(Date.now() + 40 * 86400000).toISOString().slice(0, 10);
  const targets = [
    ['planning of a month, signed in', `/fr/monuments/${MONUMENT}/planning?vue=mois&jour=${day}&personnes=25`, 0.5, 200],
    ['catalogue page', '/fr/monuments', 0.6, 200],
    ['monument page', `/fr/monuments/${MONUMENT}`, 0.6, 200],
  ];
  for (const [what, target, least, status] of targets) {
    const cookie = readFileSync(who, 'utf8').split(' ', 1)[0];
    const { bytes } = await get(server, target, { cookie: `guichet_session=${cookie}` });
    const name = `page-${rows.length}`;
    reference.serve(name, bytes);
    const ours = getRequest(`ours-${name}`, server, target);
    const theirs = getRequest(`theirs-${name}`, reference, `/${name}`, false);
    const [mine, its] = await inTurn(ROUNDS,
      async () => onlyStatus([await load(server, ours, 64, SECONDS, { who })], status)[0],
      async () => onlyStatus([await load(reference, theirs, 64, SECONDS)], 200)[0]);
    row(`${what} (${Math.round(bytes.length / 1024)} KB)`, '/s', perSecond(mine), perSecond(its), 'nginx, same bytes', { least });
  }
  const busy = load(server, getRequest('busy', server, targets[0][1]), 256, SECONDS, { who });
  await new Promise((resolve) => { setTimeout(resolve, SECONDS * 700); });
  const peak = server.memory();
  await busy;
  row('memory under 256 clients', 'MB', peak, undefined, '', { most: 60 });
  await server.stop();
  const starts = [];
  for (let i = 0; i < 3; i += 1) {
    await server.start();
    starts.push(server.startedIn);
    await server.stop();
  }
  row('start to first answer, with the demonstration data', 'ms', median(starts), undefined, '', { most: 150 });
}

/* ---- documents ---- */

async function documents() {
  const theirs = (how) => () => json('/usr/bin/python3', [new URL('reportlab_tickets.py', import.meta.url).pathname, how, String(SECONDS)]);
  const [ours, tuned, plain] = await inTurn(ROUNDS, () => json(tool('bench_pdf'), [String(SECONDS)]), theirs('tuned'), theirs('plain'));
  const pagesOf = (results) => median(results.map((r) => r.pages_per_second));
  row('ticket PDF, 35 tagged pages', 'pages/s', pagesOf(ours), pagesOf(tuned), 'reportlab, tuned, untagged', { least: 8 });
  row('ticket PDF, 35 tagged pages', 'pages/s', pagesOf(ours), pagesOf(plain), 'reportlab, plain, untagged', { least: 25 });
  row('its size', 'KB', ours[0].bytes / 1024, tuned[0].bytes / 1024, 'reportlab, tuned, untagged', { most: 1 });
}

/* ---- the table ---- */

function write() {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const cpu = readFileSync('/proc/cpuinfo', 'utf8').match(/model name\s*: (.*)/)?.[1] ?? '';
  const head = { date: new Date().toISOString().slice(0, 10), commit, machine: `${os.cpus().length} × ${cpu}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Linux ${os.release()}`,
    rounds: ROUNDS, seconds: SECONDS };
  const line = (r) => `| ${r.what} | ${figure(r.ours, r.ours < 100 ? 1 : 0)} ${r.unit} | ${r.reference === undefined ? ''
    : `${figure(r.reference, r.reference < 100 ? 1 : 0)} ${r.unit} (${r.referenceName})`} | ${r.ratio === undefined ? '' : r.ratio.toFixed(2)} | ${
    r.aim.least !== undefined ? '≥' : '≤'} ${r.aim.least ?? r.aim.most} | ${r.met ? 'yes' : '**no**'} |`;
  const text = `# Measurements

${head.date}, commit ${head.commit}, ${head.machine}. Medians of ${ROUNDS} runs of ${SECONDS} s, ours and the reference's in turn; the load runs on
the same machine. \`script/bench\` writes this file; \`bench/README.md\` says what each row measures and why some miss their aim.

| what | ours | reference, same run | ratio | aim | met |
|---|---:|---:|---:|---:|---|
${rows.map(line).join('\n')}
`;
  if (short) return;
  writeFileSync(new URL('RESULTS.md', import.meta.url), text);
  writeFileSync(new URL('results.json', import.meta.url), `${JSON.stringify({ ...head, rows }, null, 1)}\n`);
}

const sections = { options, pages, documents };
const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'));
try {
  for (const [name, section] of Object.entries(sections)) if (asked.length === 0 || asked.includes(name)) await section();
  if (asked.length === 0) write();
} finally {
  await stopAll();
}
