// Options, cart, validation and orders as a browser without JavaScript has them: every page and every refusal.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { SCHOOL, until } from './kit.mjs';
import { CARD, assertSound, clear, dayAhead, formsOf, freeSlot, hold, optionIds, order, payAt, send, slotsOn,
  startShop, untilState, validate, wordsOf } from './purchase_kit.mjs';

let guichet, agency;
before(async () => {
  guichet = await startShop();
  agency = await guichet.signIn();
});
after(async () => {
  await assertSound(guichet);
  await guichet.stop();
});
beforeEach(() => clear(agency));

const undated = async (client, slug, persons) => {
  const page = await client.get(`/fr/monuments/${slug}`);
  const answer = await send(client, page, '/billets', { personnes: String(persons) });
  assert.equal(answer.status, 303);
};
const menuCount = (page, entry) =>
  Number(wordsOf(page.text.match(new RegExp(`<a class="menu__link" href="/fr/${entry}".*?</a>`, 's'))[0])
    .match(/\d+/)[0]);
const visitIds = (page) => [...page.text.matchAll(/action="\/fr\/panier\/(\d+)\/retirer"/g)].map((m) => m[1]);
const leaderNames = (page) => [...page.text.matchAll(/<select id="(accompagnateur-\d+)"/g)].map((m) => m[1]);
const selected = (page, name) =>
  page.text.match(new RegExp(`<select id="${name}".*?</select>`, 's'))[0].match(/value="(\d+)" selected/)?.[1];

/* ---- options ---- */

test('OPT-2: the list says monument, date, persons, deadline and time left; without options it says what to do',
  async () => {
  const empty = await agency.get('/fr/options');
  assert.match(wordsOf(empty.text), /Aucune option en cours/);
  const slot = await hold(guichet, agency, 'arc-de-triomphe', 25);
  const page = await agency.get('/fr/options');
  assert.equal(page.status, 200);
  const words = wordsOf(page.text);
  assert.match(words, /Arc de triomphe/);
  const start = new Date(slot.start * 1000).toLocaleString('fr-FR',
    { timeZone: 'Europe/Paris', hour: '2-digit', minute: '2-digit' });
  assert.match(words, new RegExp(`à ${start}`));
  const deadline = Number(page.text.match(/data-deadline="(\d+)"/)[1]);
  assert.ok(deadline > guichet.clock.now() && deadline < Number(slot.start), 'the option ends before the visit');
  assert.match(words, /25/);
  assert.equal(menuCount(page, 'options'), 1);
});

test('OPT-3: the only option is ticked already; of two none is', async () => {
  await hold(guichet, agency, 'arc-de-triomphe', 25);
  assert.match((await agency.get('/fr/options')).text, /name="option" value="\d+" checked/);
  await hold(guichet, agency, 'conciergerie', 22);
  const two = await agency.get('/fr/options');
  assert.equal(optionIds(two).length, 2);
  assert.doesNotMatch(two.text, /name="option" value="\d+" checked/);
});

test('OPT-2: × asks first, then the places return; twice does no harm', async () => {
  const slot = await hold(guichet, agency, 'sainte-chapelle', 20);
  const leftOf = async () => (await slotsOn(agency, slot.slug, slot.day, 20))
    .find((one) => one.start === slot.start)?.left;
  const [id] = optionIds(await agency.get('/fr/options'));
  const question = await agency.get(`/fr/options/${id}/annuler`);
  assert.match(wordsOf(question.text), /Annuler cette option \?/);
  assert.match(wordsOf(question.text), /Sainte-Chapelle/);
  assert.equal(optionIds(await agency.get('/fr/options')).length, 1, 'asking changes nothing');
  assert.equal((await send(agency, question, '/annuler')).location, '/fr/options');
  assert.match(wordsOf((await agency.get('/fr/options')).text), /Option annulée/);
  assert.equal(await leftOf(), slot.left);
  assert.equal((await send(agency, question, '/annuler')).status, 303);
  assert.match(wordsOf((await agency.get('/fr/options')).text), /n’est plus en cours/);
  assert.equal(await leftOf(), slot.left);
  assert.equal((await agency.get(`/fr/options/${id}/annuler`)).status, 404);
});

