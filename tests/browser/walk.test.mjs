// The main job from end to end, as a customer does it in a browser: from opening an account to the tickets in the mail.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { SCHOOL, closeBrowser, linkIn, newPage, signUpForm, signedInPage } from './kit.mjs';
import { assertSound, dayAhead, payInBrowser, startShop, wordsOf } from './purchase_kit.mjs';

let guichet;

before(async () => { guichet = await startShop(); });
after(async () => {
  await closeBrowser();
  await guichet?.stop();
});

const WORDS = {
  fr: { option: /Poser une option/, cart: /Ajouter au panier/, toCart: /Ajouter au panier pour paiement/, pay: /^Payer/,
    confirmed: /Payée/, tickets: /^Vos billets\s: Sainte-Chapelle/, order: /^Commande .* confirmée/, search: 'Rechercher',
    free: 'gratuit', print: /Imprimer justificatif/ },
  en: { option: /Place an option/, cart: /Add to cart/, toCart: /Add to the cart for payment|Add to cart for payment/, pay: /^Pay/,
    confirmed: /Paid/, tickets: /^Your tickets: Sainte-Chapelle/, order: /^Order .* confirmed/, search: 'Search',
    free: 'free', print: /Print receipt|Print the receipt|Print invoice/ },
};

// Opens an account and signs in, in the browser.
async function openAccount(page, lang) {
  const form = signUpForm();
  await page.goto(`/${lang}/inscription`);
  for (const [name, value] of Object.entries(form)) {
    const field = page.locator(`main [name="${name}"]`).first();
    const kind = await field.evaluate((e) => (e.tagName === 'SELECT' ? 'select' : e.type));
    if (kind === 'select') await field.selectOption(value);
    else if (kind === 'checkbox') await field.check();
    else await field.fill(value);
  }
  await page.locator('main form button[type=submit]').first().click();
  await page.waitForURL(`**/${lang}/verification`);
  const mail = await guichet.mail((m) => m.to === form.courriel && m.text.includes('/verification/'));
  await page.goto(linkIn(mail, 'verification'));
  await page.locator('main form button').first().click();
  await page.waitForURL(`**/${lang}/connexion`);
  await page.locator('[name=courriel]').fill(form.courriel);
  await page.locator('[name=motdepasse]').fill(form.motdepasse);
  await page.locator('main form button[type=submit]').first().click();
  await page.waitForURL(`**/${lang}/`);
  return form.courriel;
}

