// What the browser and HTTP tests of the pages share: a server of their own with a fresh data folder, a clock that can
// be moved and the mails it sent; an HTTP client with cookies and form tokens; Chromium; axe-core.
//
//   const guichet = await startServer();           // one a file, in before()
//   const agency = await guichet.signIn();         // an HTTP client that is signed in
//   const page = await signedInPage(guichet, { javaScriptEnabled: false });
//   await guichet.clock.advance(3600);
//   const mail = await guichet.mail((m) => m.to === 'a@b.example');
//   await guichet.stop();                          // in after()
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { simpleParser } from 'mailparser';
import { chromium } from 'playwright-core';

export const program = process.env.GUICHET ?? new URL('../../build/src/cmd/guichet', import.meta.url).pathname;
const require = createRequire(import.meta.url);

// The accounts of the demonstration.
export const AGENCY = { email: 'agence@voyages-lumiere.example', password: 'visites-en-groupe-2026' };
export const SCHOOL = { email: 'college@jean-vilar.example', password: 'classe-au-monument-2026' };

// Asks `look` again and again until it gives something; for what another process does in its own time.
export async function until(look, { what = 'something', seconds = 30 } = {}) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/* ---- the server ---- */

export class Guichet {
  // `options`: more of the command line; `environment`: more variables.
  static async start({ options = [], environment = {}, data } = {}) {
    const guichet = new Guichet();
    guichet.data = data ?? await mkdtemp(path.join(os.tmpdir(), 'guichet-test-'));
    guichet.keepsData = data !== undefined;
    guichet.port = await freePort();
    guichet.url = `http://localhost:${guichet.port}`;
    guichet.clockFile = path.join(guichet.data, 'clock');
    guichet.offset = 0;
    guichet.log = '';
    guichet.environment = { ...process.env, GUICHET_MODE: 'demonstration', GUICHET_DATA: guichet.data,
      GUICHET_CLOCK: guichet.clockFile, PORT: String(guichet.port), ...environment };
    guichet.options = options;
    await writeFile(guichet.clockFile, '+0');
    await guichet.run();
    return guichet;
  }

