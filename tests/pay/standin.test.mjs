// The stand-in provider judged by the provider's own client: if that client is content, the shapes are right and the
// connector that was tested against the stand-in will understand the real provider.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import Stripe from 'stripe';

const program = process.env.GUICHET_STANDIN_MAIN ?? new URL('../../build/tests/pay/standin_main', import.meta.url).pathname;
const SECRET = 'whsec_test_secret', KEY = 'sk_test_for_the_tests';

let folder, shop, standin, stripe, base;

// The shop's end of the notifications: keeps them all; `answer` decides the status.
async function openShop() {
  const s = { got: [], waiting: [], answer: () => 200 };
  s.server = http.createServer(async (request, response) => {
    const chunks = [];
    for await (const c of request) chunks.push(c);
    const body = Buffer.concat(chunks).toString();
    const one = { body, signature: request.headers['stripe-signature'], event: JSON.parse(body) };
    try {
      stripe.webhooks.constructEvent(body, one.signature, SECRET, 300, undefined, clockNow() * 1000);
      one.genuine = true;
    } catch (error) {
      one.genuine = false;
      one.error = error.type;
    }
    one.status = one.genuine ? s.answer(one) : 400;
    response.writeHead(one.status).end();
    s.got.push(one);
    for (const w of s.waiting.splice(0)) w();
  });
  s.server.listen(0, '127.0.0.1');
  await once(s.server, 'listening');
  s.url = `http://127.0.0.1:${s.server.address().port}/hook`;
  // Waits for a state, not for a time; a state that never comes is the suite's time-out.
  s.until = async (condition) => {
    while (!condition(s.got)) await new Promise((resolve) => s.waiting.push(resolve));
  };
  return s;
}

async function start(port = 0) {
  const child = spawn(program, ['--port', String(port), '--data', folder, '--webhook', shop.url, '--clock', `${folder}/clock`,
    '--retry-base-ms', '20', '--merchant', 'Réseau <test>', '--return-origin', 'http://127.0.0.1:9'],
  { env: { ...process.env, GUICHET_PAY_KEY: KEY, GUICHET_PAY_WEBHOOK_SECRET: SECRET }, stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = new Promise((resolve, reject) => child.once('exit', resolve).once('error', reject));
  const line = await Promise.race([
    once(readline.createInterface({ input: child.stdout }), 'line').then(([text]) => text),
    exited.then((code) => { throw new Error(`the stand-in ended with ${code}`); })]);
  return { child, exited, url: line.match(/http:\S+/)[0] };
}

function client(options = {}) {
  const { hostname, port } = new URL(base);
  return new Stripe(KEY, { host: hostname, port, protocol: 'http', maxNetworkRetries: 0, telemetry: false, ...options });
}

let offset = 0;
function moveClock(seconds) {
  offset += seconds;
  writeFileSync(`${folder}/clock`, `+${offset}\n`);
}
const clockNow = () => Math.floor(Date.now() / 1000) + offset;

const order = (changes = {}) => ({
  mode: 'payment', success_url: 'http://127.0.0.1:9/return?cs={CHECKOUT_SESSION_ID}', cancel_url: 'http://127.0.0.1:9/cart',
  client_reference_id: 'A-4217-1', customer_email: 'camille@agence.example', locale: 'fr', expires_at: clockNow() + 1900,
  metadata: { attempt: 'A-4217-1' }, payment_intent_data: { metadata: { attempt: 'A-4217-1' } },
  line_items: [
    { quantity: 27, price_data: { currency: 'eur', unit_amount: 1350, product_data: { name: 'Adulte groupe – Sainte-Chapelle' } } },
    { quantity: 1, price_data: { currency: 'eur', unit_amount: 5, product_data: { name: '<b>Frais & co</b>' } } }], ...changes });
const TOTAL = 27 * 1350 + 5;

const card = (number = '4242 4242 4242 4242', changes = {}) =>
  new URLSearchParams({ card_number: number, card_expiry: '12/40', card_cvc: '123', card_name: 'Camille Durand', ...changes });
const pay = (session, fields = card()) => fetch(session.url, { method: 'POST', body: fields, redirect: 'manual' });
const fault = (query) => fetch(`${base}/_ctl?${query}`).then((r) => r.json());
const book = () => fetch(`${base}/_book`).then((r) => r.json());
const types = (got) => got.map((one) => one.event.type);
const of = (type) => (got) => got.filter((one) => one.event.type === type);

before(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'guichet-standin-'));
});
beforeEach(async () => {
  offset = 0;
  rmSync(`${folder}/clock`, { force: true });
  rmSync(`${folder}/standin.jsonl`, { force: true });
  shop = await openShop();
  standin = await start();
  base = standin.url;
  stripe = client();
});
afterEach(async () => {
  standin.child.kill('SIGTERM');
  assert.equal(await standin.exited, 0);
  shop.server.close();
});
after(() => rmSync(folder, { recursive: true }));