test('OPT-3: nothing ticked says beside the list what to do', async () => {
  await hold(guichet, agency, 'arc-de-triomphe', 25);
  await hold(guichet, agency, 'arc-de-triomphe', 20);
  const answer = await send(agency, await agency.get('/fr/options'), '/options/panier', { option: undefined });
  assert.equal(answer.status, 422);
  assert.match(wordsOf(answer.text), /Aucune option n’est cochée Cochez dans la liste/);
  assert.equal(optionIds(answer).length, 2, 'the list is still there');
});

test('OPT-3: ticked options go into the cart and stay options; leaving the cart keeps them', async () => {
  await hold(guichet, agency, 'arc-de-triomphe', 25);
  await hold(guichet, agency, 'conciergerie', 22);
  const list = await agency.get('/fr/options');
  const answer = await send(agency, list, '/options/panier', { option: optionIds(list) });
  assert.equal(answer.location, '/fr/panier');
  const cart = await agency.get('/fr/panier');
  assert.equal(visitIds(cart).length, 2);
  assert.match(wordsOf(cart.text), /Option gardée jusqu’au/);
  const options = await agency.get('/fr/options');
  assert.equal(optionIds(options).length, 2);
  assert.match(wordsOf(options.text), /Au panier/);
  for (const id of visitIds(cart)) await send(agency, await agency.get('/fr/panier'), `/panier/${id}/retirer`);
  assert.match(wordsOf((await agency.get('/fr/panier')).text), /Votre panier est vide/);
  assert.equal(optionIds(await agency.get('/fr/options')).length, 2);
});

test('PLA-5: the sub-groups of one large group stand together', async () => {
  const day = (await freeSlot(guichet, agency, 'sainte-chapelle', 26, { ahead: 20 })).day;
  const wish = `jour=${day}&de=10:00&a=16:00&personnes=50&public=adults`;
  const page = await agency.get(`/fr/monuments/sainte-chapelle/repartition?${wish}`);
  const answer = await send(agency, page, '/repartition', { action: 'option' });
  assert.equal(answer.status, 303, wordsOf(answer.text).slice(0, 500));
  const list = await agency.get('/fr/options');
  assert.match(wordsOf(list.text), /Grand groupe de 50 personnes en 2 sous-groupes/);
  await send(agency, list, '/options/panier', { option: optionIds(list) });
  assert.match(wordsOf((await agency.get('/fr/panier')).text), /Sous-groupe 2 sur 2, 50 personnes en tout/);
});

/* ---- cart ---- */

test('CRT-1: slots, options and undated tickets in one cart, priced line by line', async () => {
  await hold(guichet, agency, 'arc-de-triomphe', 25);
  const list = await agency.get('/fr/options');
  await send(agency, list, '/options/panier');
  await hold(guichet, agency, 'chateau-de-vincennes', 12, { cart: true });
  await undated(agency, 'abbaye-mont-saint-michel', 28);
  const cart = await agency.get('/fr/panier');
  const words = wordsOf(cart.text);
  assert.equal(visitIds(cart).length, 3);
  assert.match(words, /3 visites, 65 personnes/);
  assert.match(words, /24 billets à [\d,]+ €, Tarif groupe adulte/);
  assert.match(words, /L’accompagnateur d’un groupe de plus de 20 personnes est gratuit/);
  assert.match(words, /12 billets à [\d,]+ €, Plein tarif adulte/);
  assert.match(words, /groupe de 20 personnes ou moins paie sa place/);
  assert.match(words, /billets non datés, valables 3 ans/i);
  const amount = (text) => Math.round(Number(text.replace(/\s/g, '').replace(',', '.')) * 100);
  const lines = [...words.matchAll(/(\d+) billets? à ([\d ,]+) €/g)].map(([, n, unit]) => Number(n) * amount(unit));
  assert.equal(amount(words.match(/À payer ([\d ,]+) €/)[1]), lines.reduce((a, b) => a + b));
  assert.match(words, /article 256 B/);
  assert.equal(menuCount(cart, 'panier'), 3);
  assert.match(cart.text, /data-deadline="\d+"/);
});

