// The closure desk and what it does to customers: preview, one act, messages, choices, refunds; who may not.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AGENCY, SCHOOL, assertAccessible, closeBrowser, linkIn, newPage, signedInPage, until } from './kit.mjs';
import { assertSound, clear, dayAhead, formsOf, hold, send, startShop, validate, wordsOf } from './purchase_kit.mjs';
import { LEADER, buy, closeAt, guidedSlots, hasForm, listDone, number, sql } from './closure_kit.mjs';
import { demoStaff, freshCode, staffOfRole, staffSignIn } from './staff_kit.mjs';

const SLUG = 'conciergerie';
const staff = {};
let guichet;
let buyer;
const accounts = {};
let manager;
let ahead = 30;

// Sessions end when the clock goes on for days.
async function signInAgain() {
  buyer = await guichet.signIn(AGENCY);
  for (const role of ['administrator', 'customer-service', 'gate-agent', 'accountant'])
    staff[role] = await staffSignIn(guichet, accounts[role] ??= demoStaff(guichet, role));
  if (manager) staff.manager = await staffSignIn(guichet, manager);
}

// A day of its own for each test, with its slots.
async function freshDay(persons = 6) {
  for (;;) {
    const day = dayAhead(guichet, ahead += 1);
    const slots = (await guidedSlots(buyer, SLUG, day, persons)).filter((slot) => slot.state === 'free' && slot.left >= 20);
    if (slots.length >= 4) return { day, slots };
  }
}

// A paid visit that was closed: what the customer has to choose about.
async function closedVisit(persons = 6) {
  const { day, slots } = await freshDay();
  const bought = await buy(guichet, buyer, slots[0], persons);
  const { answer } = await closeAt(staff['customer-service'], { guichet, slug: SLUG, scope: 'slot', from: day, start: slots[0].start });
  assert.equal(answer.status, 303, wordsOf(answer.text).slice(0, 600));
  await listDone(guichet);
  return { ...bought, day, slots, progress: answer.location };
}

before(async () => {
  guichet = await startShop();
  await signInAgain();
  const [own] = sql(guichet, `SELECT id FROM monument WHERE slug = '${SLUG}'`);
  manager = (await staffOfRole(guichet, staff.administrator, 'monument-manager', [own])).account;
  await signInAgain();
});
after(async () => {
  await closeBrowser();
  await guichet.stop();
});

test('OPS-4: a preview says exactly whom a closure hits, and changes nothing', async () => {
  const { day, slots } = await freshDay();
  await hold(guichet, buyer, SLUG, 9, { slot: slots[0], guide: true });
  await buy(guichet, buyer, slots[1], 6);
  await hold(guichet, buyer, SLUG, 5, { cart: true, slot: slots[2], guide: true });
  const desk = staff['customer-service'];
  const [monument] = sql(guichet, `SELECT id FROM monument WHERE slug = '${SLUG}'`);
  const preview = await desk.get(`/fr/service/fermetures/nouvelle?monument=${monument}&portee=days&du=${day}`);
  const rows = [...preview.text.matchAll(/<tr>\s*<th scope="row">(.*?)<\/tr>/gs)].map((m) => wordsOf(m[1]));
  const of = (word) => rows.find((row) => row.startsWith(word));
  const sum = sql(guichet, `SELECT sum(t.price_cents) FROM ticket t JOIN visit v ON v.id = t.visit_id JOIN slot s
    ON s.monument_id = v.monument_id AND s.start_at = v.start_at WHERE s.start_at = ${slots[1].start} AND t.state = 'valid'
    AND v.monument_id = ${monument}`)[0];
  assert.ok(of('Payée par carte').includes(` ${(sum / 100).toFixed(2).replace('.', ',')} €`), of('Payée par carte'));
  const expected = sql(guichet, `SELECT count(*) || ' ' || sum(v.persons) FROM visit v JOIN slot s ON s.monument_id = v.monument_id
    AND s.start_at = v.start_at WHERE v.monument_id = ${monument} AND v.state = 'option' AND s.day = (SELECT day FROM slot
    WHERE monument_id = ${monument} AND start_at = ${slots[0].start})`)[0];
  assert.ok(of('Option').startsWith(`Option ${expected} `), `${of('Option')} / ${expected}`);
  assert.ok(of('Dans un panier').startsWith('Dans un panier 1 5 '), of('Dans un panier'));
  assert.equal(number(guichet, `SELECT count(*) FROM slot WHERE monument_id = ${monument} AND start_at = ${slots[0].start}
    AND closed_fr IS NULL`), 1);
  await clear(buyer);
});

