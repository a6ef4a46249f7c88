// The closure of a day with two hundred paid orders, the server killed ten times on the way: every buyer and every
// accompanying person is told, every refund is made exactly once, and the provider's book agrees with ours.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AGENCY, until } from './kit.mjs';
import { assertSound, dayAhead, hold, send, startShop, wordsOf } from './purchase_kit.mjs';
import { LEADER, buy, closeAt, guidedSlots, messageIds, number, sql } from './closure_kit.mjs';
import { demoStaff, staffSignIn } from './staff_kit.mjs';

const SLUG = 'conciergerie';
const ORDERS = 200;
const PERSONS = 2;
let guichet;

before(async () => { guichet = await startShop(); });
after(async () => { await guichet.stop(); });

// A far day with places for all of them.
async function emptyDay(client) {
  for (let ahead = 60; ahead < 120; ahead += 1) {
    const day = dayAhead(guichet, ahead);
    const slots = (await guidedSlots(client, SLUG, day, PERSONS)).filter((slot) => slot.state === 'free');
    if (slots.reduce((sum, slot) => sum + slot.left, 0) >= ORDERS * PERSONS + 100) return { day, slots };
  }
  throw new Error('no day with places for all');
}

let kills = 0;
// Kills the server once `sign` has moved on from what it is now, and starts it again.
async function killAfter(sign, what) {
  const from = await sign();
  await until(async () => (await sign()) > from, { what, seconds: 60 });
  await guichet.end('SIGKILL');
  kills += 1;
  await guichet.run();
}

const refundsDone = () => until(() => number(guichet, "SELECT count(*) FROM refund_part WHERE state <> 'done'") === 0,
  { what: 'the refunds', seconds: 60 });