test('CRT-1: an ended hold says so and is taken again', async () => {
  const slot = await hold(guichet, agency, 'chateau-de-vincennes', 12, { cart: true });
  await guichet.clock.advance(21 * 60);
  const again = await (async () => {
    for (let n = 0; n < 100; n += 1) { // the places return within a minute; the job tells the database
      const cart = await agency.get('/fr/panier');
      assert.match(wordsOf(cart.text), /Délai dépassé : les places sont rendues/);
      assert.doesNotMatch(wordsOf(cart.text), /Valider la commande/, 'nothing is left to order');
      const form = formsOf(cart.text).find((one) => one.action.endsWith('/reprendre'));
      await send(agency, cart, form.action);
      const now = await agency.get('/fr/panier');
      if (!wordsOf(now.text).includes('Délai dépassé :')) return now;
    }
    throw new Error('the places could not be taken again');
  })();
  assert.match(wordsOf(again.text), /Places gardées encore/);
  const left = (await slotsOn(agency, slot.slug, slot.day, 12)).find((one) => one.start === slot.start)?.left;
  assert.equal(left, slot.left - 12, 'taken once');
});

test('CRT-1: places that went meanwhile cannot be taken again, and the page says why', async () => {
  const slot = await hold(guichet, agency, 'chateau-de-vincennes', 30, { cart: true, ahead: 25,
    fits: (one) => one.left <= 70 });
  const school = await guichet.signIn(SCHOOL);
  await clear(school);
  const leftOf = async () => (await slotsOn(school, slot.slug, slot.day, 8))
    .find((one) => one.start === slot.start)?.left;
  await guichet.clock.advance(21 * 60);
  await until(async () => (await leftOf()) === slot.left, { what: 'the places given back' });
  for (let n = 0; n < 200; n += 1) {
    const now = (await slotsOn(school, slot.slug, slot.day, 8)).find((one) => one.start === slot.start);
    if (!now || now.left < 30) break;
    await hold(guichet, school, slot.slug, Math.min(35, now.left), { cart: true, slot: now });
  }
  const cart = await agency.get('/fr/panier');
  const answer = await send(agency, cart, `/panier/${visitIds(cart)[0]}/reprendre`);
  assert.equal(answer.status, 422);
  assert.match(wordsOf(answer.text), /Il ne reste pas assez de places|complet/);
  assert.match(answer.text, /href="\/fr\/monuments\/chateau-de-vincennes\/planning"/);
  await clear(school);
});

test('CRT-1: an empty cart leads on; so does its validation', async () => {
  const cart = await agency.get('/fr/panier');
  assert.match(wordsOf(cart.text), /Votre panier est vide/);
  assert.equal((await agency.get('/fr/validation')).location, '/fr/panier');
});

/* ---- validation ---- */

test('COM-2: missing accompanying persons are named, with both remedies, and nothing is lost', async () => {
  await hold(guichet, agency, 'arc-de-triomphe', 25, { cart: true });
  await hold(guichet, agency, 'conciergerie', 12, { cart: true });
  await undated(agency, 'abbaye-mont-saint-michel', 3);
  const page = await agency.get('/fr/validation');
  const [first, second] = leaderNames(page);
  assert.equal(leaderNames(page).length, 2, 'undated tickets need nobody');
  const guide = page.text.match(/Irène Valmont/) && page.text.match(/value="(\d+)"\s*>Irène Valmont/)[1];
  const contact = first.replace('accompagnateur', 'contact');
  const sophie = page.text.match(/value="(\d+)"\s*>Sophie Martin/)[1];
  const answer = await send(agency, page, '/validation', { [first]: guide, [contact]: sophie, action: 'payer' });
  assert.equal(answer.status, 422);
  const summary = answer.text.match(/<div class="error-summary".*?<\/div>/s)[0];
  assert.equal(wordsOf(summary.match(/<h2.*?<\/h2>/s)[0]), 'Tous les accompagnateurs ne sont pas renseignés');
  assert.match(wordsOf(summary), /Conciergerie, \p{L}+ \d+(er)? \p{L}+ \d{4} à \d\d:\d\d/u);
  assert.doesNotMatch(wordsOf(summary), /Arc de triomphe/);
  assert.match(summary, new RegExp(`href="#${second}"`));
  assert.match(summary, /href="\/fr\/client\/accompagnateurs\?retour=validation"/);
  assert.match(wordsOf(summary), /Client › Créer \/ gérer un accompagnateur/);
  assert.match(wordsOf(summary), /Acceptez les conditions générales de vente/, 'told in the same breath');
  assert.match(answer.text, /<title>Erreur\u00a0: /);
  assert.equal(selected(answer, first), guide);
  assert.equal(selected(await agency.get('/fr/validation'), first), guide, 'kept with the cart');
  assert.equal(selected(await agency.get('/fr/validation'), contact), sophie);
  assert.equal(visitIds(await agency.get('/fr/panier')).length, 3);
});