test('OPS-4: what is missing is said beside its field, all that was typed stays; one act closes', async () => {
  const { day, slots } = await freshDay();
  await hold(guichet, buyer, SLUG, 9, { slot: slots[0], guide: true });
  const desk = staff['customer-service'];
  const wrong = await closeAt(desk, { guichet, slug: SLUG, from: day, word: 'oui', reasons: ['Alerte météo', ''] });
  assert.equal(wrong.answer.status, 422);
  assert.match(wordsOf(wrong.answer.text), /Alerte météo/);
  assert.match(wordsOf(wrong.answer.text), /Motif en anglais/);
  assert.equal(number(guichet, "SELECT count(*) FROM closure WHERE reason_fr = 'Alerte météo'"), 0);
  const nearly = await send(desk, wrong.answer, '/fermetures/nouvelle', { motif_fr: 'Alerte météo',
    motif_en: 'Weather warning', mot: 'oui' });
  assert.equal(nearly.status, 422);
  assert.match(wordsOf(nearly.text), /Tapez le mot FERMER pour confirmer/);
  const form = formsOf(nearly.text).find((one) => one.action.endsWith('/fermetures/nouvelle'));
  assert.ok(form);
  const fields = [...form.fields.filter(([name]) => name !== 'mot'), ['mot', ' fermer '], ['motif_fr', 'Alerte météo'],
    ['motif_en', 'Weather warning']];
  const first = await desk.post(form.action, fields, { csrf: null });
  assert.equal(first.status, 303, wordsOf(first.text).slice(0, 500));
  const again = await desk.post(form.action, fields, { csrf: null });
  assert.equal(again.location, first.location, 'the same form is the same closure');
  /* Sales have stopped, in the planning with the reason in both languages. */
  const late = await buyer.post(`/fr/monuments/${SLUG}/option`, { debut: slots[1].start, personnes: '9', public: 'adults',
    guide: '1', cle: slots[1].key });
  assert.equal(late.status, 409);
  assert.match(wordsOf((await buyer.get(`/fr/monuments/${SLUG}/planning?vue=jour&jour=${day}`)).text), /Alerte météo/);
  assert.match(wordsOf((await buyer.get(`/en/monuments/${SLUG}/planning?vue=jour&jour=${day}`)).text), /Weather warning/);
  await listDone(guichet);
  const progress = await desk.get(first.location);
  assert.equal(progress.status, 200);
  assert.match(wordsOf(progress.text), /Prévenu, libéré/);
  assert.equal(number(guichet, `SELECT sum(taken) FROM slot WHERE start_at = ${slots[0].start} AND closed_fr = 'Alerte météo'`), 0);
  assert.match(wordsOf((await desk.get('/fr/service/fermetures')).text), /Alerte météo/);
  assert.match(wordsOf((await desk.get('/en/service/fermetures')).text), /Weather warning/);
  await assertSound(guichet);
});

test('COM-4: buyer and accompanying person are told at once, in their language, what, why and what to choose', async () => {
  const { visit, ref } = await closedVisit();
  const told = await guichet.mail((m) => m.to === AGENCY.email && m.text.includes(`/annulations/${visit}`), 'the buyer’s mail');
  for (const words of [/Conciergerie/, /Inondation des salles basses/, /autre créneau/, /remboursement/, /inclus/])
    assert.match(told.text, words);
  const leader = await guichet.mail((m) => m.to === LEADER && /Visite annulée/.test(m.subject), 'the leader’s mail');
  assert.match(leader.text, /ne vous présentez pas/);
  assert.match(leader.text, /Inondation des salles basses/);
  assert.equal(sql(guichet, `SELECT DISTINCT state || ended_why FROM ticket WHERE visit_id = ${visit}`)[0], 'cancelledclosure');
  /* Its tickets are not to be had any more. */
  assert.equal(hasForm(await buyer.get(`/fr/commandes/${ref}`), '/renvoyer-billets'), false);
  assert.equal((await buyer.get(`/fr/commandes/${ref}/billets/${visit}/pdf`)).status, 404);
  assert.match(wordsOf((await buyer.get(`/fr/commandes/${ref}`)).text), /Le monument a annulé cette visite/);
  assert.ok((await buyer.get(`/fr/commandes/${ref}`)).text.includes(`/fr/annulations/${visit}"`));
  /* The customer's line of time at the desk says so. */
  const [organisation] = sql(guichet, `SELECT organisation_id FROM visit WHERE id = ${visit}`);
  const timeline = await staff['customer-service'].get(`/fr/service/organisations/${organisation}`);
  assert.match(wordsOf(timeline.text), /Visite annulée par une fermeture/);
});