test('create, replay, and a key used otherwise', async () => {
  const params = order();
  const a = await stripe.checkout.sessions.create(params, { idempotencyKey: 'k1' });
  assert.match(a.id, /^cs_test_/);
  assert.deepEqual([a.object, a.status, a.payment_status, a.amount_total, a.currency, a.client_reference_id, a.payment_intent],
    ['checkout.session', 'open', 'unpaid', TOTAL, 'eur', 'A-4217-1', null]);
  assert.equal(a.expires_at, params.expires_at);
  assert.equal(a.url, `${base}/c/pay/${a.id}`);
  assert.deepEqual(a.metadata, { attempt: 'A-4217-1' });
  assert.ok(Object.keys(a).every((name) => !name.startsWith('_')));
  const b = await stripe.checkout.sessions.create(params, { idempotencyKey: 'k1' });
  assert.deepEqual([b.id, b.lastResponse.headers['idempotent-replayed']], [a.id, 'true']);
  await assert.rejects(stripe.checkout.sessions.create(order({ locale: 'en' }), { idempotencyKey: 'k1' }),
    (e) => e.type === 'StripeIdempotencyError' && e.statusCode === 400);
  assert.equal((await book()).sessions.length, 1);
});

test('a refused call does not hold its key', async () => {
  const bad = order({ expires_at: clockNow() + 60 });
  await assert.rejects(stripe.checkout.sessions.create(bad, { idempotencyKey: 'k' }), (e) => e.param === 'expires_at');
  await stripe.checkout.sessions.create(order(), { idempotencyKey: 'k' });
});

test('bounds of amount, life and addresses', async () => {
  const line = (unit_amount, quantity = 1) => [{ quantity, price_data: { currency: 'eur', unit_amount, product_data: { name: 'x' } } }];
  const refused = (changes, check) => assert.rejects(stripe.checkout.sessions.create(order(changes)),
    (e) => e.type === 'StripeInvalidRequestError' && e.statusCode === 400 && check(e));
  await refused({ line_items: line(49) }, (e) => e.code === 'amount_too_small');
  await refused({ line_items: line(99999999, 2) }, (e) => e.code === 'amount_too_large');
  await refused({ line_items: line(-5) }, (e) => e.param === 'line_items');
  await refused({ line_items: [] }, (e) => e.param === 'line_items');
  await refused({ line_items: line(100, 0) }, (e) => e.param === 'line_items');
  await refused({ expires_at: clockNow() + 1700 }, (e) => e.param === 'expires_at');
  await refused({ expires_at: clockNow() + 90000 }, (e) => e.param === 'expires_at');
  await refused({ success_url: 'javascript:alert(1)' }, (e) => e.param === 'success_url');
  await refused({ cancel_url: 'http://x/\r\ny' }, (e) => e.param === 'cancel_url');
  assert.equal((await stripe.checkout.sessions.create(order({ line_items: line(50) }))).amount_total, 50);
  assert.equal((await book()).sessions.length, 1);
});

test('keys: Bearer and Basic are taken, others not', async () => {
  await assert.rejects(new Stripe('sk_wrong', { host: '127.0.0.1', port: new URL(base).port, protocol: 'http', maxNetworkRetries: 0 })
    .checkout.sessions.create(order()), (e) => e.type === 'StripeAuthenticationError');
  const get = (authorization) => fetch(`${base}/v1/events`, { headers: authorization ? { authorization } : {} }).then((r) => r.status);
  assert.equal(await get('Basic ' + Buffer.from(`${KEY}:`).toString('base64')), 200);
  assert.equal(await get('Basic ' + Buffer.from('x:').toString('base64')), 401);
  assert.equal(await get(`Bearer ${KEY}x`), 401);
  assert.equal(await get(), 401);
});

