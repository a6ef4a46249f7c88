// The main walk in a browser: from a placed option to the ticket in the mail, in French with JavaScript and in English
// without; and an accessibility check of every state of the pages on the way.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { AGENCY, assertAccessible, closeBrowser, newPage, until } from './kit.mjs';
import { CARD, assertSound, clear, dayAhead, freeSlot, hold, order, payAt, payInBrowser, send, startShop, untilState,
  validate } from './purchase_kit.mjs';

let guichet, agency;
before(async () => {
  guichet = await startShop();
  agency = await guichet.signIn();
});
after(async () => {
  await closeBrowser();
  await guichet.stop();
});
beforeEach(() => clear(agency));
afterEach(() => assertSound(guichet));

const cookiesOf = (client) => [...client.cookies].map(([name, value]) => ({ name, value, url: guichet.url }));

// A browser that is signed in with the session of `agency`.
async function signedIn(options = {}) {
  const page = await newPage(guichet, options);
  await page.context().addCookies(cookiesOf(agency));
  return page;
}

test('OPT-1 to TKT-4: option, list, cart, validation, declined card, card, order, tickets in the mail', async () => {
  const page = await signedIn();
  const slot = await freeSlot(guichet, agency, 'arc-de-triomphe', 25);
  await page.goto(`/fr/monuments/arc-de-triomphe/planning?vue=jour&jour=${slot.day}&personnes=25`);
  await page.locator('.slot-row[data-state=free]').getByRole('button', { name: /Poser une option/ }).first().click();
  await page.waitForURL('**/fr/options');

  // the countdown lives
  const clock = page.locator('time.countdown');
  const shown = await clock.textContent();
  assert.match(shown, /^\d+ j \d+ h$/);
  assert.ok(await page.getByRole('checkbox').isChecked(), 'the only one is ticked');
  await page.getByRole('checkbox').uncheck();
  await page.getByRole('button', { name: 'Ajouter au panier pour paiement' }).click();
  assert.match(await page.getByRole('alert').textContent(), /Aucune option n’est cochée/);
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Ajouter au panier pour paiement' }).click();
  await page.waitForURL('**/fr/panier');
  await page.getByRole('link', { name: 'Valider la commande' }).click();

  // refused: the summary leads to the select, the choices stay
  await page.getByRole('button', { name: /^Payer/ }).click();
  const alert = page.getByRole('alert');
  assert.equal((await alert.getByRole('heading').textContent()).trim(),
    'Tous les accompagnateurs ne sont pas renseignés');
  await alert.getByRole('link', { name: /Arc de triomphe/ }).click();
  assert.match(await page.evaluate(() => document.activeElement.id), /^accompagnateur-/);
  await page.getByLabel('Accompagnateur', { exact: true }).selectOption({ label: 'Marc Lavigne' });

  // a contact on the spot
  await page.getByText('Créer un contact pour les billets').click();
  await page.getByLabel(/^Nom du contact/).fill('Tanaka');
  await page.getByLabel(/^Prénom du contact/).fill('健司');
  await page.getByLabel(/^Adresse e-mail du contact/).fill('kenji@tanaka-tours.example');
  await page.getByLabel(/^Langue de ses billets/).selectOption({ label: 'anglais' });
  await page.getByRole('button', { name: 'Créer', exact: true }).click();
  assert.match(await page.getByLabel('Billets attribués à').locator('option:checked').textContent(), /健司 Tanaka/);
  assert.equal(await page.getByLabel('Accompagnateur', { exact: true }).locator('option:checked').textContent(),
    'Marc Lavigne');
  await page.getByLabel(/J’accepte les/).check();
  await page.getByRole('button', { name: /^Payer/ }).click();

  // the hosted page: first a card that is declined
  await page.waitForURL('**/c/pay/**');
  await payInBrowser(page, CARD.declined);
  await page.getByRole('alert').waitFor();
  await payInBrowser(page);
  await page.waitForURL('**/fr/commandes/*');
  assert.match(await page.getByRole('status').first().textContent(), /Paiement reçu, merci/);
  assert.match(await page.locator('.badge').first().textContent(), /Payée/);
  const ref = page.url().match(/commandes\/([0-9A-Z-]+)/)[1];

  const tickets = await guichet.mail((m) => m.to === 'kenji@tanaka-tours.example' && m.subject.includes(ref));
  assert.match(tickets.subject, /^Your tickets/, 'in the language of the one who receives them');
  assert.equal(tickets.attachments[0].content.subarray(0, 5).toString(), '%PDF-');
  assert.equal((await guichet.mail((m) => m.subject.includes('confirmée') && m.subject.includes(ref))).to,
    AGENCY.email);

  // the paper again, at any time
  const [download] = await Promise.all([page.waitForEvent('download'),
    page.getByRole('link', { name: 'Imprimer justificatif' }).click()]);
  assert.match(download.suggestedFilename(), /^facture-.*\.pdf$/);
  await page.getByRole('link', { name: /Voir les billets/ }).click();
  assert.equal(await page.locator('article.ticket').count(), 25);
  assert.equal(await page.getByRole('img', { name: /^Code QR du billet \d/ }).count(), 25);

  // back through the history: nothing is bought again
  await page.goto('/fr/validation');
  assert.ok(page.url().endsWith('/fr/panier'));
  await page.goto('/fr/commandes');
  await page.getByLabel('Du').fill(dayAhead(guichet, -2));
  await page.getByLabel('Au').fill(dayAhead(guichet, 2));
  await page.getByRole('button', { name: 'Rechercher' }).click();
  assert.equal(await page.getByRole('link', { name: ref }).count(), 1);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test('ALL-1, ALL-2: the same in English without JavaScript, with the keyboard at the buttons', async () => {
  const page = await signedIn({ javaScriptEnabled: false, locale: 'en-GB' });
  const slot = await freeSlot(guichet, agency, 'conciergerie', 12);
  await page.goto(`/en/monuments/conciergerie/planning?vue=jour&jour=${slot.day}&personnes=12`);
  const place = page.locator('.slot-row[data-state=free]').getByRole('button', { name: /option/i }).first();
  await place.focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/en/options');
  await page.getByRole('button', { name: 'Add to cart for payment' }).press('Enter');
  await page.waitForURL('**/en/panier');
  await page.getByRole('link', { name: 'Check out' }).press('Enter');
  await page.getByLabel('Group leader', { exact: true }).selectOption({ label: 'Irène Valmont' });
  await page.getByLabel(/I accept the/).press('Space');
  await page.getByRole('button', { name: /^Pay/ }).press('Enter');
  await page.waitForURL('**/c/pay/**');
  await payInBrowser(page);
  await page.waitForURL('**/en/commandes/*');
  const ref = page.url().match(/commandes\/([0-9A-Z-]+)/)[1];
  assert.match(await page.locator('.badge').first().textContent(), /Paid/);
  assert.match(await page.getByRole('main').textContent(), /Print invoice/);
  const words = await page.getByRole('main').innerText();
  assert.doesNotMatch(words, /Payée|Billets|Accompagnateur|Télécharger/, 'nothing is left in French');
  const mail = await guichet.mail((m) => m.subject.includes(ref) && /tickets/i.test(m.subject));
  await page.goto(new URL(mail.text.match(/http\S+\/billets\/\S+/)[0]).pathname);
  assert.equal(await page.locator('article.ticket').count(), 12);
  await page.context().close();
});

test('CRT-3: left at the provider, found again among the orders, given up, taken up again', async () => {
  const page = await signedIn();
  await hold(guichet, agency, 'chateau-de-vincennes', 12, { cart: true });
  const { ref, payAt: provider } = await order(agency);
  await page.goto(provider);
  await page.getByRole('link', { name: /Abandonner|Renoncer|retour/i }).first().click();
  await page.waitForURL('**/fr/commandes/*?paiement=interrompu');
  assert.match(await page.getByRole('main').innerText(), /Le paiement a été interrompu/);
  assert.match(await page.locator('.notice time.countdown').textContent(), /^\d+ min \d\d s$/);
  await page.getByRole('button', { name: 'Abandonner le paiement' }).click();
  await page.getByText('Paiement abandonné').waitFor();
  await page.getByRole('link', { name: 'Voir le panier' }).click();
  await page.getByRole('link', { name: 'Valider la commande' }).click();
  assert.notEqual(await page.getByLabel('Accompagnateur', { exact: true }).inputValue(), '',
    'chosen before, still chosen');
  await page.getByLabel(/J’accepte les/).check();
  await page.getByRole('button', { name: /^Payer/ }).dblclick();
  await page.waitForURL('**/c/pay/**');
  await payInBrowser(page);
  await page.waitForURL('**/fr/commandes/*');
  assert.ok(!page.url().includes(ref), 'a new order');
  assert.match(await page.locator('.badge').first().textContent(), /Payée/);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test('CRT-3: while the confirmation is on its way the page looks again by itself', async () => {
  const page = await signedIn();
  await hold(guichet, agency, 'chateau-de-vincennes', 12, { cart: true });
  const { ref, payAt: provider } = await order(agency);
  await page.goto(`/fr/commandes/${ref}/retour`);
  await page.getByText('Nous attendons la confirmation de la banque').waitFor();
  await payAt(provider);
  await page.waitForURL(`**/fr/commandes/${ref}`);
  assert.match(await page.locator('.badge').first().textContent(), /Payée/);
  await page.context().close();
});

/* ---- every state, light and dark, wide and narrow ---- */

test('ALL-2: axe-core finds nothing on the pages of options and cart', { timeout: 300000 }, async () => {
  const page = await signedIn({ bypassCSP: true });
  const check = async (path) => {
    await page.goto(path);
    await assertAccessible(page, path);
  };
  await check('/fr/options');
  await check('/fr/panier');
  const day = (await freeSlot(guichet, agency, 'sainte-chapelle', 26, { ahead: 20 })).day;
  const wish = `jour=${day}&de=10:00&a=16:00&personnes=50&public=adults`;
  const split = await agency.get(`/fr/monuments/sainte-chapelle/repartition?${wish}`);
  await send(agency, split, '/repartition', { action: 'option' });
  await hold(guichet, agency, 'arc-de-triomphe', 25, { ahead: 2 });
  await check('/fr/options');
  await page.getByRole('button', { name: 'Ajouter au panier pour paiement' }).click();
  await assertAccessible(page, 'options, none ticked');
  await page.getByRole('link', { name: /^Annuler/ }).first().click();
  await assertAccessible(page, 'an option to be cancelled');
  await page.goto('/fr/options');
  for (const box of await page.getByRole('checkbox').all()) await box.check();
  await page.getByRole('button', { name: 'Ajouter au panier pour paiement' }).click();
  await hold(guichet, agency, 'chateau-de-vincennes', 12, { cart: true });
  await check('/fr/panier');
  await check('/en/panier');
  await check('/en/options');
  await guichet.clock.advance(21 * 60);
  await until(async () => (await agency.get('/fr/panier')).text.includes('/reprendre'), { what: 'the ended hold' });
  await check('/fr/panier');
  await page.context().close();
});

test('ALL-2: axe-core finds nothing on validation, orders and tickets', { timeout: 300000 }, async () => {
  const page = await signedIn({ bypassCSP: true });
  const check = async (path) => {
    await page.goto(path);
    await assertAccessible(page, path);
  };
  await hold(guichet, agency, 'arc-de-triomphe', 25, { cart: true });
  await check('/fr/validation');
  await page.getByRole('button', { name: /^Payer/ }).click();
  await assertAccessible(page, 'validation, refused');
  await page.getByText('Créer un contact pour les billets').click();
  await page.getByRole('button', { name: 'Créer', exact: true }).click();
  await assertAccessible(page, 'validation, contact refused');
  await check('/en/validation');
  await guichet.standin('fail=50');
  const pending = await validate(agency);
  await guichet.standin('fail=0');
  await check(pending.location);
  await check(`${pending.location}?paiement=interrompu`);
  await check(`${pending.location}/retour`);
  const provider = (await send(agency, await agency.get(pending.location), '/payer')).location;
  await payAt(provider);
  const ref = pending.location.split('/').at(-1);
  await untilState(agency, ref, 'Payée');
  await check(pending.location);
  await check(pending.location.replace('/fr/', '/en/'));
  await page.getByRole('link', { name: /See the tickets/ }).click();
  await assertAccessible(page, 'tickets');
  const mail = await guichet.mail((m) => m.subject.includes(ref) && /^Vos billets/.test(m.subject));
  await page.context().clearCookies();
  await check(new URL(mail.text.match(/http\S+\/billets\/\S+/)[0]).pathname);
  await page.context().addCookies(cookiesOf(agency));
  await check('/fr/commandes');
  await check('/fr/commandes?du=2001-01-01&au=2001-02-01');
  await check('/fr/commandes?du=2001-03-01&au=2001-02-01');
  await hold(guichet, agency, 'chateau-de-vincennes', 12, { cart: true });
  await hold(guichet, agency, 'arc-de-triomphe', 25);
  await send(agency, await agency.get('/fr/options'), '/options/panier');
  const second = await order(agency);
  await check('/fr/options'); // one is being paid
  await send(agency, await agency.get(`/fr/commandes/${second.ref}`), '/abandonner');
  await check(`/fr/commandes/${second.ref}`);
  await page.context().close();
});