test('ORD-4: another slot: the places first, new tickets for old, fewer persons get the difference back', async () => {
  const { visit, day, slots, ref } = await closedVisit(6);
  const mails = (await guichet.mails()).length;
  const list = await buyer.get('/fr/annulations');
  assert.ok(list.text.includes(`/fr/annulations/${visit}"`));
  const page = await buyer.get(`/fr/annulations/${visit}?personnes=5&jour=${day}`);
  assert.equal(page.status, 200);
  const closed = page.text.match(new RegExp(`value="${slots[0].start}"[^>]*>`))[0];
  assert.match(closed, /disabled/, 'the closed slot cannot be chosen');
  const missing = await send(buyer, page, '/creneau', {});
  assert.equal(missing.status, 422);
  const tooMany = await buyer.get(`/fr/annulations/${visit}?personnes=7&jour=${day}`);
  assert.equal(tooMany.status, 422);
  assert.match(wordsOf(tooMany.text), /6 personnes au plus/);
  const moved = await send(buyer, page, '/creneau', { debut: slots[2].start });
  assert.equal(moved.status, 303, wordsOf(moved.text).slice(0, 500));
  const after = await buyer.get(moved.location);
  assert.match(wordsOf(after.text), /Vous avez choisi un autre créneau/);
  assert.deepEqual(sql(guichet, `SELECT state, start_at, persons FROM visit WHERE id = ${visit}`), [`confirmed|${slots[2].start}|5`]);
  assert.equal(number(guichet, `SELECT count(*) FROM ticket WHERE visit_id = ${visit} AND state = 'valid' AND valid_from = ${slots[2].start}`), 5);
  assert.equal(number(guichet, `SELECT count(*) FROM ticket WHERE visit_id = ${visit} AND state = 'cancelled'`), 6);
  const again = await send(buyer, page, '/creneau', { debut: slots[3].start });
  assert.equal(again.status, 422, 'a choice is made once');
  const tickets = await until(async () => (await guichet.mails()).slice(mails).find((m) => m.attachments.some((a) => /billets/.test(a.filename))),
    { what: 'the new tickets' });
  assert.ok(tickets);
  await until(() => number(guichet, `SELECT count(*) FROM refund_part p JOIN refund r ON r.id = p.refund_id JOIN orders o
    ON o.id = r.order_id WHERE o.ref = '${ref}' AND p.state = 'done'`) === 1, { what: 'the difference to go back' });
  const paid = sql(guichet, `SELECT p.payment_ref FROM payment p JOIN orders o ON o.id = p.order_id WHERE o.ref = '${ref}'`)[0];
  const price = number(guichet, `SELECT max(price_cents) FROM ticket WHERE visit_id = ${visit}`);
  const refunds = (await guichet.book()).refunds.filter((one) => one.payment_intent === paid);
  assert.deepEqual(refunds.map((one) => one.amount), [price]);
  await assertSound(guichet);
});

test('ORD-4: the refund goes through the provider once, with a credit note', async () => {
  const { visit, ref, progress } = await closedVisit(6);
  const page = await buyer.get(`/fr/annulations/${visit}`);
  const unsure = await send(buyer, page, '/remboursement', {});
  assert.equal(unsure.status, 422);
  assert.match(wordsOf(unsure.text), /Cochez la case pour confirmer/);
  const answers = await Promise.all([1, 2, 3].map(() => send(buyer, page, '/remboursement', { certain: '1' })));
  assert.deepEqual(answers.map((one) => one.status), [303, 303, 303]);
  assert.match(wordsOf((await buyer.get(answers[0].location)).text), /Vous êtes remboursé/);
  const [paid, amount] = sql(guichet, `SELECT p.payment_ref, p.amount_cents FROM payment p JOIN orders o ON o.id = p.order_id
    WHERE o.ref = '${ref}'`)[0].split('|');
  await until(async () => (await guichet.book()).refunds.some((one) => one.payment_intent === paid), { what: 'the refund' });
  const refunds = (await guichet.book()).refunds.filter((one) => one.payment_intent === paid);
  assert.deepEqual(refunds.map((one) => one.amount), [Number(amount)]);
  assert.equal(number(guichet, `SELECT count(*) FROM invoice i JOIN orders o ON o.id = i.order_id WHERE o.ref = '${ref}'
    AND i.kind = 'credit-note' AND i.total_cents = ${amount}`), 1);
  await until(async () => /Remboursements effectués 1 sur 1/.test(wordsOf((await staff['customer-service'].get(progress)).text)),
    { what: 'the progress to say so' });
  await assertSound(guichet);
});