  // Starts the process; again after `kill` or `end`, with the same data.
  async run() {
    this.child = spawn(program, ['demo', ...this.options], { env: this.environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    this.child.stdout.on('data', (bytes) => { this.printed = out += bytes; });
    this.child.stderr.on('data', (bytes) => { this.log += bytes; });
    const gone = once(this.child, 'exit');
    await Promise.race([
      until(async () => out.includes('password:') && (await fetch(`${this.url}/healthz`).catch(() => null))?.ok,
        { what: 'the server', seconds: 120 }),
      gone.then(([code]) => { throw new Error(`guichet ended with ${code}\n${out}\n${this.log}`); }),
    ]);
  }

  async end(signal = 'SIGTERM') {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill(signal);
    await gone;
  }

  async stop() {
    await this.end();
    if (!this.keepsData) await rm(this.data, { recursive: true, force: true, maxRetries: 10 });
  }

  // A sub-command on the same data: await guichet.command('doctor') gives { code, out }.
  async command(...words) {
    const child = spawn(program, words, { env: this.environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    child.stdout.on('data', (bytes) => { out += bytes; });
    child.stderr.on('data', (bytes) => { out += bytes; });
    const [code] = await once(child, 'close');
    return { code, out };
  }

  // The server's clock, in seconds.
  clock = {
    now: () => Math.floor(Date.now() / 1000) + this.offset,
    advance: async (seconds) => {
      this.offset += seconds;
      await writeFile(this.clockFile, `${this.offset < 0 ? '' : '+'}${this.offset}`);
    },
    // To the beginning of an hour, at least two hours on: no rate limit remembers anything, and no window of one ends soon.
    toFreshHour: async () => this.clock.advance(3 * 3600 - this.clock.now() % 3600),
  };

  // Every mail so far, the oldest first: { to, subject, text, html, attachments, file }.
  async mails() {
    const folder = path.join(this.data, 'mail', 'new');
    const names = (await readdir(folder).catch(() => [])).sort((a, b) => parseInt(a, 10) - parseInt(b, 10));
    return Promise.all(names.map(async (name) => {
      const mail = await simpleParser(await readFile(path.join(folder, name)));
      return { to: mail.to.value[0].address, subject: mail.subject, text: mail.text, html: mail.html || '',
        attachments: mail.attachments, file: name };
    }));
  }

  // Waits for a mail that fits and gives the newest one.
  async mail(fits, what = 'a mail') {
    return until(async () => (await this.mails()).filter(fits).at(-1), { what });
  }

  client(options) {
    return new Client(this.url, options);
  }

  // A new account, its address verified: { email, password }. Counts as one of the ten sign-ups of an hour.
  async openAccount(changes = {}) {
    const fields = signUpForm(changes);
    const client = this.client();
    await client.get('/fr/inscription');
    const answer = await client.post('/fr/inscription', fields);
    assert.equal(answer.status, 303, `sign-up of ${fields.courriel}: ${answer.status}`);
    const mail = await this.mail((m) => m.to === fields.courriel && m.text.includes('/verification/'), 'the verification mail');
    const link = linkIn(mail, 'verification');
    await client.get(link);
    assert.equal((await client.post(link)).status, 303);
    return { email: fields.courriel, password: fields.motdepasse };
  }

  // An HTTP client that is signed in.
  async signIn(account = AGENCY, options = {}) {
    const client = this.client(options);
    await client.get('/fr/connexion');
    const answer = await client.post('/fr/connexion', { courriel: account.email, motdepasse: account.password });
    assert.equal(answer.status, 303, `sign-in of ${account.email}: ${answer.status}`);
    return client;
  }
}

// A sign-up form that is right, with an address of its own.
let accounts = 0;
export const signUpForm = (changes = {}) => ({ organisation: 'Agence Lutèce', activite: 'agency', pays: 'FR',
  numero: '732 829 320 00074', tva: '', adresse: '12 rue des Écoles', codepostal: '75005', ville: 'Paris', nom: 'Renaud',
  prenom: 'Camille', telephone: '01 99 00 45 67', courriel: `camille.${++accounts}@agence-lutece.example`,
  motdepasse: 'une phrase assez longue', confidentialite: '1', ...changes });

// The path of the link in a mail that leads to …/word/….
export function linkIn(mail, word) {
  const link = mail.text.match(new RegExp(`http\\S*/${word}/[\\w.~%-]+`));
  assert.ok(link, `no link to ${word} in «${mail.subject}»`);
  return new URL(link[0]).pathname;
}

export const startServer = (options) => Guichet.start(options);

/* ---- an HTTP client: a browser without eyes ---- */

// Keeps cookies and the last form token; follows nothing, so that a test sees each answer.
export class Client {
  constructor(url, { headers = {} } = {}) {
    this.url = url;
    this.headers = headers;
    this.cookies = new Map();
    this.csrf = '';
  }

  async send(address, options = {}) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(new URL(address, this.url), { redirect: 'manual', ...options,
      headers: { ...this.headers, ...(cookie ? { cookie } : {}), ...options.headers } });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      if (/max-age=-?0*;|max-age=0|expires=thu, 01 jan 1970/i.test(line) || value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const bytes = Buffer.from(await response.arrayBuffer());
    const text = /text|json|xml/.test(response.headers.get('content-type') ?? '') ? bytes.toString() : '';
    this.csrf = text.match(/name="csrf" value="([0-9a-f]+)"/)?.[1] ?? this.csrf;
    return { status: response.status, headers: response.headers, location: response.headers.get('location'), text, bytes };
  }

  get(address, options) {
    return this.send(address, options);
  }

  // `fields` as an object or as a list of pairs; the form token of the last page goes with it unless csrf is given.
  post(address, fields = {}, { csrf = this.csrf, ...options } = {}) {
    const body = new URLSearchParams(fields);
    if (csrf !== null && !body.has('csrf')) body.append('csrf', csrf);
    return this.send(address, { method: 'POST', body, ...options });
  }

  // Posts, then gets where it leads.
  async postAndFollow(address, fields, options) {
    const answer = await this.post(address, fields, options);
    assert.equal(answer.status, 303, `${address}: ${answer.status}`);
    return this.get(answer.location);
  }
}

// The words of a page, without its tags.
export const words = (text) => text.replace(/<[^>]*>/g, ' ').replaceAll('&#39;', '’').replaceAll('&amp;', '&').replace(/\s+/g, ' ');

// The value of a hidden or visible field of a page's text.
export function fieldValue(text, name) {
  const tag = text.match(new RegExp(`<input[^>]*name="${name}"[^>]*>`))?.[0];
  return tag?.match(/value="([^"]*)"/)?.[1].replaceAll('&quot;', '"').replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/* ---- Chromium ---- */

let running;

// One browser for a test file; closeBrowser in after().
export async function browser() {
  running ??= chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
  return running;
}

export async function closeBrowser() {
  if (running) await (await running).close();
  running = undefined;
}

// A page in a context of its own; close it with page.context().close(). What the page logs as an error fails the test
// that asks `page.complaints`.
export async function newPage(guichet, options = {}) {
  const context = await (await browser()).newContext({ baseURL: guichet.url, locale: 'fr-FR', ...options });
  const page = await context.newPage();
  page.complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !/the server responded with a status of (4\d\d|503)/.test(message.text()))
      page.complaints.push(message.text());
  });
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  return page;
}

export async function signedInPage(guichet, options = {}, account = AGENCY) {
  const page = await newPage(guichet, options);
  await page.goto('/fr/connexion');
  await page.getByLabel('Adresse e-mail').fill(account.email);
  await page.getByLabel('Mot de passe', { exact: true }).fill(account.password);
  await page.locator('main').getByRole('button', { name: 'Se connecter' }).click();
  await page.waitForURL((url) => !url.pathname.endsWith('/connexion'));
  return page;
}

/* ---- accessibility ---- */

const axeSource = readFile(require.resolve('axe-core/axe.min.js'), 'utf8');

// What axe-core finds on the page as it is; for a context made with bypassCSP: true.
export async function axe(page) {
  await page.evaluate(await axeSource);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations.map((v) => [v.id, ...v.nodes.map((node) => node.html.slice(0, 200))]);
}

export const LOOKS = ['light', 'dark'].flatMap((colorScheme) => [1280, 390].map((width) =>
  ({ name: `${colorScheme}, ${width} wide`, colorScheme, viewport: { width, height: 900 } })));

// Checks the page in every look: axe-core finds nothing, nothing scrolls sideways, no two elements share an id.
export async function assertAccessible(page, what = page.url()) {
  for (const look of LOOKS) {
    await page.setViewportSize(look.viewport);
    await page.emulateMedia({ colorScheme: look.colorScheme, reducedMotion: 'reduce' });
    assert.deepEqual(await axe(page), [], `${what}, ${look.name}`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
      `${what}, ${look.name}: scrolls sideways`);
  }
  const twice = await page.evaluate(() => [...document.querySelectorAll('[id]')].map((e) => e.id)
    .filter((id, i, all) => all.indexOf(id) !== i));
  assert.deepEqual(twice, [], `${what}: ids used twice`);
}