// Names an accompanying person for each visit, accepts the terms, pays on the provider's page.
async function validateAndPay(page, lang) {
  await page.goto(`/${lang}/validation`);
  for (const select of await page.locator('select[name^=accompagnateur]').all()) await select.selectOption({ index: 1 });
  await page.locator('[name=cgv]').check();
  await page.getByRole('button', { name: WORDS[lang].pay }).click();
  await page.waitForURL(/\/c\/pay\//);
  await payInBrowser(page);
  await page.waitForURL(new RegExp(`/${lang}/commandes/[0-9A-Z-]+$`));
  return page.url().match(/commandes\/([0-9A-Z-]+)/)[1];
}

// What a scanner reads from the rendered pages.
async function scan(pdf, name) {
  const file = path.join(guichet.data, `${name}.pdf`);
  await writeFile(file, pdf);
  execFileSync('pdftoppm', ['-r', '80', '-png', file, path.join(guichet.data, name)]);
  return execFileSync('sh', ['-c', `zbarimg --quiet --nodbus --raw "${path.join(guichet.data, name)}"-*.png`]).toString().trim().split('\n');
}

for (const [lang, javaScriptEnabled] of [['fr', true], ['fr', false], ['en', true]]) {
  test(`the main job, ${lang}, JavaScript ${javaScriptEnabled ? 'on' : 'off'}: account, planning for 25, option, payment, 25 tickets by mail`,
    { timeout: 120000 }, async () => {
      const w = WORDS[lang];
      const page = await newPage(guichet, { javaScriptEnabled });
      const email = await openAccount(page, lang);

      // finds the monument and its planning
      await page.goto(`/${lang}/monuments`);
      await page.locator('main [name=recherche]').fill('chapelle');
      await page.locator('main form').filter({ has: page.locator('[name=recherche]') }).getByRole('button').click();
      await page.locator('main .card a', { hasText: 'Sainte-Chapelle' }).first().click();
      await page.waitForURL('**/monuments/sainte-chapelle');
      await page.goto(`/${lang}/monuments/sainte-chapelle/planning?personnes=25&vue=jour&jour=${dayAhead(guichet, 15)}`);
      assert.equal(await page.locator('[data-state=free]').first().getAttribute('data-left') >= 25, true);

      // places an option, comes back, ticks it
      await page.getByRole('button', { name: w.option }).first().click();
      await page.waitForURL(`**/${lang}/options`);
      await page.goto(`/${lang}/`);
      await page.locator('header .menu a[href$="/options"]').click();
      assert.equal(await page.locator('[name=option]').isChecked(), true, 'the only option is ticked already');
      await page.getByRole('button', { name: w.toCart }).click();
      await page.waitForURL(`**/${lang}/panier`);

      const ref = await validateAndPay(page, lang);
      await page.getByText(w.confirmed).first().waitFor();
      assert.deepEqual(page.complaints, []);

      // 25 tickets by mail, the leader's free, codes that scanners read
      const mail = await guichet.mail((m) => m.to === email && w.tickets.test(m.subject));
      const pdf = mail.attachments[0].content;
      const text = execFileSync('pdftotext', ['-layout', '-', '-'], { input: pdf }).toString();
      assert.equal(text.split('\f').filter((sheet) => sheet.trim()).length, 25);
      assert.match(text, /25 \/ 25/);
      assert.equal(text.match(new RegExp(`\\b${w.free}\\b`, 'g')).length, 1);
      if (lang === 'fr' && javaScriptEnabled) {
        const codes = await scan(pdf, 'walk');
        assert.equal(new Set(codes).size, 25);
        for (const code of codes) assert.match(code, /^\d{198}$/);
      }
      const confirmation = await guichet.mail((m) => m.to === email && w.order.test(m.subject));
      assert.ok(confirmation.subject.includes(ref));
      assert.equal(confirmation.attachments.length, 1);

      // and they are under Orders, with the receipt
      await page.goto(`/${lang}/commandes`);
      await page.getByRole('button', { name: w.search, exact: true }).click();
      await page.getByRole('link', { name: ref }).click();
      await page.getByRole('link', { name: w.print }).or(page.getByRole('button', { name: w.print })).first().waitFor();
      await page.context().close();
      await assertSound(guichet);
    });
}

test('TKT-3: another buys undated tickets for a monument that has no slots', { timeout: 60000 }, async () => {
  const page = await signedInPage(guichet);
  await page.goto('/fr/monuments/abbaye-de-cluny');
  const form = page.locator('form[action$="/billets"]');
  await form.locator('[type=number], [inputmode=numeric]').first().fill('12');
  await form.locator('select, [type=radio]').first().evaluate((e) => {
    if (e.tagName === 'SELECT') e.value = 'none';
    else e.checked = true;
  });
  await form.getByRole('button').click();
  await page.waitForURL('**/fr/panier');
  const ref = await validateAndPay(page, 'fr');
  const mail = await guichet.mail((m) => m.subject.includes(ref) && /^Vos billets\s: Abbaye de Cluny/.test(m.subject));
  const text = execFileSync('pdftotext', ['-layout', '-', '-'], { input: mail.attachments[0].content }).toString();
  const today = new Date(guichet.clock.now() * 1000);
  assert.equal(text.split('\f').filter((sheet) => sheet.trim()).length, 12);
  assert.match(text, new RegExp(`Valable jusqu’au\\s+.*${today.getFullYear() + 3}`, 's'));
  await page.context().close();
  await assertSound(guichet);
});

test('VIS-1: a school books the Arc de triomphe, pays at once, and has no option', { timeout: 60000 }, async () => {
  const page = await signedInPage(guichet, {}, SCHOOL);
  await page.goto(`/fr/monuments/arc-de-triomphe/planning?personnes=30&public=school&vue=jour&jour=${dayAhead(guichet, 12)}`);
  assert.equal(await page.getByRole('button', { name: /Poser une option/ }).count(), 0);
  await page.getByRole('button', { name: /Ajouter au panier/ }).first().click();
  await page.waitForURL('**/fr/panier');
  assert.match(wordsOf(await page.locator('main').innerHTML()), /scolaire/);
  const ref = await validateAndPay(page, 'fr');
  const mail = await guichet.mail((m) => m.subject.includes(ref) && /^Vos billets\s: Arc de triomphe/.test(m.subject));
  assert.match(execFileSync('pdftotext', ['-layout', '-', '-'], { input: mail.attachments[0].content }).toString(), /scolaire/);
  await page.context().close();
  await assertSound(guichet);
});
