// States of the pages of sales that take some doing to reach, with axe-core in every look: places that went while the
// cart was left alone, and the later pages of many tickets.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SCHOOL, assertAccessible, closeBrowser, newPage, until } from './kit.mjs';
import { clear, hold, order, payAt, send, slotsOn, startShop, untilState } from './purchase_kit.mjs';

let guichet, agency;
before(async () => {
  guichet = await startShop();
  agency = await guichet.signIn();
});
after(async () => {
  await closeBrowser();
  await guichet.stop();
});

async function signedIn() {
  const page = await newPage(guichet, { bypassCSP: true });
  await page.context().addCookies([...agency.cookies].map(([name, value]) => ({ name, value, url: guichet.url })));
  return page;
}

test('CRT-1, ALL-2: the cart whose places are gone is accessible', { timeout: 300000 }, async () => {
  const slot = await hold(guichet, agency, 'chateau-de-vincennes', 30, { cart: true, ahead: 25,
    fits: (one) => one.left <= 70 });
  const school = await guichet.signIn(SCHOOL);
  const now = async () => (await slotsOn(school, slot.slug, slot.day, 8)).find((one) => one.start === slot.start);
  await guichet.clock.advance(21 * 60);
  await until(async () => (await now())?.left === slot.left, { what: 'the places given back' });
  for (let left = await now(); left && left.left >= 30; left = await now())
    await hold(guichet, school, slot.slug, Math.min(35, left.left), { cart: true, slot: left });
  const page = await signedIn();
  await page.goto('/fr/panier');
  const answer = page.waitForResponse((response) => response.url().endsWith('/reprendre'));
  await page.getByRole('button', { name: /^Reprendre/ }).click();
  assert.equal((await answer).status(), 422);
  await page.getByText(/Il ne reste pas assez de places|complet/).first().waitFor();
  await assertAccessible(page, 'the cart, places gone');
  assert.deepEqual(page.complaints, []);
  await page.context().close();
  await clear(school);
  await clear(agency);
});

test('TKT-4, ALL-2: the second page of the tickets behind a mail’s link is accessible', { timeout: 300000 }, async () => {
  const monument = await agency.get('/fr/monuments/pantheon');
  assert.equal((await send(agency, monument, '/billets', { personnes: '120', accompagnateur: 'none' })).status, 303);
  const { ref, payAt: provider } = await order(agency);
  await payAt(provider);
  await untilState(agency, ref, 'Payée');
  const mail = await guichet.mail((m) => m.subject.includes(ref) && /^Vos billets/.test(m.subject), 'the tickets');
  const page = await newPage(guichet, { bypassCSP: true }); // nobody is signed in
  await page.goto(new URL(mail.text.match(/http\S+\/billets\/\S+/)[0]).pathname);
  await page.getByRole('link', { name: '2', exact: true }).or(page.getByRole('link', { name: /suivant/i })).first().click();
  await page.waitForURL('**page=2');
  assert.ok(await page.locator('article.ticket').count() > 0);
  await assertAccessible(page, 'tickets, page 2');
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