test('COM-2: the way to the accompanying persons and back keeps the choices', async () => {
  await hold(guichet, agency, 'arc-de-triomphe', 25, { cart: true });
  const page = await agency.get('/fr/validation');
  const [name] = leaderNames(page);
  const marc = page.text.match(/value="(\d+)"\s*>Marc Lavigne/)[1];
  const answer = await send(agency, page, '/validation', { [name]: marc, action: 'accompagnateurs' });
  assert.equal(answer.location, '/fr/client/accompagnateurs?retour=validation');
  assert.equal((await agency.get(answer.location)).status, 200);
  assert.equal(selected(await agency.get('/fr/validation'), name), marc);
});

test('COM-2: a guide’s visit offers guides first', async () => {
  await hold(guichet, agency, 'conciergerie', 5, { cart: true, guide: true });
  const page = await agency.get('/fr/validation');
  const list = page.text.match(/<select id="accompagnateur.*?<\/select>/s)[0];
  const groups = [...list.matchAll(/<optgroup label="([^"]+)"/g)].map((m) => m[1]);
  assert.deepEqual(groups, ['Guides-conférenciers', 'Accompagnateurs']);
});

test('CRT-2: the terms must be accepted, in the version shown', async () => {
  await undated(agency, 'abbaye-mont-saint-michel', 3);
  for (const cgv of [undefined, '2001-01']) {
    const answer = await validate(agency, { cgv });
    assert.equal(answer.status, 422);
    assert.match(wordsOf(answer.text), /Acceptez les conditions générales de vente pour commander/);
    assert.match(answer.text, /aria-describedby="cgv-error"/);
  }
});

test('CRT-2: a contact is created on the spot, chosen, and nothing else is lost', async () => {
  await hold(guichet, agency, 'arc-de-triomphe', 25, { cart: true });
  await undated(agency, 'abbaye-mont-saint-michel', 3);
  const page = await agency.get('/fr/validation');
  const [name] = leaderNames(page);
  const id = name.match(/\d+/)[0];
  const marc = page.text.match(/value="(\d+)"\s*>Marc Lavigne/)[1];
  const terms = page.text.match(/name="cgv" type="checkbox" value="([^"]+)"/)[1];
  const typed = { [name]: marc, cgv: terms, action: 'creer-contact', 'nouveau-nom': 'Núñez', 'nouveau-prenom': 'Zoé',
    'nouveau-courriel': 'zoe.nunez@clients.example', 'nouveau-pour': id };
  const bad = await send(agency, page, '/validation', { ...typed, 'nouveau-courriel': 'zoe' });
  assert.equal(bad.status, 422);
  assert.match(bad.text, /<details class="faq panel" open>/);
  assert.match(bad.text, /value="Núñez"/);
  assert.equal(selected(bad, name), marc);
  const good = await send(agency, bad, '/validation', typed);
  assert.equal(good.status, 200);
  assert.match(wordsOf(good.text), /Contact créé/);
  assert.equal(selected(good, name), marc);
  assert.match(good.text, /name="cgv"[^>]*checked/);
  const zoe = good.text.match(/value="(\d+)"[^>]*>Zoé Núñez/)[1];
  assert.equal(selected(good, `contact-${id}`), zoe);
  const others = [...good.text.matchAll(/<select id="(contact-\d+)"/g)].map((m) => m[1])
    .filter((one) => one !== `contact-${id}`);
  assert.equal(selected(good, others[0]), undefined, 'only the visit that was asked for');
  const twice = await send(agency, bad, '/validation', typed);
  const list = twice.text.match(new RegExp(`<select id="contact-${id}".*?</select>`, 's'))[0];
  assert.equal(list.match(/Zoé Núñez/g).length, 1,
    'the same form twice makes one contact');
});

