// Help, legal texts and the mails of the demonstration.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir, rm, mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { AGENCY, assertAccessible, closeBrowser, newPage, program, startServer, until } from './kit.mjs';

const root = new URL('../../', import.meta.url).pathname;
const LANGUAGES = ['fr', 'en'];
let guichet;

before(async () => { guichet = await startServer({ options: ['--quiet'] }); }); // nobody else's options, no reminders
after(async () => { await closeBrowser(); await guichet.stop(); });

const sql = (text) => execFileSync('sqlite3', ['-cmd', '.timeout 5000', path.join(guichet.data, 'guichet.db'), text])
  .toString().trim();

// The questions of the operator's FAQ, in its order, with words that its answer must hold in each language.
const FAQ = {
  'reservation-en-ligne': ['Sainte-Chapelle', 'Arc de triomphe'],
  'autres-monuments': ['deux étapes', 'two steps'],
  scolaires: ['Arc de triomphe', 'Arc de triomphe'],
  'visites-conferences': ['visites-conferences@monuments-nationaux.fr', 'visites-conferences@monuments-nationaux.fr'],
  'grand-groupe': ['sous-groupes', 'sub-groups'],
  modifier: ['nouvelle réservation', 'new booking'],
  'annuler-option': ['« Annuler »', '“Cancel”'],
  'valider-option': ['« Ajouter au panier pour paiement »', '“Add to cart for payment”'],
  'creneau-indisponible': ['déjà réservée', 'booked already'],
  accompagnateur: ['« Guide Type » ou « Accompagnateur Type »', '“Guide Type” or “Accompagnateur Type”'],
  'billet-accompagnateur': ['plus de 20 personnes', 'more than 20 persons'],
  'moyens-de-paiement': ['virement reçu', 'transfer has arrived'],
  facture: ['« Imprimer justificatif »', '“Print invoice”'],
  pmp: ['billetterie.reservations-groupes@monuments-nationaux.fr', 'customer service'],
  'deja-billets': ['« J’ai déjà un billet »', '“I already have a ticket”'],
  validite: ['3 ans à compter de la date d’achat', '3 years from the date of purchase'],
  'format-billets': ['une page A4', 'one A4 page'],
  remboursement: ['pas remboursable', 'not refundable'],
  'annulation-monument': ['remboursement', 'refund'],
  'compte-erreur': ['e-mail différente', 'different e-mail'],
  'changer-email': ['ne sont pas transférés', 'not transferred'],
  'accompagnateurs-manquants': ['panier est conservé', 'cart is kept'],
  attribution: ['directement à la personne', 'straight to the person'],
  'service-client': ['billetterie.reservations-groupes@monuments-nationaux.fr', '@monuments-nationaux.fr'],
  'manuel-de-vente': ['Manuel de vente', 'Sales manual'],
  minimum: ['nombre minimum', 'minimum number'],
  option: ['« Poser une option »', '“Place an option”'],
};

// What a reader sees of a text: all blanks are alike.
const plain = (text) => text.replace(/\s+/g, ' ').toLowerCase();

test('CAT-5: every question of the FAQ has its anchor and its answer, in French and in English', async () => {
  const page = await newPage(guichet, { javaScriptEnabled: false });
  for (const [index, lang] of LANGUAGES.entries()) {
    await page.goto(`/${lang}/aide`);
    for (const [anchor, words] of Object.entries(FAQ)) {
      const item = page.locator(`[id="${anchor}"]`);
      assert.equal(await item.count(), 1, `${lang} #${anchor}`);
      const said = plain(await item.innerText());
      assert.ok(said.includes(plain(words[index])), `${lang} #${anchor} does not say «${words[index]}»: ${said}`);
      const question = plain(await item.locator('h3').innerText());
      assert.match(question, /\?$/, `${lang} #${anchor}`);
      assert.ok(said.length > question.length + 40, `${lang} #${anchor} has no answer`);
      assert.equal(plain(await page.locator(`.faq-contents a[href="#${anchor}"]`).innerText()), question);
    }
    const listed = await page.locator('.faq-contents li a').count();
    assert.equal(await page.locator('.faq__item').count(), listed, 'every question is in the contents');
  }
  await page.context().close();
});

