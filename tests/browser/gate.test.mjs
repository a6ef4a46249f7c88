// The gate: paper to answer, groups with counted heads, and a device without a network.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import vm from 'node:vm';
import { chromium } from 'playwright-core';
import { AGENCY, assertAccessible, closeBrowser, fieldValue, newPage, until } from './kit.mjs';
import { hold, order, payAt, send, startShop, untilState, wordsOf } from './purchase_kit.mjs';
import { demoStaff, freshCode, staffSignIn } from './staff_kit.mjs';

const GATE = '/fr/service/controle/conciergerie';
const folders = [];
let guichet;
let agent;
let first; // two groups of one slot: { codes, numbers, persons }
let second;
let start;

// Every code of a PDF as another program reads it from the rendered pages, and the pages for the camera.
async function codesOf(pdf, resolution = 150) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'guichet-gate-'));
  folders.push(folder);
  await writeFile(path.join(folder, 'tickets.pdf'), pdf);
  execFileSync('pdftoppm', ['-r', String(resolution), '-gray', path.join(folder, 'tickets.pdf'), path.join(folder, 'page')]);
  const pages = (await readdir(folder)).filter((name) => name.endsWith('.pgm')).sort().map((name) => path.join(folder, name));
  return { pages, codes: pages.map((page) =>
    execFileSync('zbarimg', ['--nodbus', '--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', page]).toString().trim()) };
}

async function buy(slug, persons, slot) {
  const buyer = await guichet.signIn(AGENCY);
  const at = await hold(guichet, buyer, slug, persons, { cart: true, slot });
  const placed = await order(buyer);
  await payAt(placed.payAt);
  await untilState(buyer, placed.ref, 'Payée');
  const page = await buyer.get(`/fr/commandes/${placed.ref}`);
  const visit = page.text.match(/billets\/(\d+)\/pdf/)[1];
  const pdf = await buyer.get(`/fr/commandes/${placed.ref}/billets/${visit}/pdf`);
  const text = wordsOf((await buyer.get(`/fr/commandes/${placed.ref}/billets/${visit}`)).text);
  return { ...await codesOf(pdf.bytes), pdf: pdf.bytes, persons, slot: at, visit,
    numbers: [...new Set(text.match(/\d{4} \d{4} \d{4} \d/g))] };
}

async function signIn(page, role = 'gate-agent') {
  const account = staffAccount(role);
  await page.goto('/fr/service/connexion');
  await page.getByLabel('Adresse e-mail').fill(account.email);
  await page.getByLabel('Mot de passe', { exact: true }).fill(account.password);
  await page.locator('main').getByRole('button', { name: 'Se connecter' }).click();
  await page.getByLabel('Code').fill(await freshCode(guichet, account));
  await page.locator('main').getByRole('button', { name: 'Se connecter' }).click();
  await page.waitForURL('**/service');
}
const accounts = {};
const staffAccount = (role) => (accounts[role] ??= demoStaff(guichet, role));

// The page of the gate in a browser of its own, ready and kept for when there is no network.
async function gatePage(options = {}) {
  const page = await newPage(guichet, { timezoneId: 'Europe/Paris', ...options });
  await signIn(page);
  await page.goto(GATE);
  await page.locator('body[data-ready]').waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready.then((it) =>
    it.active.state === 'activated' ? true : new Promise((done) => { it.active.addEventListener('statechange', done); })));
  await until(() => page.evaluate(() => Boolean(navigator.serviceWorker.controller)), { what: 'the worker' });
  return page;
}

// Types as a hand scanner does, and gives what fills the screen.
async function scan(page, code) {
  if (await page.locator('#ecran[open]').count()) await page.keyboard.press('Escape');
  await page.locator('#f-code').focus();
  await page.keyboard.insertText(code);
  await page.keyboard.press('Enter');
  await page.locator('#ecran[open]').waitFor();
  return page.locator('#ecran').getAttribute('data-result');
}
const screenText = async (page) => (await page.locator('#ecran').innerText()).replace(/[\s\u00a0\u202f]+/g, ' ');
const close = (page) => page.locator('#suivant').click();