test('CRT-2: a contact that was begun is not forgotten, a cart that changed is not bought unseen', async () => {
  await undated(agency, 'abbaye-mont-saint-michel', 3);
  const page = await agency.get('/fr/validation');
  const terms = page.text.match(/name="cgv" type="checkbox" value="([^"]+)"/)[1];
  const begun = await send(agency, page, '/validation', { cgv: terms, action: 'payer', 'nouveau-nom': 'Durand' });
  assert.equal(begun.status, 422);
  assert.match(wordsOf(begun.text), /Un contact est commencé/);
  await undated(agency, 'abbaye-de-montmajour', 2);
  const changed = await send(agency, page, '/validation', { cgv: terms, action: 'payer' });
  assert.equal(changed.status, 422);
  assert.match(wordsOf(changed.text), /Votre panier a changé/);
  assert.equal(visitIds(await agency.get('/fr/panier')).length, 2);
});

test('CRT-2: an ended hold is named before anything is ordered', async () => {
  await hold(guichet, agency, 'chateau-de-vincennes', 12, { cart: true });
  await undated(agency, 'abbaye-mont-saint-michel', 3);
  await guichet.clock.advance(21 * 60);
  const answer = await validate(agency);
  assert.equal(answer.status, 422);
  assert.match(wordsOf(answer.text), /Château de Vincennes, .* : délai dépassé, reprenez les places dans le panier/);
});

test('CRT-4: transfer is on request: the page says so, and tells how long the places wait for the answer', async () => {
  await undated(agency, 'abbaye-mont-saint-michel', 3);
  const page = await agency.get('/fr/validation');
  assert.match(wordsOf(page.text), /Demander à payer par virement .* service client répond à votre demande .* Places gardées jusqu’au/);
  assert.match(page.text, /<input id="carte"[^>]*checked/);
  const answer = await validate(agency, { paiement: 'virement', cgv: undefined });
  assert.equal(answer.status, 422);
  assert.match(answer.text, /<input id="virement"[^>]*checked/, 'what was chosen is kept');
});

test('CRT-2: a person of another organisation is nobody here', async () => {
  const school = await guichet.signIn(SCHOOL);
  await clear(school);
  await hold(guichet, school, 'arc-de-triomphe', 20, { cart: true });
  const theirs = (await school.get('/fr/validation')).text.match(/value="(\d+)"\s*>Hélène Moreau/)[1];
  await clear(school);
  await hold(guichet, agency, 'arc-de-triomphe', 25, { cart: true });
  const page = await agency.get('/fr/validation');
  const [name] = leaderNames(page);
  const answer = await validate(agency, { [name]: theirs });
  assert.equal(answer.status, 422);
  assert.match(wordsOf(answer.text), /Tous les accompagnateurs ne sont pas renseignés/);
});

/* ---- orders ---- */

test('CRT-3: sent twice, it is one order; the second leads to the same payment', async () => {
  await hold(guichet, agency, 'arc-de-triomphe', 25, { cart: true });
  const page = await agency.get('/fr/validation');
  const [name] = leaderNames(page);
  const terms = page.text.match(/name="cgv" type="checkbox" value="([^"]+)"/)[1];
  const fields = { [name]: page.text.match(/value="(\d+)"\s*>Marc Lavigne/)[1], cgv: terms, action: 'payer' };
  const count = async () => ((await agency.get('/fr/commandes')).text.match(/<a class="number"/g) ?? []).length;
  const earlier = await count();
  const both = await Promise.all([0, 1].map(() => send(agency, page, '/validation', fields)));
  assert.deepEqual(both.map((one) => one.status), [303, 303]);
  assert.equal(both[0].location, both[1].location);
  const late = await send(agency, page, '/validation', fields);
  assert.equal(late.location, both[0].location, 'also by the back button');
  assert.equal(await count(), earlier + 1);
});

