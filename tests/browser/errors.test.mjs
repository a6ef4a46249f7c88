// Pages of the site when something is wrong: in the reader's language, with a way on, and accessible like all others.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible, closeBrowser, newPage, signedInPage, startServer } from './kit.mjs';

let guichet;

before(async () => { guichet = await startServer({ options: ['--quiet'] }); });
after(async () => {
  await closeBrowser();
  await guichet?.stop();
});

test('ALL-1, ALL-2: what does not exist says so in both languages and leads on', async () => {
  for (const [lang, title] of [['fr', /n’existe pas/], ['en', /does not exist/]]) {
    const page = await newPage(guichet, { bypassCSP: true });
    const answer = await page.goto(`/${lang}/nothing/here`);
    assert.equal(answer.status(), 404);
    assert.match(await page.getByRole('heading', { level: 1 }).textContent(), title);
    await assertAccessible(page);
    await page.locator('main').getByRole('link').first().click();
    assert.equal(new URL(page.url()).pathname, `/${lang}/`);
    await page.context().close();
  }
});

test('ALL-2: a form of another session is refused, and the page says that nothing was done', async () => {
  const page = await signedInPage(guichet, { bypassCSP: true });
  await page.goto('/fr/client');
  await page.evaluate(() => { for (const field of document.querySelectorAll('[name=csrf]')) field.value = '0'; });
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  assert.match(await page.getByRole('heading', { level: 1 }).textContent(), /n’est plus valable/);
  await assertAccessible(page, 'the page of a refused form');
  await page.goto('/fr/client');
  assert.equal(new URL(page.url()).pathname, '/fr/client');
  await page.context().close();
});

test('bad requests are answered politely and never with a failure of ours', async () => {
  const client = guichet.client();
  for (const [address, status] of [['/fr/monuments/%ff', 400], ['/fr/monuments?recherche=%00', 400], ['/fr/%2e%2e/%2e%2e/etc/passwd', 404],
    ['/fr/monuments/sainte-chapelle/planning?personnes=99999999999999999999', 200],
    ['/fr/monuments/sainte-chapelle/planning?jour=2026-02-31&vue=x&public=y', 200],
    ['/fr/monuments/sainte-chapelle/planning?jour=9999-12-31', 200], ['/fr/monuments/nowhere/planning', 404],
    [`/fr/monuments?recherche=${'a'.repeat(5000)}`, 414], ['/fr/billets/AAAA-AAAA/1/00', 404],
    ['/fr/demonstration/courriels/..%2f..%2fsecret.key', 400]]) {
    const answer = await client.get(address);
    assert.equal(answer.status, status, address.slice(0, 80));
  }
  assert.equal((await client.send('/fr/monuments', { method: 'DELETE' })).status, 405);
  assert.equal((await client.send('/fr/connexion', { method: 'POST', body: 'x'.repeat(300000) })).status, 413);
});