test('paid: redirect, states, signed events, the provider\'s own book', async () => {
  const session = await stripe.checkout.sessions.create(order());
  const response = await pay(session);
  assert.equal(response.status, 303);
  assert.equal(response.headers.get('location'), `http://127.0.0.1:9/return?cs=${session.id}`);
  const paid = await stripe.checkout.sessions.retrieve(session.id);
  assert.deepEqual([paid.status, paid.payment_status, paid.url], ['complete', 'paid', null]);
  const intent = await stripe.paymentIntents.retrieve(paid.payment_intent);
  assert.deepEqual([intent.status, intent.amount, intent.metadata.attempt], ['succeeded', TOTAL, 'A-4217-1']);
  await shop.until((got) => got.length === 2);
  assert.deepEqual(types(shop.got), ['payment_intent.succeeded', 'checkout.session.completed']);
  assert.ok(shop.got.every((one) => one.genuine));
  const { object } = shop.got[1].event.data;
  assert.deepEqual([object.id, object.payment_status, object.amount_total, object.payment_intent], [session.id, 'paid', TOTAL, paid.payment_intent]);
  // A second click goes where the first went, and pays nothing.
  const again = await pay(session);
  assert.deepEqual([again.status, again.headers.get('location')], [303, response.headers.get('location')]);
  const all = await book();
  assert.deepEqual([all.payments.length, all.payments[0].amount, all.sessions[0].payment_status], [1, TOTAL, 'paid']);
});

test('64 clicks at once pay once', async () => {
  const session = await stripe.checkout.sessions.create(order());
  const answers = await Promise.all(Array.from({ length: 64 }, () => pay(session)));
  assert.ok(answers.every((r) => r.status === 303));
  assert.equal((await book()).payments.length, 1);
});

test('declined, insufficient, mistyped: a message and another try', async () => {
  const session = await stripe.checkout.sessions.create(order());
  const tries = [['4000 0000 0000 0002', 402, 'a été refusée. Essayez'], ['4000-0000-0000-9995', 402, 'provision insuffisante'],
    ['5555 5555 5555 4444', 402, 'pas une carte d’essai'], ['4242 4242 4242 4241', 422, 'numéro de carte complet']];
  for (const [number, status, words] of tries) {
    const response = await pay(session, card(number));
    const html = await response.text();
    assert.equal(response.status, status);
    assert.ok(html.match(/role="alert">([\s\S]*?)<\/div>/)[1].includes(words));
    assert.ok(!html.includes('value="123"'), 'the code is never sent back');
  }
  for (const wrong of [{ card_expiry: '01/20' }, { card_expiry: '13/40' }, { card_expiry: 'x' }, { card_cvc: '12' }, { card_name: ' ' }]) {
    const response = await pay(session, card(undefined, wrong));
    assert.equal(response.status, 422);
    assert.match(await response.text(), new RegExp(`id="${Object.keys(wrong)[0]}"[^>]*aria-describedby="[^"]*_wrong[^>]*aria-invalid="true"`));
  }
  assert.equal((await stripe.checkout.sessions.retrieve(session.id)).status, 'open');
  assert.equal((await pay(session, card(undefined, { card_expiry: '1240' }))).status, 303);
});

test('given up: back to the shop, nothing paid, and the page stays open', async () => {
  const session = await stripe.checkout.sessions.create(order());
  const response = await pay(session, card('4000 0000 0000 0127'));
  assert.equal(response.status, 303);
  assert.equal(response.headers.get('location'), 'http://127.0.0.1:9/cart');
  assert.equal((await stripe.checkout.sessions.retrieve(session.id)).status, 'open');
  assert.equal((await pay(session)).status, 303);
});

test('the page: language, escaping, security headers, the way out', async () => {
  const session = await stripe.checkout.sessions.create(order());
  const response = await fetch(session.url);
  const html = await response.text();
  assert.match(html, /<html lang="fr">/);
  assert.ok(html.includes('Réseau &lt;test&gt;') && html.includes('&lt;b&gt;Frais &amp; co&lt;/b&gt;') && !html.includes('<b>Frais'));
  assert.ok(html.includes('364,55\u00a0€') && html.includes('href="http://127.0.0.1:9/cart"'));
  assert.ok(!/<script|style=|<style/.test(html));
  assert.match(response.headers.get('content-security-policy'), /form-action 'self' http:\/\/127\.0\.0\.1:9[; ]/);
  assert.equal((await fetch(`${base}/c/style.css`)).headers.get('content-type'), 'text/css; charset=utf-8');
  const english = await stripe.checkout.sessions.create(order({ locale: 'en' }));
  const text = await (await fetch(english.url)).text();
  assert.ok(text.includes('<html lang="en">') && text.includes('€364.55'));
  assert.ok((await (await fetch(`${english.url}?fill=4000000000000002`)).text()).includes('value="4000 0000 0000 0002"'));
  assert.equal((await fetch(`${base}/c/pay/cs_test_none`)).status, 404);
});