test('ORD-1: search by period; what is typed wrong is said; none is said', async () => {
  await undated(agency, 'abbaye-mont-saint-michel', 3);
  const { ref, payAt: page } = await order(agency);
  assert.equal((await payAt(page)).status, 303);
  await agency.get(`/fr/commandes/${ref}/retour`);
  const list = await agency.get(`/fr/commandes?du=${dayAhead(guichet, -1)}&au=${dayAhead(guichet, 1)}`);
  assert.match(list.text, new RegExp(`/fr/commandes/${ref}"`));
  assert.match(wordsOf(list.text), /Abbaye du Mont-Saint-Michel, 3 personnes Payée/);
  const none = await agency.get(`/fr/commandes?du=${dayAhead(guichet, -40)}&au=${dayAhead(guichet, -30)}`);
  assert.match(wordsOf(none.text), /Aucune commande/);
  const backwards = await agency.get(`/fr/commandes?du=${dayAhead(guichet, 0)}&au=${dayAhead(guichet, -3)}`);
  assert.equal(backwards.status, 422);
  assert.match(wordsOf(backwards.text), /La fin de la période précède son début/);
  assert.equal((await agency.get('/fr/commandes?du=hier&au=2026-01-01')).status, 422);
  const typed = await agency.get(`/fr/commandes/${ref.toLowerCase().replace('-', ' ')}`);
  assert.equal(typed.location, `/fr/commandes/${ref}`, 'as people type it');
});

