// Payment as it goes wrong in life: notifications that come twice, late, forged or never, a provider that does not
// answer, buyers who give up, time that runs out, money that arrives for places that are gone. Nothing is lost,
// nothing doubled.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { AGENCY, SCHOOL, assertAccessible, closeBrowser, newPage, until } from './kit.mjs';
import { assertSound, clear, hold, newestOrder, optionIds, order, orderState, payAt, send, slotsOn, startShop,
  untilState, validate, wordsOf } from './purchase_kit.mjs';

let guichet, agency;
before(async () => {
  guichet = await startShop();
  agency = await guichet.signIn();
});
after(async () => {
  await closeBrowser();
  await guichet.stop();
});
beforeEach(async () => {
  await guichet.standin('dup=0&drop=0&badsig=0&fail=0&lose=0&delay=0&reorder=0');
  await clear(agency);
});
afterEach(() => assertSound(guichet));

const leftOf = async (client, slot) =>
  (await slotsOn(client, slot.slug, slot.day, 8)).find((one) => one.start === slot.start)?.left ?? 0;
const payments = async (ref) => {
  const { text } = await agency.get(`/fr/commandes/${ref}`);
  return [...(text.match(/id="paiements".*?<\/table>/s)?.[0] ?? '')
    .matchAll(/<tr><th scope="row">(.*?)<\/tr>/gs)].map((m) => wordsOf(m[1]));
};
const mailsAbout = async (ref, subject) => (await guichet.mails())
  .filter((m) => m.subject.includes(ref) && m.subject.match(subject));

test('CRT-3: the signed notification alone confirms the order; tickets and invoice are mailed, the places are sold',
  async () => {
  const slot = await hold(guichet, agency, 'arc-de-triomphe', 35, { cart: true });
  const { ref, payAt: provider } = await order(agency);
  await payAt(provider);
  await untilState(agency, ref, 'Payée'); // nobody came back to us
  const tickets = await guichet.mail((m) => m.subject.includes(ref) && /^Vos billets/.test(m.subject));
  assert.equal(tickets.to, AGENCY.email);
  assert.equal(tickets.attachments.length, 1);
  const confirmation = await guichet.mail((m) => m.subject === `Commande ${ref} confirmée`);
  assert.match(confirmation.attachments[0].filename, /\.pdf$/, 'the invoice');
  assert.ok(tickets.attachments[0].content.length < 120 * 1024, '35 pages under 120 KB');
  assert.equal(await leftOf(agency, slot), slot.left - 35);
});

test('CRT-3: notified twice, forged once, and replayed: one payment, one set of mails', async () => {
  await hold(guichet, agency, 'arc-de-triomphe', 20, { cart: true });
  const { ref, payAt: provider } = await order(agency);
  await guichet.standin('dup=1&badsig=1');
  await payAt(provider);
  await untilState(agency, ref, 'Payée');
  const { events } = await guichet.book();
  const { id } = events.filter((one) => one.type === 'checkout.session.completed').at(-1);
  // the forged one is refused and comes again, beside the double one
  const line = /"event":"request".*?paiement\/notification.*?"status":(\d+)/g;
  const answers = () => [...guichet.log.matchAll(line)].map((m) => Number(m[1]));
  await until(() => answers().filter((status) => status === 400).length >= 1 && answers().length,
    { what: 'the notifications' });
  const before = answers().length;
  await guichet.standin(`redeliver=${id}`);
  await until(() => answers().length > before, { what: 'the replay' });
  await agency.get(`/fr/commandes/${ref}/retour`);
  await guichet.mail((m) => m.subject.includes(ref) && /^Vos billets/.test(m.subject));
  assert.equal((await payments(ref)).length, 1);
  assert.equal((await mailsAbout(ref, /^Vos billets/)).length, 1);
  assert.equal((await mailsAbout(ref, /confirmée$/)).length, 1);
});

test('CRT-3: the notification is lost: the buyer who comes back is believed only after asking the provider',
  async () => {
  await hold(guichet, agency, 'arc-de-triomphe', 20, { cart: true });
  const { ref, payAt: provider } = await order(agency);
  await guichet.standin('delay=600000');
  const early = await agency.get(`/fr/commandes/${ref}/retour`);
  assert.equal(early.status, 200);
  assert.match(wordsOf(early.text), /Nous attendons la confirmation de la banque/);
  assert.match(early.text, new RegExp(`href="/fr/commandes/${ref}/retour"`));
  assert.equal(await orderState(agency, ref), 'En attente de paiement');
  await payAt(provider);
  assert.equal((await agency.get(`/fr/commandes/${ref}/retour`)).status, 303);
  assert.equal(await orderState(agency, ref), 'Payée');
  assert.equal((await payments(ref)).length, 1);
});