test('expire: once, and then nobody can pay', async () => {
  const session = await stripe.checkout.sessions.create(order());
  const expired = await stripe.checkout.sessions.expire(session.id);
  assert.deepEqual([expired.status, expired.url], ['expired', null]);
  await assert.rejects(stripe.checkout.sessions.expire(session.id), (e) => e.statusCode === 400);
  assert.equal((await pay(session)).status, 410);
  await shop.until((got) => got.length === 1);
  assert.deepEqual(types(shop.got), ['checkout.session.expired']);
  const done = await stripe.checkout.sessions.create(order());
  await pay(done);
  await assert.rejects(stripe.checkout.sessions.expire(done.id), (e) => e.statusCode === 400);
  await assert.rejects(stripe.checkout.sessions.retrieve('cs_test_none'), (e) => e.code === 'resource_missing' && e.statusCode === 404);
});

test('expiry by the moved clock', async () => {
  const session = await stripe.checkout.sessions.create(order());
  moveClock(1700);
  assert.equal((await fetch(session.url)).status, 200);
  moveClock(201);
  await shop.until((got) => of('checkout.session.expired')(got).length === 1);
  assert.ok(shop.got[0].genuine, 'signed at the moved time');
  assert.equal((await stripe.checkout.sessions.retrieve(session.id)).status, 'expired');
  assert.equal((await pay(session)).status, 410);
});

test('refunds: in part, the rest, too much, twice', async () => {
  const session = await stripe.checkout.sessions.create(order());
  await pay(session);
  const { payment_intent } = await stripe.checkout.sessions.retrieve(session.id);
  const part = await stripe.refunds.create({ payment_intent, amount: 1350, metadata: { refund: 'r1' } }, { idempotencyKey: 'r1' });
  assert.deepEqual([part.status, part.amount, part.payment_intent], ['succeeded', 1350, payment_intent]);
  assert.equal((await stripe.refunds.create({ payment_intent, amount: 1350, metadata: { refund: 'r1' } }, { idempotencyKey: 'r1' })).id, part.id);
  await assert.rejects(stripe.refunds.create({ payment_intent, amount: TOTAL }), (e) => e.param === 'amount');
  await assert.rejects(stripe.refunds.create({ payment_intent, amount: 0 }), (e) => e.param === 'amount');
  const rest = await stripe.refunds.create({ payment_intent });
  assert.equal(rest.amount, TOTAL - 1350);
  await assert.rejects(stripe.refunds.create({ payment_intent }), (e) => e.code === 'charge_already_refunded');
  await assert.rejects(stripe.refunds.create({ payment_intent: 'pi_none' }), (e) => e.code === 'resource_missing');
  assert.equal((await stripe.refunds.retrieve(part.id)).amount, 1350);
  assert.deepEqual((await stripe.refunds.list({ payment_intent })).data.map((r) => r.id), [rest.id, part.id]);
  await shop.until((got) => of('charge.refunded')(got).length === 2 && of('refund.created')(got).length === 2);
  assert.equal((await book()).payments[0]._refunded, TOTAL);
  assert.equal((await book()).refunds.length, 2);
});

test('events are listed, newest first, in pages', async () => {
  for (let i = 0; i < 7; i++) await stripe.checkout.sessions.expire((await stripe.checkout.sessions.create(order())).id);
  await pay(await stripe.checkout.sessions.create(order()));
  const all = [];
  for await (const event of stripe.events.list({ limit: 2 })) all.push(event.type);
  assert.deepEqual(all, ['checkout.session.completed', 'payment_intent.succeeded', ...Array(7).fill('checkout.session.expired')]);
  assert.equal((await stripe.events.list({ type: 'payment_intent.succeeded' })).data.length, 1);
});

test('a notification answered with 500 comes again', async () => {
  shop.answer = (one) => (one.event.type === 'checkout.session.completed' && of('checkout.session.completed')(shop.got).length < 3 ? 500 : 200);
  await pay(await stripe.checkout.sessions.create(order()));
  await shop.until((got) => of('checkout.session.completed')(got).length === 4 && got.length === 5);
  const four = of('checkout.session.completed')(shop.got);
  assert.deepEqual(four.map((one) => one.status), [500, 500, 500, 200]);
  assert.equal(new Set(four.map((one) => one.event.id)).size, 1);
});