test('ORD-4: without an answer the money goes back at the end of the term', async () => {
  const { visit } = await closedVisit(6);
  await guichet.clock.advance(16 * 86400);
  await until(() => sql(guichet, `SELECT choice FROM closure_visit WHERE visit_id = ${visit}`)[0] === 'default',
    { what: 'the refund by default', seconds: 60 });
  await signInAgain();
  assert.match(wordsOf((await buyer.get(`/fr/annulations/${visit}`)).text), /Le délai est passé sans réponse/);
  ahead += 20;
  await assertSound(guichet);
});

test('OPS-4: a payment under way is ended at the provider, its visit is released', async () => {
  const { day, slots } = await freshDay();
  await clear(buyer);
  await hold(guichet, buyer, SLUG, 6, { cart: true, slot: slots[0], guide: true });
  const page = await buyer.get('/fr/validation');
  const guide = sql(guichet, `SELECT id FROM leader WHERE email = '${LEADER}'`)[0];
  const choices = Object.fromEntries([...page.text.matchAll(/<select id="(accompagnateur-\d+)"/g)].map((m) => [m[1], guide]));
  const sent = await validate(buyer, choices);
  assert.match(sent.location, /\/c\/pay\//);
  await closeAt(staff['customer-service'], { guichet, slug: SLUG, scope: 'slot', from: day, start: slots[0].start });
  await listDone(guichet);
  assert.equal(sql(guichet, 'SELECT state FROM orders ORDER BY id DESC LIMIT 1')[0], 'expired');
  assert.notEqual((await fetch(sent.location, { redirect: 'manual' })).status, 200, 'the page cannot be paid any more');
  const told = await guichet.mail((m) => m.to === AGENCY.email && /Le paiement de la commande/.test(m.text), 'the mail');
  assert.match(told.text, /remboursé en entier/);
  await assertSound(guichet);
});

test('OPS-4: opened again, the slots are on sale and what was cancelled stays so', async () => {
  const { visit, slots, progress, day } = await closedVisit(6);
  const desk = staff['customer-service'];
  const opened = await send(desk, await desk.get(progress), '/rouvrir');
  assert.equal(opened.status, 303);
  assert.match(wordsOf((await desk.get(progress)).text), /Rouvert à la vente/);
  assert.equal(sql(guichet, `SELECT state FROM visit WHERE id = ${visit}`)[0], 'cancelled');
  const open = (await guidedSlots(buyer, SLUG, day, 6)).find((slot) => slot.start === slots[0].start);
  assert.equal(open.state, 'free');
  await assertSound(guichet);
});

test('OPS-7: a manager closes the own monument’s slots and days; nobody else’s, and not the whole', async () => {
  const { day } = await freshDay();
  const [other] = sql(guichet, "SELECT id FROM monument WHERE slug = 'sainte-chapelle'");
  const [own] = sql(guichet, `SELECT id FROM monument WHERE slug = '${SLUG}'`);
  const blank = await staff.manager.get('/fr/service/fermetures/nouvelle');
  assert.equal(blank.status, 200);
  assert.doesNotMatch(blank.text, /value="monument"/);
  assert.doesNotMatch(blank.text, new RegExp(`<option value="${other}"`));
  const ask = (client, monument, scope) =>
    client.get(`/fr/service/fermetures/nouvelle?monument=${monument}&portee=${scope}&du=${day}`);
  assert.equal((await ask(staff.manager, own, 'days')).status, 200);
  assert.equal((await ask(staff.manager, own, 'monument')).status, 422);
  assert.equal((await ask(staff.manager, other, 'days')).status, 422);
  const forged = await staff.manager.post('/fr/service/fermetures/nouvelle', { monument: other, portee: 'days', du: day,
    motif_fr: 'x', motif_en: 'x', mot: 'FERMER', cle: 'abcdefghijklmnopqrstuvwxyz012345' });
  assert.notEqual(forged.status, 303);
  const { answer } = await closeAt(staff['customer-service'], { guichet, slug: 'sainte-chapelle', from: day });
  assert.equal(answer.status, 303);
  assert.equal((await staff.manager.get(answer.location)).status, 404);
  assert.equal((await staff.manager.post(`${answer.location}/rouvrir`)).status, 404);
  for (const role of ['gate-agent', 'accountant'])
    for (const address of ['/fr/service/fermetures', '/fr/service/fermetures/nouvelle', answer.location])
      assert.equal((await staff[role].get(address)).status, 404, `${role} ${address}`);
  const [visit] = sql(guichet, "SELECT visit_id FROM closure_visit WHERE choice <> '' LIMIT 1");
  const school = await guichet.signIn(SCHOOL);
  for (const address of [`/fr/annulations/${visit}`, '/fr/annulations/999999', '/fr/annulations/x'])
    assert.equal((await school.get(address)).status, 404, address);
  assert.equal((await school.post(`/fr/annulations/${visit}/remboursement`, { certain: '1' })).status, 404);
  assert.equal((await guichet.client().get(`/fr/annulations/${visit}`)).status, 303, 'a visitor signs in first');
});

test('OPS-4: the pages are accessible in every look, and the progress follows the work by itself', async () => {
  const { visit } = await closedVisit(6);
  const page = await newPage(guichet, { bypassCSP: true });
  const account = accounts['customer-service'];
  await page.goto('/fr/service/connexion');
  await page.getByLabel('Adresse e-mail').fill(account.email);
  await page.getByLabel('Mot de passe', { exact: true }).fill(account.password);
  await page.locator('main').getByRole('button', { name: 'Se connecter' }).click();
  await guichet.clock.advance(61);
  await page.getByLabel('Code').fill(await freshCode(guichet, account));
  await page.locator('main').getByRole('button', { name: 'Se connecter' }).click();
  await page.waitForURL('**/service');
  await page.getByRole('link', { name: 'Fermetures', exact: true }).first().click();
  await assertAccessible(page, 'list');
  await page.getByRole('link', { name: 'Nouvelle fermeture' }).click();
  await assertAccessible(page, 'where');
  const { day, slots } = await freshDay();
  for (const slot of slots.slice(0, 3)) await hold(guichet, buyer, SLUG, 9, { slot, guide: true });
  await page.getByLabel('Monument', { exact: true }).selectOption({ label: 'Conciergerie' });
  await page.getByLabel('Premier jour').fill(day);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Qui est touché' }).waitFor();
  await page.locator('summary').click();
  await assertAccessible(page, 'preview');
  await page.getByLabel('Motif en français').fill('Tempête');
  await page.getByLabel('Motif en anglais').fill('Storm');
  await page.getByLabel('Confirmation').fill('fermer');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Avancement' }).waitFor();
  await page.getByText('3 réservations traitées sur 3').waitFor();
  await page.getByText('Prévenu, libéré').nth(2).waitFor();
  await assertAccessible(page, 'progress');
  for (const address of ['/en/service/fermetures', '/en/service/fermetures/nouvelle']) {
    await page.goto(address);
    await assertAccessible(page, address);
  }
  assert.deepEqual(page.complaints, []);
  await page.context().close();
  const customer = await signedInPage(guichet, { bypassCSP: true });
  for (const address of ['/fr/annulations', `/fr/annulations/${visit}`, `/fr/annulations/${visit}?personnes=99&jour=${day}`,
    `/en/annulations/${visit}?personnes=5&jour=${dayAhead(guichet, ahead + 2)}`]) {
    await customer.goto(address);
    await assertAccessible(customer, address);
  }
  /* By the mail's link to the choice, with the keyboard alone. */
  const mail = await guichet.mail((m) => m.to === AGENCY.email && m.text.includes(`/annulations/${visit}`), 'the mail');
  await customer.goto(linkIn(mail, 'annulations'));
  await customer.getByLabel('Je confirme').focus();
  await customer.keyboard.press('Space');
  await customer.keyboard.press('Tab');
  await customer.keyboard.press('Enter');
  await customer.getByText('Vous êtes remboursé').waitFor();
  await assertAccessible(customer, 'chosen');
  assert.deepEqual(customer.complaints, []);
});
