// Every page of the product against everybody: the routes are read from the tables of src/web/*/pages.c, so that a new
// page fails here until somebody has said in the table below who sees it.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { AGENCY, Client, SCHOOL } from './kit.mjs';
import { hold, order, payAt, startShop, untilState } from './purchase_kit.mjs';
import { demoStaff, staffSignIn } from './staff_kit.mjs';

const ROLES = ['administrator', 'customer-service', 'monument-manager', 'gate-agent', 'accountant'];
const MEMBERS = { booker: 'reservation@voyages-lumiere.example', accountant: 'comptabilite@voyages-lumiere.example',
  'read-only': 'lecture@voyages-lumiere.example' };

// Who of the operator's people needs a page for the work that the roles have: y yes, o at their own monuments, - no;
// in the order of ROLES. The first that fits counts; the address is without the language.
const SEES = [
  [/^\/service(\/compte(\/.*)?|\/deconnexion)?$/, 'yyyyy'],
  [/^\/service\/(audit|personnes|reglages|textes|tva)(\/|$)/, 'y----'],
  [/^\/service\/(recherche|commandes|creneaux)(\/|$)/, 'yy--y'],
  [/^\/service\/organisations\/{id}(\/note)?$/, 'yy--y'],
  [/^\/service\/organisations\/{id}\/personnes\/{person}\/double-authentification$/, 'yy---'],
  [/^\/service\/organisations\/{id}\/(agir|options|courriels|corriger|personnes|virement|pass|stock)(\/|$)/, '-y---'],
  [/^\/service\/agir\/terminer$/, 'yyyyy'], // whoever acts for nobody ends nothing
  [/^\/service\/virements\/{ref}\/reponse$/, '-y---'],
  [/^\/service\/(virements|releves|remboursements)(\/|$)/, '-y--y'],
  [/^\/service\/(pass|maquettes)(\/|$)/, '-y---'],
  [/^\/service\/stock\/echanges(\/|$)/, '-y---'],
  [/^\/service\/stock(\/|$)/, 'yy---'],
  [/^\/service\/fermetures(\/|$)/, 'yyo--'],
  [/^\/service\/demandes(\/|$)/, '-yo--'],
  [/^\/service\/controle(\/|$)/, '--oo-'],
  [/^\/service\/monuments(\/{id})?$/, 'yyooy'],
  [/^\/service\/monuments\/{id}\/journee(\/|$)/, 'yyoo-'],
  [/^\/service\/monuments\/{id}\/telephone(\/|$)/, '-yo--'],
  [/^\/service\/monuments\/{id}\/regles$/, 'y----'],
  [/^\/service\/monuments\/{id}\/(planning|tarifs|fiche|photos)(\/|$)/, 'y-o--'],
];
// Open to everybody: nothing of anybody stands there.
const OPEN = /^\/service\/(connexion(\/.*)?|controle\/(hors-ligne(\.js)?|application\.webmanifest))$/;
// What would end the sessions that the test needs.
const ENDS = /\/(deconnexion|client\/(sessions|quitter|mot-de-passe)|compte\/(sessions|mot-de-passe|codes))/;

let guichet;
let routes;
const staff = {};
const customers = {};
const found = new Map(); // route's path -> addresses that exist
const own = new Map(); // the same, of what the monument manager's pages lead to

/* ---- the tables ---- */