test('CAT-5: an anchor shows its answer without JavaScript', async () => {
  const page = await newPage(guichet, { javaScriptEnabled: false, viewport: { width: 390, height: 700 } });
  await page.goto('/fr/aide#facture');
  const box = await page.locator('#facture').boundingBox();
  assert.ok(box.y >= 0 && box.y < 300, `the answer is at ${box.y}`);
  assert.ok(await page.locator('#facture li').last().isVisible());
  await page.context().close();
});

// Every «/aide#anchor» of templates and handlers, whichever way it is written.
async function linkedAnchors() {
  const found = new Map();
  const folder = path.join(root, 'src/web');
  for (const name of await readdir(folder, { recursive: true })) {
    if (!/\.(html|c|h)$/.test(name)) continue;
    const text = await readFile(path.join(folder, name), 'utf8');
    for (const [, anchor] of text.matchAll(/\/aide(?:"\s*\}\})?#([a-z-]+)/g)) found.set(anchor, name);
  }
  return found;
}

test('CAT-5: every link into the help leads to an answer, and every answer is linked from where its question arises', async () => {
  const linked = await linkedAnchors();
  assert.ok(linked.size > 10);
  const { text } = await guichet.client().get('/fr/aide');
  for (const [anchor, file] of linked) assert.ok(text.includes(`id="${anchor}"`), `${file} links to #${anchor}`);
  const unlinked = Object.keys(FAQ).filter((anchor) => !linked.has(anchor) && !LINKED_AS_PAGE.includes(anchor));
  assert.deepEqual(unlinked, []);
});
// Questions whose place is the page that answers them: it needs no link to help.
const LINKED_AS_PAGE = ['reservation-en-ligne', 'manuel-de-vente'];

test('CAT-5: links of the help lead to pages that exist', async () => {
  const client = await guichet.signIn();
  for (const lang of LANGUAGES) {
    const { text } = await client.get(`/${lang}/aide`);
    const addresses = new Set([...text.matchAll(/href="(\/(?:fr|en)\/[^"#]*)/g)].map(([, address]) => address));
    assert.ok([...addresses].some((address) => address.endsWith('/options')));
    for (const address of addresses) {
      const { status } = await client.get(address.replaceAll('&amp;', '&'));
      assert.ok([200, 303].includes(status), `${address}: ${status}`);
    }
  }
});

test('CAT-5: the table of rules shows the catalogue’s data, also after a change', async () => {
  const rows = async (lang) => {
    const { text } = await guichet.client().get(`/${lang}/aide`);
    const table = text.slice(text.indexOf('id="regles"'), text.indexOf('</table>'));
    return [...table.matchAll(/<tr><th scope="row">.*?<\/tr>/g)].map(([row]) => plain(row.replace(/<[^>]*>/g, ' ')));
  };
  const row = async (lang, name) => (await rows(lang)).find((text) => text.includes(name));
  assert.equal((await rows('fr')).length, 4);
  assert.match(await row('fr', 'arc de triomphe'), /à partir de 7 personnes .*35 personnes.* option de 30 jours/);
  assert.match(await row('fr', 'vincennes'), /à partir de 8 personnes .*35 personnes.* pas d’option/);
  assert.match(await row('fr', 'conciergerie'), /8 personnes, ou avec un guide.* 26 personnes.* option de 60 jours/);
  assert.match(await row('en', 'sainte-chapelle'), /8 persons.*guide.* 26 persons.* 60/);

  sql(`UPDATE group_rule SET min_persons = 9, max_persons = 31, option_days = 12
        WHERE monument_id = (SELECT id FROM monument WHERE slug = 'arc-de-triomphe')`);
  assert.match(await row('fr', 'arc de triomphe'), /à partir de 9 personnes .*31 personnes.* option de 12 jours/);
  sql(`UPDATE group_rule SET min_persons = 7, max_persons = 35, option_days = 30
        WHERE monument_id = (SELECT id FROM monument WHERE slug = 'arc-de-triomphe')`);
});

test('CAT-4, CAT-5: the addresses in the help are settings', async () => {
  assert.equal((await guichet.command('settings', 'contact.lectures', 'visites@reseau.example')).code, 0);
  assert.equal((await guichet.command('settings', 'contact.groups', 'groupes@reseau.example')).code, 0);
  const { text } = await guichet.client().get('/fr/aide');
  assert.match(text, /mailto:visites@reseau\.example/);
  assert.match(text, /mailto:groupes@reseau\.example/);
  assert.doesNotMatch(text, /monuments-nationaux\.fr/);
  sql("DELETE FROM setting WHERE key IN ('contact.lectures', 'contact.groups')");
});

test('CRT-2: legal texts show their version and date, in both languages', async () => {
  const TEXTS = { cgv: [/Conditions générales de vente/, /Terms of sale/],
    confidentialite: [/Confidentialité/, /Privacy/],
    accessibilite: [/Accessibilité\s: partiellement conforme/, /Accessibility: partially compliant/] };
  for (const [address, titles] of Object.entries(TEXTS))
    for (const [index, lang] of LANGUAGES.entries()) {
      const { status, text } = await guichet.client().get(`/${lang}/${address}`);
      assert.equal(status, 200);
      assert.match(text.match(/<h1>(.*?)<\/h1>/)[1], titles[index]);
      assert.match(text, /Version 2026-11/);
      assert.match(text, /<time datetime="2026-11-01">/);
      assert.match(text, /<h2>(?!<)/);
      assert.doesNotMatch(text, /##/);
    }
  const { text } = await guichet.client().get('/fr/cgv');
  assert.match(text, /ni remboursables ni échangeables/, 'ORD-3');
});

test('CRT-2: an earlier version stays readable and says that it is not in force', async () => {
  const add = (version, days, body) => sql(`INSERT INTO legal_text (kind, version, lang, effective_at, body)
    SELECT 'terms', '${version}', lang, effective_at + ${days * 86400}, '${body}' FROM legal_text
     WHERE kind = 'terms' AND version = '2026-11'`);
  add('2020 & avant', -2000, '## Une <ancienne> règle');
  add('2027', 9000, '## Une règle future');
  const client = guichet.client();
  const current = await client.get('/fr/cgv');
  assert.match(current.text, /Version 2026-11,/);
  assert.doesNotMatch(current.text, /notice--warn/);
  const link = current.text.match(/href="(\/fr\/cgv\?version=2020[^"]*)"/)[1];
  const old = await client.get(link);
  assert.match(old.text, /<h2>Une &lt;ancienne&gt; règle<\/h2>/);
  assert.match(old.text, /notice--warn/);
  const other = old.text.match(/<link rel="alternate" hreflang="en" href="([^"]*)"/)[1];
  assert.match((await client.get(other)).text, /Version 2020 &amp; avant/, 'the version is kept over a change of language');
  const future = await client.get('/en/cgv?version=2027');
  assert.match(future.text, /not the version that is in force/);
  assert.equal((await client.get('/fr/cgv?version=1789')).status, 404);
  sql("DELETE FROM legal_text WHERE version <> '2026-11'");
});

// A mail that the product sends by itself: the link for a forgotten password.
async function askForMail() {
  const client = guichet.client();
  await client.get('/fr/mot-de-passe-oublie');
  assert.equal((await client.post('/fr/mot-de-passe-oublie', { courriel: AGENCY.email })).status, 303);
  return guichet.mail((mail) => mail.to === AGENCY.email && /mot-de-passe\//.test(mail.text));
}

test('the demonstration shows its mails, with links to this site only', async () => {
  const page = await newPage(guichet, { javaScriptEnabled: false });
  await page.goto('/fr/demonstration/courriels');
  assert.match(await page.locator('main').innerText(), /Aucun courriel/);
  const mail = await askForMail();
  await page.goto('/fr/');
  await page.getByRole('link', { name: 'Courriels envoyés' }).click();
  await page.getByRole('link', { name: mail.subject }).first().click();
  await page.waitForURL(/courriels\/[^/]+$/);
  assert.equal(await page.locator('h1').innerText(), mail.subject);
  assert.match(await page.locator('.letter__head').innerText(), new RegExp(AGENCY.email));
  const link = page.locator('.letter__body a');
  assert.equal(await link.count(), 1);
  await link.click();
  assert.match(new URL(page.url()).pathname, /^\/fr\/mot-de-passe\/[\w-]{20,}$/);
  assert.equal(await page.getByLabel(/Nouveau mot de passe/).count(), 1);
  await page.context().close();
});

// Puts a message into the maildir as if the product had sent it.
function put(name, lines) {
  execFileSync('tee', [path.join(guichet.data, 'mail', 'new', name)], { input: lines.join('\r\n'), stdio: ['pipe', 'ignore', 'inherit'] });
}

test('TKT-4: a mail shows its attachments, which download with their type and name', async () => {
  const pdf = Buffer.from('%PDF-1.7\nnot much of one\n');
  put('1700000001.aaaa.guichet', ['From: a@b.example', 'To: =?utf-8?Q?In=C3=A8s?= <ines@guides.example>', 'Subject: Two parts',
    'Date: Tue, 14 Nov 2023 22:13:21 +0000', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary="x"', '',
    '--x', 'Content-Type: text/plain; charset=utf-8', '',
    `Look <b>here</b>: ${guichet.url}/fr/monuments?q=1&r=2. Not https://evil.example/x nor ${guichet.url}.evil.example/y,`,
    `nor javascript:alert(1), nor ${guichet.url}//evil.example/z`,
    '--x', 'Content-Type: application/pdf; name="billets.pdf"', 'Content-Disposition: attachment; filename="billets.pdf"',
    'Content-Transfer-Encoding: base64', '', pdf.toString('base64'),
    '--x', 'Content-Type: text/html; name="page.html"', 'Content-Disposition: attachment; filename="../é\\"page.html"', '',
    '<script>alert(1)</script>', '--x--', '']);
  const client = guichet.client();
  const { text } = await client.get('/fr/demonstration/courriels/1700000001.aaaa.guichet');
  assert.match(text, /Look &lt;b&gt;here/);
  assert.match(text, /<a href="\/fr\/monuments\?q=1&amp;r=2">/);
  const letter = text.slice(text.indexOf('letter__body'), text.indexOf('</article>'));
  assert.deepEqual([...letter.matchAll(/href="([^"]*)"/g)].map(([, href]) => href), ['/fr/monuments?q=1&amp;r=2', '/']);
  assert.match(text, /billets\.pdf \(25\soctets\)/);

  const one = await client.get('/fr/demonstration/courriels/1700000001.aaaa.guichet/piece/1');
  assert.equal(one.status, 200);
  assert.equal(one.headers.get('content-type'), 'application/pdf');
  assert.equal(one.headers.get('content-disposition'), 'attachment; filename="billets.pdf"');
  assert.deepEqual(one.bytes, pdf);
  const two = await client.get('/fr/demonstration/courriels/1700000001.aaaa.guichet/piece/2');
  assert.equal(two.headers.get('content-type'), 'application/octet-stream');
  assert.match(two.headers.get('content-disposition'), /^attachment; filename="[\w.-]+"$/);
  for (const n of ['0', '3', '-1', '1x', '99999999999999999999'])
    assert.equal((await client.get(`/fr/demonstration/courriels/1700000001.aaaa.guichet/piece/${n}`)).status, 404, n);
  for (const id of ['nothing', '..%2F..%2Fguichet.db', '%2e%2e', '.hidden'])
    assert.ok([400, 404].includes((await client.get(`/fr/demonstration/courriels/${id}`)).status), id);
});

test('the list of mails is in pages, the newest first', async () => {
  for (let i = 0; i < 60; i++)
    put(`17000001${String(i).padStart(2, '0')}.b.guichet`, ['From: a@b.example', 'To: c@d.example', `Subject: number ${i}`,
      'Date: Tue, 14 Nov 2023 22:15:00 +0000', '', 'text', '']);
  const client = guichet.client();
  const subjects = async (number) => {
    const { text } = await client.get(`/en/demonstration/courriels?page=${number}`);
    return [...text.matchAll(/>number (\d+)<\/a>/g)].map(([, n]) => Number(n));
  };
  const all = [...await subjects(1), ...await subjects(2), ...await subjects(3)];
  assert.deepEqual(all, [...Array(60).keys()].reverse());
  assert.equal((await subjects(1)).length, 25);
  assert.equal((await client.get('/en/demonstration/courriels?page=99')).status, 404);
  const { text } = await client.get('/en/demonstration/courriels?page=2');
  assert.match(text, /rel="prev"/);
  assert.match(text, /rel="next"/);
});

test('in production the mails are not there', async () => {
  const data = await mkdtemp(path.join(os.tmpdir(), 'guichet-production-'));
  const port = new URL(guichet.url).port;
  await guichet.end(); // its port serves once more
  const child = spawn(program, ['serve'], { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, PORT: port,
    GUICHET_MODE: 'production', GUICHET_DATA: data, GUICHET_CLOCK: '', GUICHET_SMTP_HOST: 'localhost',
    GUICHET_PAY_KEY: 'sk_test_x', GUICHET_PAY_WEBHOOK_SECRET: 'whsec_x', GUICHET_PUBLIC_URL: 'https://guichet.example' } });
  let log = '';
  child.stderr.on('data', (bytes) => { log += bytes; });
  const gone = once(child, 'exit');
  try {
    await Promise.race([
      until(async () => (await fetch(`${guichet.url}/healthz`).catch(() => null))?.status, { what: 'the server' }),
      gone.then(([code]) => { throw new Error(`guichet ended with ${code}\n${log}`); }),
    ]);
    const client = guichet.client();
    assert.equal((await client.get('/fr/aide')).status, 200);
    for (const address of ['', '/1700000001.aaaa.guichet', '/1700000001.aaaa.guichet/piece/1'])
      assert.equal((await client.get(`/fr/demonstration/courriels${address}`)).status, 404, address);
  } finally {
    child.kill();
    await gone;
    await rm(data, { recursive: true, force: true });
    await guichet.run();
  }
});

test('ALL-2: axe-core finds nothing, light and dark, wide and narrow', async () => {
  put('1700000002.cccc.guichet', ['From: a@b.example', 'To: c@d.example', `Subject: ${'Averylongwordwithoutabreak'.repeat(8)}`,
    'Date: Tue, 14 Nov 2023 22:15:00 +0000', '', `${guichet.url}/fr/billets/${'x'.repeat(300)}`, '']);
  const page = await newPage(guichet, { bypassCSP: true });
  for (const address of ['fr/aide', 'en/aide', 'fr/cgv', 'en/cgv', 'fr/confidentialite', 'en/confidentialite',
    'fr/accessibilite', 'en/accessibilite', 'fr/demonstration/courriels', 'en/demonstration/courriels?page=2',
    'fr/demonstration/courriels/1700000001.aaaa.guichet', 'en/demonstration/courriels/1700000002.cccc.guichet']) {
    await page.goto(`/${address}`);
    await assertAccessible(page);
  }
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
