// The server is killed in the middle of a change of a paid visit, again and again (OPT-6): the group stands in one slot,
// money is noted once and is where the provider's book says, and nothing is half.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { until } from './kit.mjs';
import { formsOf, hold, order, payAt, startShop, untilState, wordsOf } from './purchase_kit.mjs';

let guichet;
before(async () => { guichet = await startShop(); });
after(async () => { await guichet.stop(); });

const unlessCut = (promise) => promise.catch(() => undefined);
const sql = (text) => execFileSync('sqlite3', ['-cmd', '.timeout 5000', path.join(guichet.data, 'guichet.db'), text])
  .toString().trim().split('\n').filter(Boolean);
async function assertSound(where) {
  const { code, out } = await guichet.command('doctor');
  assert.equal(code, 0, `${where}\n${out}`);
}

// The confirmed visit: { ref, visit, persons, start, day }; read at one moment with its tickets.
function standing() {
  const rows = sql("SELECT o.ref, v.id, v.persons, v.start_at, (SELECT count(*) FROM ticket WHERE state = 'valid')"
    + " FROM visit v JOIN orders o ON o.id = v.order_id WHERE v.state = 'confirmed'");
  assert.equal(rows.length, 1, rows.join('; '));
  const [ref, visit, persons, start, tickets] = rows[0].split('|');
  assert.equal(Number(tickets), Number(persons));
  return { ref, visit, persons: Number(persons), start,
    day: new Date(Number(start) * 1000).toLocaleDateString('sv-SE', { timeZone: 'Europe/Paris' }) };
}

// Asks for so many persons in the same slot; gives the request, not yet sent.
async function asked(client, visit, persons) {
  const page = await client.get(`/fr/commandes/${visit.ref}/modifier/${visit.visit}?personnes=${persons}&jour=${visit.day}`);
  const form = formsOf(page.text).find((one) => one.fields.some(([name]) => name === 'cle'));
  assert.ok(form, wordsOf(page.text).slice(0, 400));
  const fields = [...form.fields.filter(([name]) => name !== 'debut'), ['debut', visit.start]];
  return () => client.post(form.action, fields, { csrf: null });
}

test('OPT-6: a change cut at any step loses no money and doubles nothing', { timeout: 300000 }, async () => {
  let client = await guichet.signIn();
  await hold(guichet, client, 'sainte-chapelle', 20, { cart: true, ahead: 30 });
  const first = await order(client);
  await payAt(first.payAt);
  await client.get(`/fr/commandes/${first.ref}/retour`);
  await untilState(client, first.ref, 'Payée');
  const steps = ['ask', 'pay', 'back', 'fewer'];
  for (let round = 0; round < 3 * steps.length; round += 1) {
    const cut = steps[round % steps.length];
    client = await guichet.signIn();
    const before = standing();
    let page, ref;
    for (const step of steps) {
      const now = standing();
      let request;
      if (step === 'ask') request = await asked(client, now, now.persons === 20 ? 24 : 26);
      else if (step === 'pay') request = () => payAt(page);
      else if (step === 'back') request = () => client.get(`/fr/commandes/${ref}/retour`);
      else request = await asked(client, now, 20);
      const sent = unlessCut(request());
      if (step === cut) {
        // In one round of three the answer is waited for, so that the cut comes right after the step.
        if (round >= 2 * steps.length) await sent;
        await guichet.end('SIGKILL');
        await sent;
        break;
      }
      const answer = await sent;
      assert.ok(answer && [200, 303].includes(answer.status), `${step}: ${answer?.status}`);
      if (step === 'ask') {
        page = answer.location;
        assert.match(page, /\/c\/pay\//);
        [ref] = sql('SELECT ref FROM orders ORDER BY id DESC LIMIT 1');
      }
      if (step === 'back') await untilState(client, ref, 'Payée');
    }
    await guichet.run();
    await assertSound(`${cut}, round ${round}`);
    const now = standing();
    assert.equal(now.start, before.start);
    // What was asked for and not paid is over before the next round: its places return.
    client = await guichet.signIn();
    for (const pending of sql("SELECT ref FROM orders WHERE state = 'pending'")) {
      const address = `/fr/commandes/${pending}`;
      await client.get(address);
      await client.post(`${address}/abandonner`);
    }
    await until(() => sql("SELECT count(*) FROM order_change WHERE state = 'pending'")[0] === '0', { what: 'no change waiting' });
    const rest = standing();
    if (rest.persons !== 20) {
      const answer = await (await asked(client, rest, 20))();
      assert.equal(answer.status, 303, wordsOf(answer.text).slice(0, 300));
    }
    assert.equal(standing().persons, 20);
    await assertSound(`after ${cut}, round ${round}`);
  }
  // Each payment of the provider's book is ours, once, and each of our refunds is in it, once.
  const paid = (await guichet.book()).payments;
  await until(() => sql('SELECT payment_ref FROM payment').length === paid.length, { what: 'each payment to be noted' });
  assert.deepEqual(sql('SELECT payment_ref FROM payment').sort(), paid.map((payment) => payment.id).sort());
  await until(() => sql("SELECT count(*) FROM refund_part WHERE state <> 'done'")[0] === '0', { what: 'refunds to be done' });
  const { refunds } = await guichet.book();
  const sum = (rows) => rows.reduce((all, one) => all + one, 0);
  assert.deepEqual(sql('SELECT amount_cents FROM refund_part').map(Number).sort(), refunds.map((refund) => refund.amount).sort());
  // What the group has cost is what its visit costs now.
  const booked = sum(sql("SELECT amount_cents FROM payment WHERE state = 'booked'").map(Number));
  const [price] = sql("SELECT o.total_cents FROM visit v JOIN orders o ON o.id = v.order_id WHERE v.state = 'confirmed'").map(Number);
  assert.equal(booked - sum(sql("SELECT amount_cents FROM refund WHERE reason = 'change'").map(Number)), price);
  await assertSound('the end');
});
