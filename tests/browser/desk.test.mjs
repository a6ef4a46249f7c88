// Customer service: one search box over everything a customer may quote, one line of time for each customer.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AGENCY, assertAccessible, closeBrowser, newPage } from './kit.mjs';
import { hold, order, payAt, startShop, untilState, wordsOf } from './purchase_kit.mjs';
import { demoStaff, freshCode, staffSignIn } from './staff_kit.mjs';

const staff = {};
let guichet;
let buyer;
let ref;
let ticket;
let invoice;

const search = (client, text) => client.get(`/fr/service/recherche?q=${encodeURIComponent(text)}`);
const customers = (answer) => [...new Set([...answer.text.matchAll(/service\/organisations\/(\d+)"/g)].map((m) => m[1]))];

before(async () => {
  guichet = await startShop();
  buyer = await guichet.signIn(AGENCY);
  await hold(guichet, buyer, 'conciergerie', 12, { cart: true });
  const placed = await order(buyer);
  ref = placed.ref;
  await payAt(placed.payAt);
  await untilState(buyer, ref, 'Payée');
  const page = await buyer.get(`/fr/commandes/${ref}`);
  ticket = wordsOf((await buyer.get(page.text.match(/href="([^"]*\/billets\/\d+)"/)[1])).text).match(/\d{4} \d{4} \d{4} \d/)[0];
  invoice = page.text.match(/F\d{4}-\d{6}/)?.[0];
  for (const role of ['administrator', 'customer-service', 'monument-manager', 'gate-agent', 'accountant'])
    staff[role] = await staffSignIn(guichet, demoStaff(guichet, role));
});
after(async () => {
  await closeBrowser();
  await guichet.stop();
});

test('OPS-1: one box finds an organisation, a person, an e-mail, an order and a ticket', async () => {
  const desk = staff['customer-service'];
  const found = customers(await search(desk, 'voyages lumiere'));
  assert.equal(found.length, 1);
  for (const text of [AGENCY.email, AGENCY.email.toUpperCase(), ref, ref.toLowerCase().replace('-', ' '), ticket, 'LUMIÈRE'])
    assert.deepEqual(customers(await search(desk, text)), found, text);
  const nothing = await search(desk, 'zzyzx <script>');
  assert.equal(nothing.status, 200);
  assert.deepEqual(customers(nothing), []);
  assert.match(wordsOf(nothing.text), /Aucun résultat/);
  assert.doesNotMatch(nothing.text, /zzyzx <script>/);
  assert.deepEqual(customers(await search(desk, '1111 1111 1111 1')), []);
});

test('OPS-1: an invoice is found by its number', async () => {
  assert.ok(invoice, 'the order’s page shows the number');
  assert.equal(customers(await search(staff['customer-service'], invoice)).length, 1);
  assert.match(wordsOf((await search(staff.accountant, invoice.toLowerCase())).text), new RegExp(ref));
});

test('OPS-1: the timeline shows order, visit, payment, mails and acts, the newest first', async () => {
  const desk = staff['customer-service'];
  const [id] = customers(await search(desk, ref));
  const page = await desk.get(`/fr/service/organisations/${id}`);
  assert.equal(page.status, 200);
  const text = wordsOf(page.text);
  for (const said of [`Commande ${ref} : confirmée`, `Paiement de la commande ${ref} : encaissé`, 'Conciergerie, 12 personnes : confirmée',
    '« commande confirmée »', 'Commande passée', AGENCY.email])
    assert.ok(text.includes(said), said);
  const list = page.text.slice(page.text.indexOf('class="timeline"'), page.text.indexOf('</ol>', page.text.indexOf('class="timeline"')));
  const times = [...list.matchAll(/muted"><time datetime="([^"]+)"/g)].map((m) => Date.parse(m[1]));
  assert.ok(times.length > 4);
  assert.deepEqual(times, [...times].sort((a, b) => b - a));
  assert.doesNotMatch(page.text, /<form[^>]*method="post"[^>]*organisations/, 'read-only');
  const orders = await desk.get('/fr/service/commandes');
  assert.ok(wordsOf(orders.text).includes(ref));
  assert.equal((await desk.get('/fr/service/organisations/999999')).status, 404);
  assert.equal((await desk.get('/fr/service/organisations/1x')).status, 404);
});

test('OPS-7: who has nothing to do with customers learns nothing of them', async () => {
  const [id] = customers(await search(staff['customer-service'], ref));
  for (const role of ['administrator', 'customer-service', 'accountant'])
    for (const address of ['recherche', 'recherche?q=agence', 'commandes', `organisations/${id}`])
      assert.equal((await staff[role].get(`/fr/service/${address}`)).status, 200, `${role} ${address}`);
  for (const role of ['monument-manager', 'gate-agent'])
    for (const address of ['recherche', 'recherche?q=agence', 'commandes', `organisations/${id}`, 'personnes']) {
      const answer = await staff[role].get(`/fr/service/${address}`);
      assert.equal(answer.status, 404, `${role} ${address}`);
      assert.doesNotMatch(answer.text, /Lumière/);
    }
  assert.equal((await buyer.get('/fr/service/recherche?q=agence')).status, 303, 'a customer is a visitor here');
});

test('OPS-1: the desk’s pages are accessible in every look', async () => {
  const page = await newPage(guichet, { bypassCSP: true });
  const account = demoStaff(guichet, 'customer-service');
  await page.goto('/fr/service/connexion');
  await page.getByLabel('Adresse e-mail').fill(account.email);
  await page.getByLabel('Mot de passe', { exact: true }).fill(account.password);
  await page.locator('main').getByRole('button', { name: 'Se connecter' }).click();
  await guichet.clock.advance(61);
  await page.getByLabel('Code').fill(await freshCode(guichet, account));
  await page.locator('main').getByRole('button', { name: 'Se connecter' }).click();
  await page.waitForURL('**/service');
  await page.getByRole('link', { name: 'Clients', exact: true }).click();
  await page.getByRole('searchbox').or(page.getByLabel(/Organisation, personne/)).fill('lumière');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /résultat/ }).waitFor();
  await assertAccessible(page);
  await page.getByRole('link', { name: /Lumière/ }).first().click();
  await page.getByRole('heading', { name: 'Fil des événements' }).waitFor();
  await assertAccessible(page, 'timeline');
  for (const address of ['/en/service/recherche?q=', '/en/service/recherche?q=zzyzx', '/fr/service/commandes', '/en/service/commandes']) {
    await page.goto(address);
    await assertAccessible(page);
  }
  assert.deepEqual(page.complaints, []);
});