test('faults: duplicate, forged, lost, late, disordered', async () => {
  const completed = of('checkout.session.completed');
  await fault('dup=1');
  await pay(await stripe.checkout.sessions.create(order()));
  await shop.until((got) => completed(got).length === 2 && got.length === 3);
  assert.equal(completed(shop.got)[0].event.id, completed(shop.got)[1].event.id);

  shop.got.length = 0;
  await fault('badsig=1');
  await pay(await stripe.checkout.sessions.create(order()));
  await shop.until((got) => completed(got).length === 2 && got.length === 3);
  assert.deepEqual(completed(shop.got).map((one) => [one.genuine, one.error]),
    [[false, 'StripeSignatureVerificationError'], [true, undefined]]);

  shop.got.length = 0;
  await fault('drop=2');
  await pay(await stripe.checkout.sessions.create(order()));
  await shop.until((got) => got.length === 2);
  let delivery;
  while (!delivery) delivery = (await book()).deliveries[completed(shop.got)[0].event.id]; // noted after our answer
  assert.deepEqual(delivery, { status: 200, tries: 3 });

  shop.got.length = 0;
  await fault('delay=60&type=payment_intent');
  await pay(await stripe.checkout.sessions.create(order()));
  await shop.until((got) => got.length === 2);
  assert.deepEqual(types(shop.got), ['checkout.session.completed', 'payment_intent.succeeded']);

  shop.got.length = 0;
  await fault('reorder=1&type=');
  await pay(await stripe.checkout.sessions.create(order()));
  await shop.until((got) => got.length === 2);
  assert.deepEqual(types(shop.got), ['checkout.session.completed', 'payment_intent.succeeded']);

  const state = await fault('');
  assert.deepEqual(state, { dup: 0, drop: 0, badsig: 0, fail: 0, delay: 0, reorder: 0, lose: 0, type: '' });
});

test('faults of the API: the client repeats with its key and nothing is done twice', async () => {
  const patient = client({ maxNetworkRetries: 2 });
  await fault('fail=1');
  await patient.checkout.sessions.create(order());
  await fault('lose=1');
  await patient.checkout.sessions.create(order());
  assert.equal((await book()).sessions.length, 2);
  await fault('fail=1');
  await assert.rejects(stripe.checkout.sessions.create(order()), (e) => e.type === 'StripeAPIError' && e.statusCode === 500);
});

test('killed and started again: nothing is forgotten, deliveries go on', async () => {
  shop.answer = () => 503;
  const params = order();
  const session = await stripe.checkout.sessions.create(params, { idempotencyKey: 'k' });
  await pay(session);
  const { payment_intent } = await stripe.checkout.sessions.retrieve(session.id);
  const open = await stripe.checkout.sessions.create(order());
  await shop.until((got) => got.length > 0);
  standin.child.kill('SIGKILL');
  await standin.exited;
  appendFileSync(`${folder}/standin.jsonl`, '[["sessions","cs_test_torn",{"id":"cs_t'); // a line cut by the crash
  shop.answer = () => 200;
  shop.got.length = 0;
  standin = await start(new URL(base).port);
  assert.equal((await stripe.checkout.sessions.create(params, { idempotencyKey: 'k' })).id, session.id);
  assert.equal((await stripe.checkout.sessions.retrieve(session.id)).payment_intent, payment_intent);
  await shop.until((got) => got.filter((one) => one.status === 200).length === 2);
  assert.equal((await pay(open)).status, 303);
  assert.equal((await stripe.refunds.create({ payment_intent })).amount, TOTAL);
  const lines = readFileSync(`${folder}/standin.jsonl`, 'utf8').trimEnd().split('\n');
  for (const line of lines) JSON.parse(line);
});

test('what is not its business: 404, 405, bad bytes', async () => {
  const headers = { authorization: `Bearer ${KEY}` };
  const unknown = await fetch(`${base}/v1/customers`, { headers });
  assert.equal(unknown.status, 404);
  assert.equal((await unknown.json()).error.type, 'invalid_request_error');
  assert.equal((await fetch(`${base}/v1/checkout/sessions`, { method: 'DELETE', headers })).status, 405);
  const bytes = await fetch(`${base}/v1/checkout/sessions`, { method: 'POST', body: 'mode=%ff%fe', headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' } });
  assert.equal(bytes.status, 400);
});