// The clock leaps some days in this file: jobs may still be at what that ends.
const assertSound = () => until(async () => (await guichet.command('doctor')).code === 0, { what: 'a sound database' });

const post = async (client, code, fields = {}) => {
  const page = await client.get(GATE);
  const answer = await client.post(`${GATE}/lecture`, { code, mode: 'billet', personnes: '', porte: 'Nord', cle: fieldValue(page.text, 'cle'), ...fields });
  assert.equal(answer.status, 303, wordsOf(answer.text).slice(0, 300));
  const shown = await client.get(answer.location);
  return wordsOf(shown.text.slice(shown.text.indexOf('id="reponse"'), shown.text.indexOf('class="gate-columns"')));
};

before(async () => {
  guichet = await startShop();
  first = await buy('conciergerie', 12);
  second = await buy('conciergerie', 10, undefined);
  start = Number(first.slot.start);
  await guichet.clock.advance(start - 300 - guichet.clock.now());
  agent = await staffSignIn(guichet, staffAccount('gate-agent'));
});
after(async () => {
  await closeBrowser();
  await guichet.stop();
  for (const folder of folders) await rm(folder, { recursive: true });
});

/* ---- codes on paper ---- */

test('TKT-6: an independent decoder reads every code from the rendered PDF, and the symbol stays coarse', async () => {
  assert.equal(first.codes.length, 12);
  for (const code of first.codes) assert.match(code, /^\d{198}$/);
  assert.equal(new Set(first.codes).size, 12);
  // 37 modules on 52.9 mm are 1.4 mm each: also a coarse picture is enough.
  assert.deepEqual((await codesOf(first.pdf, 72)).codes, first.codes);
});

test('TKT-6, OPS-3: a code of the PDF is accepted once, by a form that needs no script', async () => {
  const answer = await post(agent, first.codes[11]);
  assert.match(answer, /^.*Valide 1 personne entre/);
  assert.match(answer, /Visiteur, Plein tarif adulte/);
  assert.match(answer, /Groupe : Voyages Lumière/);
  assert.match(answer, /1 sur 12 entrés/);
  const again = await post(agent, first.codes[11]);
  assert.match(again, /Déjà utilisé Entré le \d\d\/\d\d\/\d{4} \d\d:\d\d, Nord\./);
  assert.match(await post(agent, first.numbers[11]), /Déjà utilisé/);
  assert.match(await post(agent, first.numbers[10]), /Valide/);
});