async function readRoutes() {
  const web = new URL('../../src/web/', import.meta.url);
  const list = [];
  for (const area of await readdir(web, { withFileTypes: true })) {
    if (!area.isDirectory() || area.name === 'templates') continue;
    const text = await readFile(new URL(`${area.name}/pages.c`, web), 'utf8');
    const words = { MONUMENTS: '/service/monuments', M: '/service/monuments/{id}' };
    const entries = [...text.matchAll(/\{HTTP_(GET|POST), ([^,]+), (\w+), ([^}]+)\}/g)];
    assert.equal(entries.length, (text.match(/HTTP_(GET|POST)/g) ?? []).length, `${area.name}: a line that is not read`);
    for (const [, method, written, handler, flags] of entries) {
      const path = written.split(/\s+(?=")|(?<=\w)\s+(?=\w)/)
        .map((part) => part.startsWith('"') ? part.slice(1, -1) : words[part.trim()]).join('');
      assert.match(path, /^\/[^"]*$/, written);
      const pattern = path.replace(/\{\w+\}/g, '[^/]+').replace('.', '\\.');
      list.push({ method, path, handler, flags, fits: new RegExp(`^/fr${pattern}$`) });
    }
  }
  return list;
}

const routeOf = (address) => routes.find((route) => route.fits.test(address) && !route.path.includes('{')) ??
  routes.find((route) => route.fits.test(address));

const plainPages = (flag) => routes
  .filter(({ method, flags, path }) => method === 'GET' && flag.test(flags) && !path.includes('{'))
  .map(({ path }) => `/fr${path}`);

// Addresses of nothing: numbers, references and words that nobody has.
const nowhere = (path) => `/fr${path.replace('{ref}', 'ZZZZ-ZZZZ').replace(/\{(jour|day)\}/, '2026-12-24')
  .replace('{slug}', 'nulle-part').replace(/\{\w+\}/g, '987654')}`;

async function walk(client, starts, into, most = 250) {
  const queue = [...starts], seen = new Set(starts), per = new Map();
  for (let n = 0; queue.length > 0 && n < most; n += 1) {
    const answer = await client.get(queue.shift());
    assert.ok(answer.status < 500);
    for (const [, address] of answer.text.matchAll(/(?:href|action)="(\/fr\/[^"?#]*)/g)) {
      const route = routeOf(address);
      if (!route?.path.includes('{') || seen.has(address)) continue;
      seen.add(address);
      per.set(route.path, (per.get(route.path) ?? 0) + 1);
      if (per.get(route.path) > 4) continue;
      into.set(route.path, [...new Set([...into.get(route.path) ?? [], address])]);
      if (routes.some((one) => one.method === 'GET' && one.fits.test(address)) && !/\.pdf$|\/pdf$|fichier$/.test(address))
        queue.push(address);
    }
  }
}

before(async () => {
  routes = await readRoutes();
  guichet = await startShop({ options: [] });
  customers.manager = await guichet.signIn(AGENCY);
  for (const [role, email] of Object.entries(MEMBERS)) customers[role] = await guichet.signIn({ ...AGENCY, email });
  customers.stranger = await guichet.signIn(SCHOOL);
  await hold(guichet, customers.manager, 'conciergerie', 12, { cart: true });
  const { ref, payAt: address } = await order(customers.manager);
  await payAt(address);
  await untilState(customers.manager, ref, 'Payée');
  await hold(guichet, customers.manager, 'conciergerie', 11);
  await hold(guichet, customers.manager, 'conciergerie', 10, { cart: true });
  for (const role of ROLES) staff[role] = await staffSignIn(guichet, demoStaff(guichet, role));
  const starts = plainPages(/PAGE_STAFF/);
  for (const role of ['administrator', 'customer-service']) await walk(staff[role], starts, found);
  await walk(staff['monument-manager'], starts, own);
  for (const [path, addresses] of own) found.set(path, [...new Set([...found.get(path) ?? [], ...addresses])]);
});
after(() => guichet.stop());

const isStaff = (route) => /PAGE_STAFF/.test(route.flags);
const sees = (path) => SEES.find(([pattern]) => pattern.test(path))?.[1];
const ask = (client, method, address) =>
  method === 'GET' ? client.get(address) : client.post(address, { cle: 'cle-des-roles-1' });

/* ---- everybody ---- */

test('OPS-7: every page of the operator’s side stands in this table, and says that it is one', () => {
  assert.ok(routes.length > 200, `${routes.length} routes read`);
  for (const route of routes) {
    if (route.path.startsWith('/service') && !OPEN.test(route.path))
      assert.ok(isStaff(route), `${route.method} ${route.path} is open`);
    if (isStaff(route)) assert.ok(sees(route.path), `who sees ${route.path}?`);
    if (/^\/(client|commandes|options|panier|validation|annulations|demandes)(\/|$)/.test(route.path))
      assert.match(route.flags, /PAGE_SIGNED_IN/, `${route.method} ${route.path} is open`);
    assert.doesNotMatch(route.flags, /PAGE_NO_CSRF/, route.path);
  }
});

test('OPS-7: nobody is let in without signing in; a form without its token changes nothing', async () => {
  for (const route of routes) {
    const visitor = new Client(guichet.url);
    await visitor.get('/fr/connexion');
    for (const address of [nowhere(route.path), ...found.get(route.path) ?? []]) {
      if (route.method === 'POST')
        assert.equal((await visitor.post(address, {}, { csrf: null })).status, 403, `no token: ${address}`);
      const answer = await ask(visitor, route.method, address);
      assert.ok(answer.status < 500, `${route.method} ${address}: ${answer.status}`);
      if (!/PAGE_(SIGNED_IN|STAFF)/.test(route.flags)) continue;
      assert.equal(answer.status, 303, `${route.method} ${address}: ${answer.status}`);
      assert.match(answer.location, isStaff(route) ? /^\/fr\/service\/connexion\?/ : /^\/fr\/connexion\?/);
    }
  }
});

test('OPS-7: a customer of any role finds no page of the operator’s side', async () => {
  for (const [role, client] of Object.entries(customers)) {
    await client.get('/fr/client');
    for (const route of routes.filter(isStaff)) {
      const answer = await ask(client, route.method, found.get(route.path)?.[0] ?? nowhere(route.path));
      // A form's token belongs to its session: a customer's is worth nothing there.
      const allowed = route.method === 'GET' ? [303, 404] : [303, 403, 404];
      assert.ok(allowed.includes(answer.status), `${role} ${route.method} ${route.path}: ${answer.status}`);
      if (answer.status === 303) assert.match(answer.location, /^\/fr\/service\/connexion\?/);
    }
  }
});

test('OPS-7: the operator’s people open no customer’s page, unless customer service acts for one', async () => {
  for (const role of ROLES)
    for (const route of routes.filter((one) => one.method === 'GET' && /PAGE_SIGNED_IN/.test(one.flags))) {
      const answer = await staff[role].get(nowhere(route.path));
      assert.equal(answer.status, 303, `${role} ${route.path}`);
      assert.match(answer.location, /^\/fr\/connexion\?/);
    }
});

/* ---- the operator's people ---- */

test('OPS-7: each role of the operator’s people sees the pages of its work, and no other exists for it', async () => {
  for (const [index, role] of ROLES.entries()) {
    const client = staff[role], wrong = [];
    await client.get('/fr/service');
    for (const route of routes.filter(isStaff)) {
      const may = sees(route.path)[index];
      const known = found.get(route.path) ?? (route.path.includes('{') ? [] : [`/fr${route.path}`]);
      for (const address of [...known, nowhere(route.path)]) {
        const real = known.includes(address);
        const atOwn = !route.path.includes('{') || (own.get(route.path) ?? []).includes(address);
        const mine = may === 'y' || (may === 'o' && atOwn);
        if (route.method === 'POST' && (mine || may === 'y') && (real || ENDS.test(address))) continue;
        const { status } = await ask(client, route.method, address);
        const good = mine && real && route.method === 'GET' ? status === 200
          : may === '-' || (may === 'o' && !mine) ? status === 404 : status < 500;
        if (!good) wrong.push(`${role} (${may}) ${route.method} ${address}: ${status}`);
      }
    }
    assert.deepEqual(wrong, [], role);
  }
});

// An object of one monument or organisation asked for under another's address.
test('OPS-7: an object is found only under its own monument, organisation or order', async () => {
  const wrong = [];
  let asked = 0;
  for (const route of routes.filter((one) => isStaff(one) && /\{.*\{/.test(one.path))) {
    const parent = route.path.match(/^(.*?)\/\{/)[1];
    const client = staff[/^\/service\/monuments/.test(route.path) ? 'administrator' : 'customer-service'];
    await client.get('/fr/service');
    const heads = [...new Set([...found.values()].flat()
      .map((address) => address.match(new RegExp(`^/fr${parent}/([^/]+)(/|$)`))?.[1]).filter(Boolean))];
    for (const address of found.get(route.path) ?? []) {
      const [, head, tail] = address.match(new RegExp(`^/fr${parent}/([^/]+)(/.*)$`));
      // A day or an hour is nobody's; a setting's page neither.
      if (/planning\/(jour|creneaux)|\/service\/creneaux/.test(address)) continue;
      for (const other of heads.filter((one) => one !== head && /^\d+$/.test(one)).slice(0, 3)) {
        const { status } = await ask(client, route.method, `/fr${parent}/${other}${tail}`);
        asked += 1;
        if (status !== 404) wrong.push(`${route.method} ${parent}/${other}${tail}: ${status}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(asked > 20, `${asked} asked`);
});

/* ---- between organisations ---- */

test('OPS-7: what is another organisation’s does not exist', async () => {
  const theirs = new Map(), wrong = [];
  await walk(customers.manager, plainPages(/PAGE_SIGNED_IN/), theirs);
  for (const path of ['/commandes/{ref}', '/commandes/{ref}/facture.pdf', '/commandes/{ref}/billets/{visit}',
    '/options/{id}/modifier', '/client/maquettes/{id}/fichier', '/demandes/{ref}', '/client/membres/{id}/role'])
    assert.ok(theirs.has(path), `the agency has nothing at ${path}`);
  const [, ref, visit] = theirs.get('/commandes/{ref}/billets/{visit}')[0].match(/commandes\/([^/]+)\/billets\/(\d+)/);
  const stranger = customers.stranger;
  await stranger.get('/fr/client');
  for (const route of routes.filter((one) => /PAGE_SIGNED_IN/.test(one.flags) && /\{(id|ref|visit)\}/.test(one.path))) {
    const guesses = [...theirs.get(route.path) ?? [],
      `/fr${route.path.replace('{ref}', ref).replace('{visit}', visit).replace(/\{\w+\}/g, '1')}`];
    for (const address of guesses) {
      if (ENDS.test(address)) continue;
      const { status, location } = await ask(stranger, route.method, address);
      // Only who acts for a customer sends the way to a payment: refused before anything is looked at.
      if (status === 403 && route.path.endsWith('/lien-de-paiement')) continue;
      if (status !== 404) wrong.push(`${route.method} ${address}: ${status} ${location ?? ''}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('OPS-7: no role in an organisation makes the server fail, whatever it asks', async () => {
  for (const [role, client] of Object.entries(customers)) {
    await client.get('/fr/client');
    for (const route of routes.filter((one) => /PAGE_SIGNED_IN/.test(one.flags) && !ENDS.test(one.path))) {
      const { status } = await ask(client, route.method, nowhere(route.path));
      assert.ok(status < 500, `${role} ${route.method} ${route.path}: ${status}`);
    }
  }
});

/* ---- what is dear ---- */

test('OPS-7: files that cost the server much are taken so many times from one person, then no more', async () => {
  for (const [role, address] of [['accountant', '/fr/service/releves'], ['administrator', '/fr/service/stock/fichier'],
    ['administrator', '/fr/service/monuments/1/photos']]) {
    const client = staff[role], statuses = new Set();
    await client.get('/fr/service');
    for (let n = 0; n < 61; n += 1) {
      const body = new FormData();
      for (const [name, value] of Object.entries({ csrf: client.csrf, alt_fr: 'x', alt_en: 'x' })) body.append(name, value);
      body.append('fichier', new Blob(['nothing']), '"><script>.jpg');
      const answer = await client.send(address, { method: 'POST', body });
      assert.doesNotMatch(answer.text, /"><script>\.jpg/);
      statuses.add(answer.status);
    }
    assert.deepEqual([...statuses], [422, 429], address);
  }
});
