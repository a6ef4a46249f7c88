// The stand-in's hosted page in a browser: a buyer pays without JavaScript and arrives back at the shop under the page's
// own security policy, and axe-core finds nothing, in both languages, light and dark, wide and narrow.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import readline from 'node:readline';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import Stripe from 'stripe';

const program = process.env.GUICHET_STANDIN_MAIN ?? new URL('../../build/tests/pay/standin_main', import.meta.url).pathname;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let shop, origin, child, stripe, browser;

before(async () => {
  shop = http.createServer((request, response) => response.end(request.url)).listen(0, '127.0.0.1');
  await once(shop, 'listening');
  origin = `http://localhost:${shop.address().port}`;
  child = spawn(program, ['--port', '0', '--return-origin', origin, '--merchant', 'Réseau des monuments'],
    { env: { ...process.env, GUICHET_PAY_KEY: 'sk_test' }, stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = await Promise.race([once(readline.createInterface({ input: child.stdout }), 'line'),
    once(child, 'error').then(([error]) => { throw error; })]);
  stripe = new Stripe('sk_test', { host: '127.0.0.1', port: new URL(line.match(/http:\S+/)[0]).port, protocol: 'http', telemetry: false });
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
});
after(async () => {
  await browser?.close();
  child?.kill();
  shop.close();
});

const session = (locale) => stripe.checkout.sessions.create({
  mode: 'payment', success_url: `${origin}/paid?cs={CHECKOUT_SESSION_ID}`, cancel_url: `${origin}/cart`, locale,
  customer_email: 'camille@une-agence-au-nom-plutot-long.example',
  line_items: [{ quantity: 25, price_data: { currency: 'eur', unit_amount: 1350, product_data: { name: 'Sainte-Chapelle – adulte groupe' } } }] });

test('pays without JavaScript, after a refused card, and comes back', async () => {
  const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  const { id, url } = await session('fr');
  await page.goto(url);
  await page.getByLabel('Numéro de carte').fill('4000 0000 0000 0002');
  await page.getByLabel('Date d’expiration').fill('12/40');
  await page.getByLabel('Code de sécurité').fill('123');
  await page.getByLabel('Nom du titulaire').fill('Camille Durand');
  await page.getByRole('button', { name: /^Payer/ }).click();
  assert.match(await page.getByRole('alert').textContent(), /refusée/);
  await page.getByRole('link', { name: /4242 4242 4242 4242/ }).click();
  await page.getByRole('button', { name: /^Payer/ }).click();
  await page.waitForURL(`${origin}/**`);
  assert.equal(page.url(), `${origin}/paid?cs=${id}`);
  await page.context().close();
});

test('abandons by a link', async () => {
  const page = await browser.newPage();
  await page.goto((await session('en')).url);
  await page.getByRole('link', { name: 'Give up and go back to the shop' }).click();
  await page.waitForURL(`${origin}/cart`);
  await page.close();
});

for (const colorScheme of ['light', 'dark']) {
  for (const width of [1100, 320]) {
    for (const locale of ['fr', 'en']) {
      test(`axe-core finds nothing: ${colorScheme}, ${width} wide, ${locale}`, async () => {
        const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
        const page = await context.newPage();
        const check = async () => {
          await page.evaluate(axe);
          const { violations } = await page.evaluate(() => globalThis.axe.run());
          assert.deepEqual(violations.map((v) => [v.id, v.nodes.map((n) => n.html)]), []);
          assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no sideways scrolling');
        };
        const { id, url } = await session(locale);
        await page.goto(url);
        await check();
        await page.getByRole('button').click(); // nothing typed: every field says what is wrong
        assert.equal(await page.locator('[aria-invalid]').count(), 4);
        await check();
        await stripe.checkout.sessions.expire(id);
        await page.goto(url);
        await check();
        await context.close();
      });
    }
  }
}
