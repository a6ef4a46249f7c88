// A paid visit changed in place (OPT-6) and its accompanying person replaced (COM-5), as a browser without JavaScript
// has it, and in Chromium.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { assertAccessible, closeBrowser, signedInPage, until } from './kit.mjs';
import { CARD, assertSound, clear, formsOf, freeSlot, hold, newestOrder, order, payAt, send, slotsOn, startShop,
  untilState, wordsOf } from './purchase_kit.mjs';
import { demoStaff, staffSignIn } from './staff_kit.mjs';

let guichet, agency;
before(async () => {
  guichet = await startShop();
  agency = await guichet.signIn();
});
after(async () => {
  await closeBrowser();
  await assertSound(guichet);
  await guichet.stop();
});
beforeEach(() => clear(agency));

// A paid visit: { ref, visit, slot }.
async function bought(slug, persons, search = {}) {
  const slot = await hold(guichet, agency, slug, persons, { cart: true, ahead: 12, ...search });
  const { ref, payAt: address } = await order(agency);
  await payAt(address);
  await agency.get(`/fr/commandes/${ref}/retour`);
  await untilState(agency, ref, 'Payée');
  const page = await agency.get(`/fr/commandes/${ref}`);
  return { ref, slot, visit: page.text.match(/\/modifier\/(\d+)"/)[1] };
}
const changePage = ({ ref, visit }, persons, day, client = agency) =>
  client.get(`/fr/commandes/${ref}/modifier/${visit}${persons ? `?personnes=${persons}&jour=${day}` : ''}`);
// Sends the form that changes; the page's other one only asks for the slots of a day.
function change(client, page, changes) {
  const form = formsOf(page.text).find((one) => one.fields.some(([name]) => name === 'cle'));
  assert.ok(form, wordsOf(page.text).slice(0, 400));
  const fields = [...form.fields.filter(([name]) => !(name in changes)), ...Object.entries(changes)];
  return client.post(form.action, fields.filter(([, value]) => value !== undefined), { csrf: null });
}
const leftAt = async (slot, persons = 20) =>
  (await slotsOn(agency, slot.slug, slot.day, persons)).find((one) => one.start === slot.start)?.left;
const ticketsOf = async (ref) => (await agency.get(`/fr/commandes/${ref}`)).text.match(/\/billets\/(\d+)\/pdf"/)?.[1];

test('OPT-6: a paid visit moves to another day at the same price; old tickets end, new ones come', async () => {
  const paid = await bought('sainte-chapelle', 20);
  const before = await leftAt(paid.slot);
  const other = await freeSlot(guichet, agency, 'sainte-chapelle', 20, { ahead: 20 });
  const otherBefore = await leftAt(other);
  const mailed = (await guichet.mails()).length;
  const page = await changePage(paid, 20, other.day);
  assert.equal(page.status, 200);
  assert.match(wordsOf(page.text), /Le prix ne change pas/);
  const answer = await change(agency, page, { debut: other.start });
  assert.equal(answer.status, 303);
  const ref = answer.location.match(/\/fr\/commandes\/([0-9A-Z-]+)$/)[1];
  assert.notEqual(ref, paid.ref);
  const now = await agency.get(answer.location);
  assert.match(wordsOf(now.text), /Visite modifiée/);
  assert.match(wordsOf(now.text), new RegExp(`Remplace une visite de ${paid.ref}`));
  assert.equal(await leftAt(paid.slot), before + 20);
  assert.equal(await leftAt(other), otherBefore - 20);
  const then = await agency.get(`/fr/commandes/${paid.ref}`);
  assert.match(wordsOf(then.text), /Cette visite a été modifiée\. Voir la commande/);
  assert.equal((await agency.get(`/fr/commandes/${paid.ref}/billets/${paid.visit}/pdf`)).status, 404);
  assert.ok(await ticketsOf(ref));
  const mail = await guichet.mail((m) => m.subject.includes('Visite modifiée') && m.subject.includes(ref), 'the mail');
  assert.match(mail.text.replace(/\s+/g, ' '), /Avant : .* 20 personnes Maintenant : .* 20 personnes/);
  assert.ok(mail.attachments.some((file) => /facture/.test(file.filename)));
  await until(async () => (await guichet.mails()).slice(mailed).some((m) => /Vos billets/.test(m.subject) && m.subject.includes(ref)),
    { what: 'the new tickets' });
  // The same form again makes no second change: it leads to the first.
  const again = await change(agency, page, { debut: other.start });
  assert.equal(again.location, answer.location);
});

test('OPT-6: more persons pay the difference on the hosted page; until then the old visit is as it was', async () => {
  const paid = await bought('sainte-chapelle', 20);
  const before = await leftAt(paid.slot);
  const page = await changePage(paid, 23, paid.slot.day);
  const amount = wordsOf(page.text).match(/Confirmer et payer (\d+,\d\d) €/)?.[1];
  assert.ok(amount, wordsOf(page.text));
  const answer = await change(agency, page, { debut: paid.slot.start });
  assert.equal(answer.status, 303);
  assert.match(answer.location, /\/c\/pay\//);
  assert.equal(await leftAt(paid.slot), before - 3, 'only the difference is held');
  assert.equal(await ticketsOf(paid.ref), paid.visit, 'the old tickets are good');
  const ref = await newestOrder(agency);
  assert.match(wordsOf((await agency.get(`/fr/commandes/${paid.ref}`)).text), /modification de cette visite attend son paiement/);
  assert.match(wordsOf((await agency.get(`/fr/commandes/${ref}`)).text), new RegExp(`Payer ${amount}`));
  const second = await changePage(paid);
  assert.match(wordsOf(second.text), /en cours de paiement/);
  await payAt(answer.location);
  await agency.get(`/fr/commandes/${ref}/retour`);
  await untilState(agency, ref, 'Payée');
  const cents = Number(amount.replace(',', ''));
  assert.ok((await guichet.book()).payments.some((payment) => payment.amount === cents), 'the difference alone was charged');
  assert.equal(await leftAt(paid.slot), before - 3);
  assert.equal(await ticketsOf(paid.ref), undefined);
  assert.ok(await ticketsOf(ref));
});

test('OPT-6: declined or given up, the visit stays as it was', async () => {
  const paid = await bought('sainte-chapelle', 20);
  const before = await leftAt(paid.slot);
  const answer = await change(agency, await changePage(paid, 24, paid.slot.day), { debut: paid.slot.start });
  await payAt(answer.location, CARD.declined);
  const ref = await newestOrder(agency);
  assert.equal((await send(agency, await agency.get(`/fr/commandes/${ref}`), '/abandonner')).status, 303);
  const given = wordsOf((await agency.get(`/fr/commandes/${ref}`)).text);
  assert.match(given, /Modification non faite.*Votre visite reste comme elle était/);
  assert.equal(await leftAt(paid.slot), before);
  assert.equal(await ticketsOf(paid.ref), paid.visit);
  await guichet.mail((m) => /Modification sans suite/.test(m.subject), 'the mail that says so');
});

test('OPT-6: fewer persons get the difference back, once, with a credit note', async () => {
  const paid = await bought('arc-de-triomphe', 25);
  const page = await changePage(paid, 22, paid.slot.day);
  const amount = wordsOf(page.text).match(/Rendu (\d+,\d\d) €/)?.[1];
  assert.ok(amount, wordsOf(page.text));
  const before = await leftAt(paid.slot);
  assert.equal((await change(agency, page, { debut: paid.slot.start })).status, 303);
  assert.equal(await leftAt(paid.slot), before + 3);
  const cents = Number(amount.replace(',', ''));
  await until(async () => (await guichet.book()).refunds?.filter((refund) => refund.amount === cents).length === 1,
    { what: 'the refund at the provider' });
  await guichet.mail((m) => /Remboursement/.test(m.subject) && m.subject.includes(paid.ref), 'the mail about the refund');
});

test('OPT-6: a refusal keeps the visit, the page and what was typed', async () => {
  const paid = await bought('sainte-chapelle', 20);
  const before = await leftAt(paid.slot);
  const page = await changePage(paid, 20, paid.slot.day);
  const large = await change(agency, page, { personnes: '40', debut: paid.slot.start });
  assert.equal(large.status, 422);
  assert.match(wordsOf(large.text), /La visite n’a pas été modifiée.*dépasse le nombre maximum/);
  assert.match(large.text, /name="personnes"[^>]*value="40"/);
  const none = await change(agency, page, { debut: undefined });
  assert.equal(none.status, 422);
  assert.match(wordsOf(none.text), /Choisissez un créneau/);
  const same = await change(agency, page, { debut: paid.slot.start });
  assert.equal(same.status, 422);
  assert.match(wordsOf(same.text), /déjà le nombre de personnes et le créneau/);
  const price = await change(agency, await changePage(paid, 22, paid.slot.day), { debut: paid.slot.start, ecart: '100' });
  assert.equal(price.status, 422);
  assert.match(wordsOf(price.text), /Le prix a changé/);
  assert.match(price.text, /name="personnes" value="22"/);
  const wrong = await agency.get(`/fr/commandes/${paid.ref}/modifier/${paid.visit}?personnes=beaucoup&jour=demain`);
  assert.equal(wrong.status, 422);
  assert.match(wrong.text, /value="beaucoup"/);
  assert.equal((await changePage({ ref: paid.ref, visit: '999999' })).status, 404);
  const stranger = await guichet.signIn(await guichet.openAccount());
  assert.equal((await changePage(paid, 20, paid.slot.day, stranger)).status, 404);
  assert.equal((await stranger.get(`/fr/commandes/${paid.ref}/accompagnateur/${paid.visit}`)).status, 404);
  assert.equal(await leftAt(paid.slot), before);
});

test('COM-5: the accompanying person is replaced; the new one gets visit and tickets, the old one is told', async () => {
  const paid = await bought('conciergerie', 22);
  const page = await agency.get(`/fr/commandes/${paid.ref}/accompagnateur/${paid.visit}`);
  assert.equal(page.status, 200);
  const choices = [...page.text.matchAll(/name="accompagnateur" value="(\d+)" required ?(disabled|checked)?[^>]*><span>([^<–]+)/g)]
    .map(([, id, how, name]) => ({ id, current: how === 'disabled', name: name.trim() }));
  assert.equal(choices.filter((one) => one.current).length, 1);
  const persons = choices.filter((one) => !one.current && !/Type/.test(one.name));
  assert.ok(persons.length >= 2, JSON.stringify(choices));
  const none = await send(agency, page, `/accompagnateur/${paid.visit}`, { accompagnateur: undefined });
  assert.equal(none.status, 422);
  assert.match(wordsOf(none.text), /Choisissez une personne/);
  const first = await send(agency, page, `/accompagnateur/${paid.visit}`, { accompagnateur: persons[0].id });
  assert.equal(first.status, 303);
  assert.match(wordsOf((await agency.get(first.location)).text), new RegExp(`Accompagnateur.{1,20}${persons[0].name}`));
  const told = await guichet.mail((m) => /Vous accompagnez un groupe/.test(m.subject), 'the mail to the new person');
  assert.match(told.text, /Conciergerie/);
  assert.ok(told.attachments.some((file) => /billets/.test(file.filename)));
  const next = await send(agency, await agency.get(`/fr/commandes/${paid.ref}/accompagnateur/${paid.visit}`),
    `/accompagnateur/${paid.visit}`, { accompagnateur: persons[1].id });
  assert.equal(next.status, 303);
  const released = await guichet.mail((m) => /Vous n’accompagnez plus/.test(m.subject), 'the mail to the old person');
  assert.equal(released.to, told.to);
  assert.equal(released.attachments.length, 0);
  // The form of before, sent again, undoes nothing.
  const again = await send(agency, page, `/accompagnateur/${paid.visit}`, { accompagnateur: persons[0].id });
  assert.equal(again.status, 303);
  assert.match(wordsOf((await agency.get(`/fr/commandes/${paid.ref}`)).text), new RegExp(persons[1].name));
});

test('COM-5: a guide’s card is kept, checked and printed; an expired one is warned of', async () => {
  const list = await agency.get('/fr/client/accompagnateurs');
  const fields = { fonction: 'guide', nom: 'Lacaze', prenom: 'Ondine', courriel: 'ondine.lacaze@guides.example', telephone: '+33199002450' };
  const lacking = await agency.post('/fr/client/accompagnateurs', { ...fields, 'carte-fin': '2031-03-01' });
  assert.equal(lacking.status, 422);
  assert.match(lacking.text, /name="carte-fin"[^>]*value="2031-03-01"/);
  assert.match(wordsOf(lacking.text), /Indiquez le numéro de la carte/);
  const expired = new Date((guichet.clock.now() - 86400) * 1000).toISOString().slice(0, 10);
  assert.equal((await agency.post('/fr/client/accompagnateurs', { ...fields, carte: 'GC-2020-117', 'carte-fin': expired })).status, 303);
  const now = wordsOf((await agency.get('/fr/client/accompagnateurs')).text);
  assert.match(now, /Carte n° GC-2020-117 Carte expirée le/);
  assert.equal(list.status, 200);
  const paid = await bought('conciergerie', 12, { guide: true });
  const page = await agency.get(`/fr/commandes/${paid.ref}/accompagnateur/${paid.visit}`);
  assert.doesNotMatch(wordsOf(page.text), /Accompagnateur Type/, 'a guided visit has only guides');
  const id = page.text.match(/value="(\d+)" required[^>]*><span>Ondine Lacaze/)[1];
  assert.match(wordsOf(page.text), /Ondine Lacaze – Carte expirée le/);
  assert.equal((await send(agency, page, `/accompagnateur/${paid.visit}`, { accompagnateur: id })).status, 303);
  assert.match(wordsOf((await agency.get(`/fr/commandes/${paid.ref}`)).text), /carte professionnelle du guide n’est plus valable/);
  assert.match(wordsOf((await agency.get(`/fr/commandes/${paid.ref}/billets/${paid.visit}`)).text), /carte n° GC-2020-117/);
});

test('OPT-6 COM-5: by keyboard and eye in Chromium, in both languages', async () => {
  const paid = await bought('sainte-chapelle', 20);
  const page = await signedInPage(guichet, { bypassCSP: true });
  await page.goto(`/fr/commandes/${paid.ref}`);
  await assertAccessible(page);
  await page.getByRole('link', { name: /^Modifier la visite/ }).press('Enter');
  await page.waitForURL(/\/modifier\/\d+$/);
  await assertAccessible(page);
  await page.getByLabel('Nombre de personnes').fill('24');
  await page.getByRole('button', { name: 'Voir les créneaux' }).press('Enter');
  await page.waitForURL(/personnes=24/);
  await assertAccessible(page);
  await page.goto(`/en/commandes/${paid.ref}/modifier/${paid.visit}?personnes=400&jour=${paid.slot.day}`);
  await assertAccessible(page);
  await page.goto(`/en/commandes/${paid.ref}/accompagnateur/${paid.visit}`);
  await assertAccessible(page);
  await page.goto('/en/client/accompagnateurs');
  await assertAccessible(page);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test('OPT-6: after the cut-off only customer service changes a visit, with a reason', async () => {
  const paid = await bought('sainte-chapelle', 20);
  const account = demoStaff(guichet, 'customer-service');
  assert.equal((await changePage(paid)).status, 200);
  assert.match((await agency.get(`/fr/commandes/${paid.ref}`)).text, /\/modifier\//);
  await guichet.clock.advance(Number(paid.slot.start) - 2 * 86400 - guichet.clock.now());
  agency = await guichet.signIn();
  const late = await changePage(paid);
  assert.match(wordsOf(late.text), /Le délai pour modifier cette visite est passé/);
  assert.doesNotMatch((await agency.get(`/fr/commandes/${paid.ref}`)).text, /\/modifier\//);
  const service = await staffSignIn(guichet, account);
  const found = await service.get(`/fr/service/recherche?q=${paid.ref}`);
  const organisation = found.text.match(/\/fr\/service\/organisations\/(\d+)/)?.[1] ?? '1';
  const acting = await service.get(`/fr/service/organisations/${organisation}/agir`);
  assert.equal((await send(service, acting, '/agir', { motif: 'appel du client, car en panne' })).status, 303);
  const page = await service.get(`/fr/commandes/${paid.ref}/modifier/${paid.visit}`);
  assert.match(wordsOf(page.text), /Le délai laissé aux clients est passé/);
  const day = paid.slot.day;
  const lacking = await service.get(`/fr/commandes/${paid.ref}/modifier/${paid.visit}?personnes=20&jour=${day}`);
  assert.equal(lacking.status, 422);
  const slots = await service.get(`/fr/commandes/${paid.ref}/modifier/${paid.visit}?personnes=20&jour=${day}&motif=car+en+panne`);
  const other = [...slots.text.matchAll(/name="debut" value="(\d+)" required ?>/g)].map(([, start]) => start)[0];
  assert.ok(other, wordsOf(slots.text));
  const answer = await change(service, slots, { debut: other });
  assert.equal(answer.status, 303, wordsOf(answer.text).slice(0, 500));
  assert.match(answer.location, /\/fr\/commandes\/[0-9A-Z-]+$/);
});