test('CRT-3: the provider does not answer: the order waits with its places, then it is paid', async () => {
  await hold(guichet, agency, 'chateau-de-vincennes', 12, { cart: true });
  await guichet.standin('fail=50');
  const answer = await validate(agency);
  const ref = answer.location.match(/^\/fr\/commandes\/([0-9A-Z-]+)$/)[1];
  const page = await agency.get(answer.location);
  assert.match(wordsOf(page.text), /Le service de paiement ne répond pas\. Rien n’a été débité/);
  assert.match(wordsOf(page.text), /Cette commande attend son paiement/);
  await guichet.standin('fail=0');
  const pay = await send(agency, page, '/payer');
  assert.match(pay.location, /\/c\/pay\//);
  assert.equal((await send(agency, page, '/payer')).location, pay.location, 'one page for one order');
  await payAt(pay.location);
  await untilState(agency, ref, 'Payée');
  const again = await send(agency, page, '/payer');
  assert.equal(again.location, `/fr/commandes/${ref}`);
  assert.match(wordsOf((await agency.get(again.location)).text), /déjà payée/);
});

test('CRT-3: an answer that was lost is found again, not made twice', async () => {
  await hold(guichet, agency, 'chateau-de-vincennes', 12, { cart: true });
  const sessions = (await guichet.book()).sessions.length;
  await guichet.standin('lose=1');
  const answer = await validate(agency);
  const ref = await newestOrder(agency);
  const provider = answer.location.includes('/c/pay/') ? answer.location
    : (await send(agency, await agency.get(answer.location), '/payer')).location;
  assert.equal((await guichet.book()).sessions.length, sessions + 1);
  await payAt(provider);
  await untilState(agency, ref, 'Payée');
  assert.equal((await payments(ref)).length, 1);
});

test('CRT-3: given up: the provider’s page is closed, visits are options and holds again, and are paid later',
  async () => {
  await hold(guichet, agency, 'arc-de-triomphe', 25);
  await send(agency, await agency.get('/fr/options'), '/options/panier');
  await hold(guichet, agency, 'chateau-de-vincennes', 12, { cart: true });
  const { ref, payAt: provider } = await order(agency);
  const list = await agency.get('/fr/options');
  assert.match(wordsOf(list.text), new RegExp(`Paiement en cours Commande ${ref}`));
  assert.equal(optionIds(list).length, 0, 'it cannot be ticked while it is being paid');
  assert.match(wordsOf((await agency.get('/fr/panier')).text), /Votre panier est vide/);
  const interrupted = await agency.get(`/fr/commandes/${ref}?paiement=interrompu`);
  assert.match(wordsOf(interrupted.text), /Le paiement a été interrompu Rien n’a été débité/);
  assert.equal((await send(agency, interrupted, '/abandonner')).location, `/fr/commandes/${ref}`);
  const page = await agency.get(`/fr/commandes/${ref}`);
  assert.match(wordsOf(page.text), /Paiement abandonné, rien n’a été débité/);
  assert.match(wordsOf(page.text), /Expirée, rien n’est dû/);
  assert.notEqual((await payAt(provider)).headers.get('location')?.includes('/retour'), true, 'the page is closed');
  assert.equal((await agency.post(`/fr/commandes/${ref}/abandonner`)).status, 303, 'twice does no harm');
  assert.equal(optionIds(await agency.get('/fr/options')).length, 1);
  assert.match(wordsOf((await agency.get('/fr/panier')).text), /2 visites, 37 personnes/);
  const second = await order(agency);
  assert.notEqual(second.ref, ref);
  await payAt(second.payAt);
  await untilState(agency, second.ref, 'Payée');
  assert.equal(await orderState(agency, ref), 'Expirée, rien n’est dû');
});

test('CRT-3: given up at the moment of paying: what is paid is paid', async () => {
  await hold(guichet, agency, 'arc-de-triomphe', 25, { cart: true });
  const { ref, payAt: provider } = await order(agency);
  await guichet.standin('delay=600000');
  const page = await agency.get(`/fr/commandes/${ref}`);
  await payAt(provider);
  await send(agency, page, '/abandonner');
  assert.equal(await orderState(agency, ref), 'Payée');
});

test('CRT-3: not paid in time: the order ends by itself and its hold can be taken again', async () => {
  const slot = await hold(guichet, agency, 'chateau-de-vincennes', 12, { cart: true });
  const { ref } = await order(agency);
  await guichet.clock.advance(35 * 60);
  await untilState(agency, ref, 'Expirée');
  await until(async () => wordsOf((await agency.get('/fr/panier')).text).includes('Délai dépassé'),
    { what: 'the ended hold' });
  await until(async () => (await leftOf(agency, slot)) === slot.left, { what: 'the places given back' });
  assert.equal((await payments(ref)).length, 0);
  assert.equal((await agency.post(`/fr/commandes/${ref}/payer`)).location, `/fr/commandes/${ref}`);
  assert.match(wordsOf((await agency.get(`/fr/commandes/${ref}`)).text),
    /Le délai de paiement de cette commande est passé/);
});

test('CRT-3: late money for places that are still there is booked', async () => {
  await hold(guichet, agency, 'chateau-de-vincennes', 12, { cart: true });
  const { ref, payAt: provider } = await order(agency);
  await guichet.standin('delay=600000');
  await payAt(provider);
  await guichet.standin('fail=100000'); // nobody can be asked
  await guichet.clock.advance(35 * 60);
  await untilState(agency, ref, 'Expirée');
  await guichet.standin('fail=0');
  await untilState(agency, ref, 'Payée');
  assert.equal((await payments(ref)).length, 1);
});

test('CRT-3: late money for places that are gone waits visibly for its refund, and people are told', async () => {
  const slot = await hold(guichet, agency, 'chateau-de-vincennes', 30, { cart: true, ahead: 30,
    fits: (one) => one.left <= 70 });
  const { ref, payAt: provider } = await order(agency);
  await guichet.standin('delay=600000');
  await payAt(provider);
  await guichet.standin('fail=100000');
  await guichet.clock.advance(35 * 60);
  await untilState(agency, ref, 'Expirée');
  const school = await guichet.signIn(SCHOOL);
  await clear(school);
  await until(async () => (await leftOf(school, slot)) === slot.left, { what: 'the places given back' });
  for (let left = slot.left; left >= 30; left = await leftOf(school, slot)) {
    const now = (await slotsOn(school, slot.slug, slot.day, 8)).find((one) => one.start === slot.start);
    await hold(guichet, school, slot.slug, Math.min(35, left), { cart: true, slot: now });
  }
  await guichet.standin('fail=0');
  await untilState(agency, ref, 'Remboursement à venir');
  const page = wordsOf((await agency.get(`/fr/commandes/${ref}`)).text);
  assert.match(page, /[\d,]+ € à vous rembourser/);
  assert.match(page, /arrivé après la libération des places/);
  assert.match(page, /À rembourser/);
  assert.doesNotMatch(page, /Télécharger/);
  assert.match(wordsOf((await agency.get('/fr/commandes')).text), new RegExp(`${ref} .* Remboursement à venir`));
  const browser = await newPage(guichet, { bypassCSP: true });
  await browser.context().addCookies([...agency.cookies].map(([name, value]) => ({ name, value, url: guichet.url })));
  await browser.goto(`/fr/commandes/${ref}`);
  await assertAccessible(browser, 'an order with money to be refunded');
  await browser.context().close();
  const told = await guichet.mail((m) => m.subject.includes(ref) && /remboursé/.test(m.subject));
  assert.equal(told.to, AGENCY.email);
  await guichet.mail((m) => /^Remboursement à faire/.test(m.subject) && m.subject.includes(ref));
  assert.equal((await mailsAbout(ref, /^Vos billets/)).length, 0);
  await clear(school);
});

test('OPT-4: an option that ends gives its places back within a minute, and its holder is told', async () => {
  const slot = await hold(guichet, agency, 'arc-de-triomphe', 25, { ahead: 60 });
  await send(agency, await agency.get('/fr/options'), '/options/panier');
  assert.equal(await leftOf(agency, slot), slot.left - 25);
  await guichet.clock.advance(30 * 86400 + 60);
  agency = await guichet.signIn(); // a session does not live so long
  await until(async () => (await leftOf(agency, slot)) === slot.left, { what: 'the places given back', seconds: 60 });
  assert.match(wordsOf((await agency.get('/fr/options')).text), /Aucune option en cours/);
  assert.match(wordsOf((await agency.get('/fr/panier')).text), /Votre panier est vide/);
  const mail = await guichet.mail((m) => /^Option expirée/.test(m.subject));
  assert.equal(mail.to, AGENCY.email);
});