test('OPS-4, COM-4, ORD-4: a day of 200 orders, killed ten times: told, and refunded exactly once', { timeout: 900000 }, async () => {
  let client = await guichet.signIn(AGENCY);
  const { day, slots } = await emptyDay(client);
  const left = new Map(slots.map((slot) => [slot, slot.left]));
  const visits = [];
  for (let n = 0; n < ORDERS; n += 1) {
    const slot = slots.find((one) => left.get(one) >= PERSONS + 6);
    left.set(slot, left.get(slot) - PERSONS);
    /* Its own key: the page of a slot is read once, the form is a new one each time. */
    const key = `${slot.key.slice(0, -6)}${String(n).padStart(6, '0')}`;
    visits.push((await buy(guichet, client, { ...slot, key }, PERSONS)).visit);
  }
  await hold(guichet, client, SLUG, 5, { slot: { ...slots[1], key: `${slots[1].key.slice(0, -6)}option` }, guide: true });
  let desk = await staffSignIn(guichet, demoStaff(guichet, 'customer-service'));

  /* One act. The first kill comes with its answer, the next three while people are told. */
  const { answer } = await closeAt(desk, { guichet, slug: SLUG, from: day });
  assert.equal(answer.status, 303, wordsOf(answer.text).slice(0, 500));
  await guichet.end('SIGKILL');
  kills += 1;
  assert.equal(number(guichet, 'SELECT count(*) FROM closure_visit'), ORDERS + 1);
  const done = number(guichet, "SELECT count(*) FROM closure_visit WHERE state = 'done'");
  await guichet.run();
  assert.ok(done < ORDERS, 'the first kill came in the middle');
  await killAfter(() => number(guichet, "SELECT count(*) FROM outbox WHERE kind LIKE 'closure%' AND state = 'sent'"), 'mails');
  await killAfter(() => number(guichet, "SELECT count(*) FROM outbox WHERE kind LIKE 'closure%' AND state = 'sent'"), 'mails');
  await killAfter(() => number(guichet, "SELECT count(*) FROM outbox WHERE kind LIKE 'closure%' AND state = 'sent'"), 'mails');
  await until(() => number(guichet, "SELECT count(*) FROM closure WHERE state = 'working'") === 0, { what: 'the list', seconds: 60 });
  assert.equal(number(guichet, "SELECT count(*) FROM closure_visit WHERE choice = 'open'"), ORDERS);
  assert.equal(number(guichet, "SELECT count(*) FROM closure_visit WHERE outcome = 'released'"), 1);
  await assertSound(guichet);

  /* Some choose the refund, and three kills come while their money is sent back. */
  client = await guichet.signIn(AGENCY);
  const chosen = visits.slice(0, 60);
  for (let from = 0; from < chosen.length; from += 20) {
    const page = await client.get(`/fr/annulations/${chosen[from]}`);
    assert.equal(page.status, 200);
    for (const visit of chosen.slice(from, from + 20)) {
      const sent = await client.post(`/fr/annulations/${visit}/remboursement`, { certain: '1' });
      assert.equal(sent.status, 303);
    }
    await killAfter(() => number(guichet, "SELECT count(*) FROM refund_part WHERE state = 'done'"), 'refunds');
  }
  /* Some go to another day. */
  const other = (await guidedSlots(client, SLUG, dayAhead(guichet, 125), PERSONS)).find((slot) => slot.state === 'free' && slot.left >= 10);
  for (const visit of visits.slice(60, 62)) {
    const page = await client.get(`/fr/annulations/${visit}?personnes=${PERSONS}&jour=${other.day}`);
    assert.equal((await send(client, page, '/creneau', { debut: other.start })).status, 303);
  }
  /* What a killed server had begun is taken up by the next one when its lease is over: before days have gone by. */
  await guichet.clock.advance(600);
  await refundsDone();
  /* The others say nothing: at the end of the term three more kills. */
  await guichet.clock.advance(16 * 86400);
  for (let n = 0; n < 3; n += 1)
    await killAfter(() => number(guichet, "SELECT count(*) FROM closure_visit WHERE choice = 'default'")
      + number(guichet, "SELECT count(*) FROM refund_part WHERE state = 'done'"), 'refunds by default');
  assert.equal(kills, 10);
  await guichet.clock.advance(600);
  await until(() => number(guichet, "SELECT count(*) FROM closure_visit WHERE choice = 'open'") === 0, { what: 'choices', seconds: 60 });
  await refundsDone();
  await until(() => number(guichet, "SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending') AND kind LIKE 'closure%'") === 0,
    { what: 'the mails', seconds: 60 });

  /* Each refund once: the provider's book against ours, to the cent. */
  const { refunds } = await guichet.book();
  const theirs = refunds.map((one) => `${one.payment_intent}|${one.amount}`).sort();
  const ours = sql(guichet, `SELECT p.payment_ref, r.amount_cents FROM refund_part r JOIN payment p ON p.id = r.payment_id`).sort();
  assert.equal(theirs.length, ORDERS - 2);
  assert.deepEqual(theirs, ours);
  assert.equal(new Set(theirs.map((one) => one.split('|')[0])).size, ORDERS - 2, 'no payment twice');
  assert.equal(number(guichet, "SELECT count(*) FROM refund WHERE reason = 'closure'"), ORDERS - 2);
  assert.equal(number(guichet, "SELECT count(*) FROM invoice WHERE kind = 'credit-note'"), ORDERS - 2);

  /* Each told: one message for each of them, which a kill may have sent a second time, never a third. */
  for (const [kind, recipient, count] of [['closure', AGENCY.email, ORDERS + 1], ['closure-notice', LEADER, ORDERS]]) {
    assert.equal(number(guichet, `SELECT count(*) FROM outbox WHERE kind = '${kind}' AND recipient = '${recipient}' AND state = 'sent'`), count);
    const ids = await messageIds(guichet, kind);
    assert.equal(new Set(ids).size, count, `${kind}: everybody was told`);
    const times = ids.reduce((sum, id) => sum.set(id, (sum.get(id) ?? 0) + 1), new Map());
    assert.ok(Math.max(...times.values()) <= 2, `${kind}: at most twice`);
    assert.ok(ids.length <= count + kills, `${kind}: ${ids.length} messages`);
  }
  desk = await staffSignIn(guichet, demoStaff(guichet, 'customer-service'));
  const text = wordsOf((await desk.get(answer.location)).text);
  for (const said of [`${ORDERS + 1} réservations traitées sur ${ORDERS + 1}`, `Remboursements effectués ${ORDERS - 2} sur ${ORDERS - 2}`,
    'Remboursement choisi 60', 'Autre créneau choisi 2', 'Remboursés à l’échéance 138', 'Choix en attente 0'])
    assert.ok(text.includes(said), `${said}: ${text.slice(0, 1500)}`);
  await assertSound(guichet);
});