test('TKT-6: a changed, a foreign and a random code are refused', async () => {
  const code = first.codes[0];
  for (const at of [0, 5, 100, 197]) {
    const changed = code.slice(0, at) + (code[at] === '1' ? '2' : '1') + code.slice(at + 1);
    assert.match(await post(agent, changed), /Faux Ce code n’a pas été émis par le réseau/, `digit ${at}`);
  }
  // Another network's key, the same ticket: the body as it is, signed by somebody else.
  const body = Buffer.from(BigInt(code).toString(16).padStart(164, '0'), 'hex').subarray(0, 18);
  const { privateKey } = generateKeyPairSync('ed25519');
  const foreign = sign(null, Buffer.concat([Buffer.from('guichet ticket'), body]), createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' })));
  assert.match(await post(agent, BigInt(`0x${Buffer.concat([body, foreign]).toString('hex')}`).toString().padStart(198, '0')), /Faux/);
  assert.match(await post(agent, '7'.repeat(198)), /Faux/);
  assert.match(await post(agent, '1234 5678 9012 8'), /Inconnu/);
  assert.match(await post(agent, 'bonjour'), /Inconnu/);
});

/* ---- without a script ---- */

test('OPS-3: a group arrives with counted heads, the rest later; an entry is taken back with a reason', async () => {
  const page = await agent.get(GATE);
  assert.match(wordsOf(page.text), /2 sur 12 entrés/);
  const answer = await post(agent, first.codes[0], { mode: 'groupe', personnes: '8' });
  assert.match(answer, /Valide 8 personnes entrent/);
  assert.match(answer, /10 sur 12 entrés/);
  assert.match(await post(agent, first.codes[5], { mode: 'groupe', personnes: '3' }), /Trop de personnes Il ne reste que 2 places/);
  assert.match(await post(agent, first.codes[0]), /Déjà utilisé/);
  const log = await agent.get(`${GATE}/lectures`);
  const rows = [...log.text.matchAll(/lecture=(\d+)/g)].map((m) => m[1]);
  const shown = await agent.get(`${GATE}?lecture=${rows[2]}`);
  assert.equal((await send(agent, shown, '/annuler', { motif: '' })).status, 422);
  const undone = await send(agent, shown, '/annuler', { motif: 'Comptés à la mauvaise porte' });
  assert.equal(undone.status, 303);
  assert.match(wordsOf((await agent.get(undone.location)).text), /L’entrée est annulée\..*Comptés à la mauvaise porte/);
  assert.match(wordsOf((await agent.get(GATE)).text), /2 sur 12 entrés/);
  assert.equal((await send(agent, shown, '/annuler', { motif: 'Comptés à la mauvaise porte' })).status, 303, 'the same form again');
  // From the list of the day, nothing typed but the number.
  const list = await agent.get(GATE);
  const form = await send(agent, list, '/lecture', {});
  assert.equal(form.status, 422, 'an empty form is told so');
  assert.match(wordsOf(form.text), /Code ou numéro du billet/);
  await assertSound();
});

test('OPS-3, OPS-7: a gate belongs to its own people', async () => {
  assert.equal((await agent.get('/fr/service/controle/arc-de-triomphe')).status, 404);
  assert.equal((await agent.get('/fr/service/controle/arc-de-triomphe/jour.json')).status, 404);
  assert.equal((await agent.get('/fr/service/controle/nulle-part')).status, 404);
  const desk = await staffSignIn(guichet, staffAccount('customer-service'));
  for (const rest of ['', '/jour.json', '/lectures', '/conflits']) assert.equal((await desk.get(GATE + rest)).status, 404, rest);
  assert.equal((await desk.post(`${GATE}/lecture`, { code: first.codes[3], mode: 'billet' })).status, 404);
  assert.equal((await guichet.client().get(GATE)).status, 303);
  assert.equal((await agent.post(`${GATE}/lectures.json`, { appareil: 'd-12345678' }, { csrf: null })).status, 403);
  const day = JSON.parse((await agent.get(`${GATE}/jour.json`)).text);
  assert.deepEqual(Object.keys(day.visits[0]).sort(),
    ['arrived', 'cancelled', 'id', 'kind', 'leader', 'organisation', 'persons', 'start', 'until', 'when']);
  assert.doesNotMatch(JSON.stringify(day), /@|\+33/, 'no address, no telephone');
  const shell = await guichet.client().get('/fr/service/controle/hors-ligne');
  assert.doesNotMatch(shell.text, /Conciergerie|Prévost/);
  assert.equal(fieldValue(shell.text, 'csrf'), '');
});

/* ---- with a script ---- */

test('OPS-3: the answer fills the screen in colour, word and sound; the sound can be cut', async () => {
  const page = await newPage(guichet, { timezoneId: 'Europe/Paris', viewport: { width: 390, height: 844 } });
  await page.addInitScript(() => {
    globalThis.tones = 0;
    const starts = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function start(...when) { globalThis.tones += 1; return starts.apply(this, when); };
  });
  await signIn(page);
  await page.goto(GATE);
  await page.locator('body[data-ready]').waitFor();
  assert.equal(await scan(page, first.codes[4]), 'valid');
  const box = await page.locator('#ecran').boundingBox();
  assert.deepEqual([box.x, box.y, box.width, box.height], [0, 0, 390, 844]);
  const looks = async () => page.locator('#ecran').evaluate((e) => getComputedStyle(e).backgroundColor);
  const green = await looks();
  assert.equal(await page.locator('#ecran-mot').textContent(), 'Valide');
  assert.equal(await page.evaluate('tones'), 2);
  // The next scan of a hand scanner goes through the answer that is still there.
  await page.keyboard.type(first.numbers[4].replaceAll(' ', ''));
  assert.equal(await page.locator('#f-code').inputValue(), first.numbers[4].replaceAll(' ', ''));
  await page.keyboard.press('Enter');
  await page.locator('#ecran[data-result="used"]').waitFor();
  assert.match(await screenText(page), /Déjà utilisé/);
  assert.notEqual(await looks(), green);
  assert.equal(await page.evaluate('tones'), 4);
  await close(page);
  await page.getByRole('button', { name: 'Son activé' }).click();
  assert.equal(await scan(page, first.codes[4]), 'used');
  assert.equal(await page.evaluate('tones'), 4);
  await close(page);
  // The whole group from the list, by keyboard; it is complete then.
  const row = page.locator('[data-visit]').filter({ hasText: 'sur 12' });
  await row.getByRole('spinbutton').fill('4');
  await page.keyboard.press('Enter');
  await page.locator('#ecran[open]').waitFor();
  assert.match(await screenText(page), /4 personnes entrent/);
  await page.keyboard.press('Enter');
  await row.getByText('7 sur 12 entrés').waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Son coupé' }).waitFor();
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test('OPS-3: the camera reads a ticket from its paper', async () => {
  // The rendered page as what a camera sees, a little askew and noisy is left to the decoder's own tests.
  const folder = await mkdtemp(path.join(os.tmpdir(), 'guichet-gate-'));
  folders.push(folder);
  const picture = await readFile(first.pages[6]);
  const [, width, height] = picture.subarray(0, 40).toString('latin1').match(/^P5\s+(\d+)\s+(\d+)\s+255\s/).map(Number);
  const pixels = picture.subarray(picture.length - width * height);
  const [w, h] = [width - width % 2, height - height % 2];
  const luma = Buffer.concat(Array.from({ length: h }, (_, y) => pixels.subarray(y * width, y * width + w)));
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, Buffer.alloc(w * h / 2, 128)]);
  const film = path.join(folder, 'camera.y4m');
  await writeFile(film, Buffer.concat([Buffer.from(`YUV4MPEG2 W${w} H${h} F10:1 Ip A1:1 C420\n`), frame, frame]));
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox',
    '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${film}`] });
  try {
    const context = await browser.newContext({ baseURL: guichet.url, locale: 'fr-FR', permissions: ['camera'] });
    const page = await context.newPage();
    await signIn(page);
    await page.goto(GATE);
    await page.locator('body[data-ready]').waitFor();
    await page.getByRole('button', { name: 'Ouvrir l’appareil photo' }).click();
    await page.locator('#ecran[open]').waitFor({ timeout: 60000 });
    assert.equal(await page.locator('#ecran').getAttribute('data-result'), 'valid');
    assert.match(await screenText(page), new RegExp(first.numbers[6]));
  } finally {
    await browser.close();
  }
});

/* ---- without a network ---- */

test('OPS-3: the device judges as the server does', async () => {
  // The cases of tests/unit/domain_gate.c.
  const context = { gate: {} };
  context.globalThis = context;
  vm.runInNewContext(await readFile(new URL('../../assets/js/gate-rules.js', import.meta.url), 'utf8'), context);
  const list = { monument: 7, early: 15, late: 20, rest: 60, offset: 3600 }, day = 86400;
  const start = Date.UTC(2026, 11, 1, 9) / 1000;
  const slot = { monument: 7, kind: 'slot', from: start, until: start + 1799, persons: 26, arrived: 0 };
  const midnight = { ...slot, from: Date.UTC(2026, 11, 1, 23, 5) / 1000, until: Date.UTC(2026, 11, 1, 23, 35) / 1000 - 1 };
  const dated = { ...slot, kind: 'dated', from: start - 10 * 3600, until: start + 14 * 3600 - 1 };
  const undated = { ...slot, kind: 'undated', from: 0, until: 100, persons: 1 };
  for (const [facts, at, result] of [
    [slot, start, 'valid'], [slot, start - 900, 'valid'], [slot, start - 901, 'wrong-slot'],
    [slot, start + 1799 + 1200, 'valid'], [slot, start + 1800 + 1200, 'wrong-slot'],
    [{ ...slot, arrived: 23 }, start + 1799 + 3600, 'valid'], [{ ...slot, arrived: 23 }, start + 1800 + 3600, 'wrong-slot'],
    [{ ...slot, arrived: 26 }, start, 'used'], [slot, start - day, 'wrong-day'], [slot, start + day, 'expired'],
    [midnight, midnight.from - 600, 'valid'], [midnight, midnight.from - 1200, 'wrong-day'],
    [dated, dated.from, 'valid'], [dated, dated.until, 'valid'], [dated, dated.from - 1, 'wrong-day'], [dated, dated.until + 1, 'expired'],
    [undated, 100, 'valid'], [undated, 101, 'expired'],
    [{ ...undated, monument: 8, used: true, cancelled: true }, 200, 'cancelled'], [{ ...undated, monument: 8, used: true }, 200, 'wrong-monument'],
    [{ ...undated, used: true }, 200, 'used']])
    assert.equal(context.gate.decide(facts, list, at), result, JSON.stringify([facts, at - start]));
});

test('OPS-3: without a network signatures are checked on the device, the page comes back, scans are sent later', async () => {
  const page = await gatePage();
  await page.context().setOffline(true);
  assert.equal(await scan(page, second.codes[9]), 'valid');
  assert.match(await screenText(page), /Vérifié sans réseau/);
  assert.match(await screenText(page), /Groupe : Voyages Lumière/);
  assert.equal(await scan(page, second.codes[9]), 'used');
  const changed = second.codes[8].slice(0, 150) + (second.codes[8][150] === '1' ? '2' : '1') + second.codes[8].slice(151);
  assert.equal(await scan(page, changed), 'forged');
  assert.equal(await scan(page, '7'.repeat(198)), 'forged');
  assert.equal(await scan(page, '1234567890128'), 'unknown');
  assert.equal(await scan(page, first.numbers[11]), 'used');
  await close(page);
  assert.equal(await page.locator('body').getAttribute('data-waiting'), '6');
  assert.match(await page.locator('#etat').innerText(), /Hors ligne.*6 lectures à envoyer/);
  // The browser is closed and opened again, still without a network.
  const context = page.context();
  await page.close();
  const again = await context.newPage();
  await again.goto(GATE);
  await again.locator('body[data-ready]').waitFor();
  assert.equal(await again.locator('h1').innerText(), 'Conciergerie');
  assert.match(await again.locator('#etat').innerText(), /6 lectures à envoyer/);
  assert.equal(await scan(again, second.codes[9]), 'used');
  assert.equal(await scan(again, second.numbers[8]), 'valid');
  await close(again);
  await again.locator(`[data-visit="${second.visit}"]`).getByText('2 sur 10 entrés').waitFor();
  assert.match(wordsOf((await agent.get(GATE)).text), /0 sur 10 entrés/, 'the server knows nothing yet');
  await context.setOffline(false);
  await again.locator('body[data-state="online"][data-waiting="0"]').waitFor();
  await again.locator(`[data-visit="${second.visit}"]`).getByText('2 sur 10 entrés').waitFor();
  assert.match(wordsOf((await agent.get(GATE)).text), /2 sur 10 entrés/);
  assert.match(wordsOf((await agent.get(`${GATE}/conflits`)).text), /Aucun conflit/);
  assert.equal(await scan(again, second.codes[9]), 'used');
  await context.close();
  await assertSound();
});

test('OPS-3: where the browser has no Ed25519 the module of the build checks', async () => {
  const page = await newPage(guichet, { timezoneId: 'Europe/Paris' });
  await page.addInitScript(() => {
    const own = SubtleCrypto.prototype.importKey;
    SubtleCrypto.prototype.importKey = function importKey(format, key, algorithm, ...rest) {
      if (algorithm === 'Ed25519') return Promise.reject(new DOMException('no', 'NotSupportedError'));
      return own.call(this, format, key, algorithm, ...rest);
    };
  });
  await signIn(page);
  await page.goto(GATE);
  await page.locator('body[data-ready]').waitFor();
  await until(() => page.evaluate(() => Boolean(navigator.serviceWorker.controller)), { what: 'the worker' });
  await page.context().setOffline(true);
  assert.equal(await scan(page, second.codes[9]), 'used');
  const changed = second.codes[7].slice(0, 150) + (second.codes[7][150] === '1' ? '2' : '1') + second.codes[7].slice(151);
  assert.equal(await scan(page, changed), 'forged');
  await page.context().close();
});

test('OPS-3: the same ticket at two gates without a network: the earlier wins, both see the other', async () => {
  const north = await gatePage(), south = await gatePage();
  for (const [page, name] of [[north, 'Nord'], [south, 'Sud']]) {
    await page.locator('.gate-name summary').click();
    await page.getByLabel('Nom de cette entrée').fill(name);
    await page.context().setOffline(true);
  }
  assert.equal(await scan(north, second.codes[1]), 'valid');
  await close(north);
  await until(() => new Date().getMilliseconds() < 100, { what: 'the next second' });
  await new Promise((done) => { setTimeout(done, 1000); });
  assert.equal(await scan(south, second.codes[1]), 'valid');
  await close(south);
  // A count at each gate: together more than the group has.
  for (const [page, heads] of [[north, '5'], [south, '4']]) {
    const row = page.locator(`[data-visit="${second.visit}"]`);
    await row.getByRole('spinbutton').fill(heads);
    await row.getByRole('button', { name: 'Faire entrer' }).click();
    await page.locator('#ecran[open][data-result="valid"]').waitFor();
    await close(page);
  }
  // The later one has a network first.
  await south.context().setOffline(false);
  await south.locator('body[data-state="online"][data-waiting="0"]').waitFor();
  await north.context().setOffline(false);
  await north.locator('body[data-state="online"][data-waiting="0"]').waitFor();
  await north.locator('#conflits-nombre').filter({ hasText: '2' }).waitFor();
  await south.reload();
  await south.locator('#conflits-nombre').filter({ hasText: '2' }).waitFor();
  await south.getByRole('link', { name: /Conflits/ }).click();
  const list = (await south.locator('.gate-conflicts').innerText()).replaceAll('\u00a0', ' ');
  assert.match(list, /Le même billet à deux portes[\s\S]*A compté\s+[^\n]*Nord[\s\S]*En trop\s+[^\n]*Sud/);
  assert.match(list, /Plus de personnes comptées[\s\S]*5 comptés, 3 admis/);
  await north.context().close();
  await south.context().close();
  await assertSound();
});

/* ---- looks ---- */

test('OPS-3: it can be put on a telephone’s first screen', async () => {
  const page = await agent.get(GATE);
  const manifest = JSON.parse((await agent.get(page.text.match(/rel="manifest" href="([^"]+)"/)[1])).text);
  assert.equal(manifest.start_url, '/fr/service/controle');
  assert.equal(manifest.display, 'standalone');
  for (const icon of manifest.icons) {
    const file = await agent.get(icon.src);
    assert.equal(file.headers.get('content-type'), 'image/png');
    assert.equal(`${file.bytes.readUInt32BE(16)}x${file.bytes.readUInt32BE(20)}`, icon.sizes);
  }
});

test('OPS-3: the gate’s pages are accessible in every look', async () => {
  const page = await newPage(guichet, { bypassCSP: true, timezoneId: 'Europe/Paris' });
  await signIn(page);
  await page.getByRole('link', { name: 'Contrôle', exact: true }).click();
  await assertAccessible(page, 'the list of gates');
  await page.goto(GATE);
  await page.locator('body[data-ready]').waitFor();
  await assertAccessible(page, 'the gate');
  for (const code of [first.codes[2], first.codes[11], '1234567890128']) {
    await scan(page, code);
    await assertAccessible(page, `the answer to ${code.slice(0, 20)}`);
    await close(page);
  }
  await page.goto(`${GATE}?lecture=1`);
  await page.locator('body[data-ready]').waitFor();
  await page.locator('#reponse details summary').click().catch(() => {});
  await assertAccessible(page, 'an answer of the form');
  for (const rest of ['/lectures', '/conflits']) {
    await page.goto(`/en/service/controle/conciergerie${rest}`);
    await assertAccessible(page);
  }
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