test('ORD-2, TKT-4: tickets, invoice and mails again; limits; the mail’s link needs no account', async () => {
  await hold(guichet, agency, 'conciergerie', 22, { cart: true, guide: true });
  const { ref, payAt: provider } = await order(agency);
  await payAt(provider);
  assert.equal((await agency.get(`/fr/commandes/${ref}/retour`)).location, `/fr/commandes/${ref}`);
  const page = await agency.get(`/fr/commandes/${ref}`);
  assert.match(wordsOf(page.text), /Paiement reçu, merci/);
  assert.match(wordsOf(page.text), /Conciergerie .* 22 personnes, avec guide-conférencier/);
  const invoice = await agency.get(`/fr/commandes/${ref}/facture.pdf`);
  assert.match(invoice.headers.get('content-disposition'), /^attachment; filename="facture-/);
  assert.equal(invoice.bytes.subarray(0, 5).toString(), '%PDF-');
  const visit = page.text.match(/billets\/(\d+)\/pdf/)[1];
  const pdf = await agency.get(`/fr/commandes/${ref}/billets/${visit}/pdf`);
  assert.equal(pdf.headers.get('content-type'), 'application/pdf');

  const tickets = await agency.get(`/fr/commandes/${ref}/billets/${visit}`);
  assert.equal(tickets.text.match(/<article class="ticket"/g).length, 22);
  assert.equal(tickets.text.match(/<svg xmlns="http:\/\/www.w3.org\/2000\/svg" class="qr"/g).length, 22);
  assert.match(wordsOf(tickets.text), /Guide-conférencier.* gratuit|gratuit .*Guide-conférencier/);
  assert.match(wordsOf(tickets.text), /Justificatif de guide-conférencier à présenter/);
  assert.match(wordsOf(tickets.text), /Valable uniquement pour cette date et ce créneau/);

  const mail = await guichet.mail((m) => m.subject.includes(ref) && m.subject.startsWith('Vos billets'));
  assert.equal(mail.attachments[0].contentType, 'application/pdf');
  const link = new URL(mail.text.match(/http\S+\/billets\/\S+/)[0]);
  const stranger = guichet.client();
  const linked = await stranger.get(link.pathname);
  assert.equal(linked.status, 200);
  assert.equal(linked.text.match(/<article class="ticket"/g).length, 22);
  assert.equal(linked.headers.get('x-robots-tag'), 'noindex, nofollow');
  const linkedPdf = await stranger.get(`${link.pathname}/pdf`);
  assert.deepEqual(linkedPdf.bytes, pdf.bytes, 'the same paper');
  const forged = link.pathname.replace(/.$/, (c) => (c === '0' ? '1' : '0'));
  assert.equal((await stranger.get(forged)).status, 404);
  assert.equal((await stranger.get(`${forged}/pdf`)).status, 404);
  assert.equal((await stranger.get(`/fr/commandes/${ref}/billets/${visit}`)).status, 303,
    'the buyer’s page asks for a sign-in');

  const sent = async () => (await guichet.mails()).filter((m) => m.subject.includes(ref)).length;
  const first = await sent();
  assert.equal((await agency.post(`/fr/commandes/${ref}/renvoyer`, { visite: visit })).status, 303);
  assert.equal((await agency.post(`/fr/commandes/${ref}/renvoyer`, { visite: '0' })).status, 303);
  await until(async () => (await sent()) >= first + 2, { what: 'both mails again' });
  assert.equal((await agency.post(`/fr/commandes/${ref}/renvoyer`, { visite: '999999' })).status, 404);
  let status = 0;
  for (let n = 0; n < 12 && status !== 429; n += 1)
    ({ status } = await agency.post(`/fr/commandes/${ref}/renvoyer`, { visite: '0' }));
  assert.equal(status, 429);
});

test('ALL: another organisation finds nothing of it', async () => {
  const slot = await hold(guichet, agency, 'arc-de-triomphe', 25);
  const [option] = optionIds(await agency.get('/fr/options'));
  await undated(agency, 'abbaye-mont-saint-michel', 3);
  const [visit] = visitIds(await agency.get('/fr/panier'));
  const school = await guichet.signIn(SCHOOL);
  assert.equal((await school.get(`/fr/options/${option}/annuler`)).status, 404);
  for (const path of [`options/${option}/annuler`, `panier/${visit}/retirer`, `panier/${visit}/reprendre`])
    assert.equal((await school.post(`/fr/${path}`)).status, 404, path);
  assert.equal((await school.post('/fr/options/panier', { option })).status, 422);
  const { ref, payAt: provider } = await order(agency);
  for (const path of ['', '/retour']) assert.equal((await school.get(`/fr/commandes/${ref}${path}`)).status, 404, path);
  for (const path of ['payer', 'abandonner', 'renvoyer'])
    assert.equal((await school.post(`/fr/commandes/${ref}/${path}`)).status, 404, path);
  await payAt(provider);
  await agency.get(`/fr/commandes/${ref}/retour`);
  await untilState(agency, ref, 'Payée');
  for (const path of ['', '/facture.pdf', `/billets/${visit}`, `/billets/${visit}/pdf`])
    assert.equal((await school.get(`/fr/commandes/${ref}${path}`)).status, 404, path);
  assert.equal((await school.post(`/fr/commandes/${ref}/renvoyer`, { visite: visit })).status, 404);
  assert.doesNotMatch((await school.get('/fr/commandes')).text, new RegExp(ref));
  assert.ok(optionIds(await agency.get('/fr/options')).includes(option), 'the option lives on');
  assert.ok(slot.start);
});

test('ALL: what does not exist is not found, what is not signed in is asked to sign in', async () => {
  for (const path of ['options/abc/annuler', 'options/0/annuler', 'commandes/K7Q2-XXXX', 'commandes/rien',
    'billets/K7Q2-XD4M/1/00'])
    assert.equal((await agency.get(`/fr/${path}`)).status, 404, path);
  const stranger = guichet.client();
  for (const path of ['options', 'panier', 'validation', 'commandes'])
    assert.match((await stranger.get(`/en/${path}`)).location, /^\/en\/connexion\?retour=/, path);
  assert.equal((await agency.post('/fr/validation', { action: 'payer' })).status, 400, 'a form without its key');
});

test('CRT-2: an order of nothing but free tickets is confirmed at once, without a payment', async () => {
  await undated(agency, 'cloitre-de-bayonne', 12);
  const page = await agency.get('/fr/validation');
  assert.match(wordsOf(page.text), /À payer 0,00 €/);
  assert.match(wordsOf(page.text), /Confirmer la commande/);
  assert.doesNotMatch(page.text, /name="paiement"/);
  const answer = await validate(agency);
  assert.match(answer.location, /^\/fr\/commandes\/[0-9A-Z-]+$/);
  const order = await agency.get(answer.location);
  assert.match(wordsOf(order.text), /Confirmée/);
  assert.match(wordsOf(order.text), /Télécharger les 12 billets/);
});

test('CRT-3: a card that is declined pays nothing; another then pays', async () => {
  await undated(agency, 'abbaye-mont-saint-michel', 3);
  const { ref, payAt: provider } = await order(agency);
  const declined = await payAt(provider, CARD.declined);
  assert.notEqual(declined.status, 303);
  assert.match(wordsOf((await agency.get(`/fr/commandes/${ref}`)).text), /En attente de paiement/);
  assert.equal((await payAt(provider)).status, 303);
  await agency.get(`/fr/commandes/${ref}/retour`);
  await untilState(agency, ref, 'Payée');
});
