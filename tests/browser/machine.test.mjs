// What the program owes to those who run it: health, metrics, the doctor, settings, and what it refuses to do.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { startServer } from './kit.mjs';

const program = process.env.GUICHET ?? new URL('../../build/src/cmd/guichet', import.meta.url).pathname;
let guichet;

before(async () => { guichet = await startServer(); });
after(async () => { await guichet.stop(); });

const sql = (text) => execFileSync('sqlite3', ['-cmd', '.timeout 5000', path.join(guichet.data, 'guichet.db'), text])
  .toString().trim();

test('health says what is well', async () => {
  const answer = await guichet.client().get('/healthz');
  assert.equal(answer.status, 200);
  const health = JSON.parse(answer.text);
  assert.equal(health.status, 'ok');
  assert.equal(health.database, true);
  assert.equal(health.queue.ok, true);
  assert.equal(health.jobs.ok, true);
});

test('metrics are Prometheus text, and requests count', async () => {
  const read = async () => Object.fromEntries((await guichet.client().get('/metrics')).text.split('\n')
    .filter((line) => line && !line.startsWith('#')).map((line) => line.split(' ')));
  const before = await read();
  await guichet.client().get('/fr/');
  const now = await read();
  assert.ok(Number(now.guichet_http_requests_total) >= Number(before.guichet_http_requests_total) + 2);
  assert.ok('guichet_write_waiting' in now && 'guichet_job_rounds_total' in now);
});

test('one structured line a request, without what was in the address', async () => {
  await guichet.client().get('/fr/mot-de-passe/secret-token-of-a-mail?x=secret');
  const lines = guichet.log.split('\n').filter((line) => line.includes('"event":"request"'));
  assert.ok(lines.length > 0);
  for (const line of lines) {
    const { id, method, status } = JSON.parse(line);
    assert.ok(id && method && status, line);
  }
  assert.ok(!guichet.log.includes('secret'));
});

test('CRT-3: a forged notification is refused and changes nothing', async () => {
  const body = JSON.stringify({ id: 'evt_1', type: 'checkout.session.completed', data: { object: {} } });
  for (const signature of ['', 't=1,v1=00', `t=${Math.floor(Date.now() / 1000)},v1=${'0'.repeat(64)}`]) {
    const answer = await guichet.client().send('/paiement/notification',
      { method: 'POST', body, headers: { 'stripe-signature': signature, 'content-type': 'application/json' } });
    assert.equal(answer.status, 400);
  }
  assert.equal(sql('SELECT count(*) FROM provider_event'), '0');
});

test('the doctor finds what somebody changed by hand', async () => {
  assert.equal((await guichet.command('doctor')).code, 0);
  sql('UPDATE slot SET taken = taken + 1 WHERE (monument_id, start_at) ='
    + ' (SELECT monument_id, start_at FROM slot WHERE taken < capacity LIMIT 1)');
  const { code, out } = await guichet.command('doctor');
  assert.equal(code, 1);
  assert.match(out, /BROKEN: taken places/);
});

test('ACC-2: addresses of the public shop are imported as hashes, once', async () => {
  const file = path.join(guichet.data, 'addresses.csv');
  await writeFile(file, 'email;name\nzoe@public.example;Zoé\nZOE@public.example;again\nnot an address\n\nmax@public.example\n');
  const { code, out } = await guichet.command('public-emails', 'import', file);
  assert.equal(code, 0, out);
  assert.match(out, /^2 added, 1 known already, 1 not an address/m);
  assert.match((await guichet.command('public-emails', 'import', file)).out, /^0 added, 3 known already/m);
  assert.ok(!execFileSync('cat', [path.join(guichet.data, 'guichet.db')]).includes('zoe@public.example'));
});

test('settings are listed, changed and checked', async () => {
  assert.match((await guichet.command('settings')).out, /cart\.hold_minutes/);
  assert.equal((await guichet.command('settings', 'cart.hold_minutes', '25')).code, 0);
  assert.equal(sql("SELECT value FROM setting WHERE key = 'cart.hold_minutes'"), '25');
  assert.equal((await guichet.command('settings', 'cart.hold_minutes', 'soon')).code, 1);
  assert.equal((await guichet.command('settings', 'no.such', '1')).code, 1);
});

test('production refuses a movable clock, the demonstration, and to start without a mail host', () => {
  const run = (words, environment) => spawnSync(program, words, { encoding: 'utf8', timeout: 20000,
    env: { ...process.env, GUICHET_MODE: 'production', GUICHET_DATA: path.join(guichet.data, 'production'),
      GUICHET_CLOCK: '', GUICHET_PAY_KEY: 'sk_test_x', GUICHET_PAY_WEBHOOK_SECRET: 'whsec_x', ...environment } });
  const clock = run(['serve'], { GUICHET_CLOCK: guichet.clockFile });
  assert.equal(clock.status, 1);
  assert.match(clock.stderr, /GUICHET_CLOCK/);
  assert.equal(run(['demo'], {}).status, 1);
  const mail = run(['serve'], { PORT: '0' });
  assert.equal(mail.status, 1);
  assert.match(mail.stderr, /GUICHET_SMTP_HOST/);
});

test('wrong use says so and ends with 2', () => {
  for (const words of [[], ['nonsense'], ['doctor', 'x'], ['public-emails', 'export']]) {
    const { status, stderr } = spawnSync(program, words, { encoding: 'utf8' });
    assert.equal(status, 2);
    assert.match(stderr, /usage|no command/);
  }
});

test('«/» leads to the reader’s language', async () => {
  const ask = async (languages) => (await guichet.client({ headers: { 'accept-language': languages } }).get('/')).location;
  assert.equal(await ask('fr-FR,fr;q=0.9,en;q=0.8'), '/fr/');
  assert.equal(await ask('en-GB,en;q=0.9'), '/en/');
  assert.equal(await ask('de'), '/fr/');
});
