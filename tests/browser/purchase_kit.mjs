// What the tests of sales share: a server whose stand-in provider they can reach, finding a slot, holding it, sending
// the forms of a page, paying on the hosted page.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { startServer, until } from './kit.mjs';

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

// startServer, and the stand-in's port known: `standin('dup=1')` sets its faults (src/pay/standin.h), `book()` is
// its book.
export async function startShop({ environment = {}, ...options } = {}) {
  const port = await freePort();
  const guichet = await startServer({ options: ['--quiet'], ...options,
    environment: { ...environment, GUICHET_STANDIN_PORT: String(port) } });
  const ask = async (path) => (await fetch(`http://127.0.0.1:${port}${path}`)).json();
  guichet.standin = (query) => ask(`/_ctl?${query}`);
  guichet.book = () => ask('/_book');
  return guichet;
}

/* ---- pages and forms, as a browser without JavaScript has them ---- */

const NAMED = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
export const decode = (text) => text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => NAMED[name]);

// The words of a page in one line, without markup.
export const wordsOf = (html) => decode(html.replace(/<svg.*?<\/svg>/gs, '').replace(/<[^>]*>/g, ' '))
  .replace(/[\s\u00a0\u202f]+/g, ' ').trim();

const attribute = (tag, name) => {
  const found = tag.match(new RegExp(`\\s${name}="([^"]*)"`));
  return found ? decode(found[1]) : undefined;
};

// The forms of a page with the fields that would be sent; those of submit buttons are left to the caller.
export function formsOf(html) {
  return [...html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(([, head, body]) => {
    const fields = [];
    for (const [tag] of body.matchAll(/<input\b[^>]*>/gs)) {
      const name = attribute(tag, 'name'), type = attribute(tag, 'type') ?? 'text';
      const unticked = ['checkbox', 'radio'].includes(type) && !/\schecked\b/.test(tag);
      if (!name || unticked || type === 'submit' || /\sdisabled\b/.test(tag)) continue;
      fields.push([name, attribute(tag, 'value') ?? '']);
    }
    for (const [, tag, inside] of body.matchAll(/<select\b([^>]*)>(.*?)<\/select>/gs)) {
      const all = [...inside.matchAll(/<option\b[^>]*>/g)].map(([option]) => option);
      const chosen = all.find((option) => /\sselected\b/.test(option)) ?? all[0];
      if (chosen) fields.push([attribute(` ${tag}`, 'name'), attribute(chosen, 'value') ?? '']);
    }
    return { action: attribute(head, 'action') ?? '', fields };
  });
}

// Sends the form of `answer` whose action ends with `action`, with `changes` to what it holds; undefined leaves one
// out.
export function send(client, answer, action, changes = {}) {
  const form = formsOf(answer.text).find((one) => one.action.endsWith(action));
  assert.ok(form, `no form …${action} on the page: ${wordsOf(answer.text).slice(0, 300)}`);
  const fields = form.fields.filter(([name]) => !(name in changes));
  for (const [name, value] of Object.entries(changes))
    for (const one of [value].flat()) if (one !== undefined) fields.push([name, one]);
  return client.post(form.action, fields, { csrf: null });
}

/* ---- places ---- */

export const dayAhead = (guichet, days) =>
  new Date((guichet.clock.now() + days * 86400) * 1000).toLocaleDateString('sv-SE', { timeZone: 'Europe/Paris' });

// The slots of a day's page that a signed-in reader may book, with the page's key.
export async function slotsOn(client, slug, day, persons, { guide = false } = {}) {
  const query = `vue=jour&jour=${day}&personnes=${persons}${guide ? '&guide=1' : ''}`;
  const page = await client.get(`/fr/monuments/${slug}/planning?${query}`);
  assert.equal(page.status, 200);
  const rows = page.text.split('<li class="slot-row"').slice(1);
  return rows.map((row) => ({ slug, day, state: row.match(/data-state="([a-z-]+)"/)[1],
    left: Number(row.match(/data-left="(\d+)"/)[1]), start: row.match(/name="debut" value="(\d+)"/)?.[1],
    key: row.match(/name="cle" value="([^"]+)"/)?.[1] }));
}

// The first free slot for so many persons from `ahead` days on that `fits`.
export async function freeSlot(guichet, client, slug, persons, { ahead = 10, fits = () => true, guide = false } = {}) {
  for (let n = ahead; n < ahead + 40; n += 1) {
    const slots = await slotsOn(client, slug, dayAhead(guichet, n), persons, { guide });
    const slot = slots.find((one) => one.state === 'free' && one.start && fits(one));
    if (slot) return slot;
  }
  throw new Error(`no free slot for ${persons} at ${slug}`);
}

// Takes places: an option, or with `cart` a hold in the cart. Gives the slot.
export async function hold(guichet, client, slug, persons, { cart = false, slot, guide = false, ...search } = {}) {
  const free = slot ?? await freeSlot(guichet, client, slug, persons, { ...search, guide });
  const answer = await client.post(`/fr/monuments/${slug}/${cart ? 'panier' : 'option'}`,
    { debut: free.start, personnes: String(persons), public: 'adults', cle: free.key,
      ...(guide ? { guide: '1' } : {}) });
  assert.equal(answer.status, 303, wordsOf(answer.text).slice(0, 400));
  return free;
}

// The ids of the live options, as the list shows them.
export const optionIds = (page) => [...page.text.matchAll(/name="option" value="(\d+)"/g)].map((m) => m[1]);

// Ends all options and empties the cart, so that a test begins with nothing.
export async function clear(client) {
  for (const id of optionIds(await client.get('/fr/options')))
    assert.equal((await send(client, await client.get(`/fr/options/${id}/annuler`), '/annuler')).status, 303);
  for (;;) {
    const cart = await client.get('/fr/panier');
    const action = formsOf(cart.text).map((form) => form.action).find((one) => one.endsWith('/retirer'));
    if (!action) return;
    assert.equal((await send(client, cart, action)).status, 303);
  }
}

/* ---- orders ---- */

// Chooses the first accompanying person for every visit, accepts the terms, sends. Gives the answer.
export async function validate(client, changes = {}) {
  const page = await client.get('/fr/validation');
  assert.equal(page.status, 200);
  const chosen = {};
  for (const [, name, inside] of page.text.matchAll(/<select id="(accompagnateur-\d+)"[^>]*>(.*?)<\/select>/gs))
    chosen[name] = inside.match(/value="(\d+)"/)[1];
  const terms = page.text.match(/name="cgv" type="checkbox" value="([^"]+)"/)[1];
  return send(client, page, '/validation', { ...chosen, cgv: terms, action: 'payer', ...changes });
}

// Validates and gives the reference of the order and the address of the provider's page.
export async function order(client, changes) {
  const answer = await validate(client, changes);
  assert.equal(answer.status, 303, wordsOf(answer.text).slice(0, 600));
  assert.match(answer.location, /\/c\/pay\//);
  return { ref: await newestOrder(client), payAt: answer.location };
}

export async function newestOrder(client) {
  const { text } = await client.get('/fr/commandes');
  return text.match(/href="\/fr\/commandes\/([0-9A-Z-]+)"/)[1];
}

export const CARD = { pays: '4242 4242 4242 4242', declined: '4000 0000 0000 0002' };

// Fills the hosted page's form; gives the answer, which for a card that pays leads back to us.
export async function payAt(address, card = CARD.pays) {
  return fetch(address, { method: 'POST', redirect: 'manual', body: new URLSearchParams({
    card_number: card, card_expiry: '12/40', card_cvc: '123', card_name: 'Claire Fontaine' }) });
}

// The same in a browser that shows the page.
export async function payInBrowser(page, card = CARD.pays) {
  await page.locator('[name=card_number]').fill(card);
  await page.locator('[name=card_expiry]').fill('12/40');
  await page.locator('[name=card_cvc]').fill('123');
  await page.locator('[name=card_name]').fill('Claire Fontaine');
  await page.locator('button[type=submit]').click();
}

export const orderState = async (client, ref) =>
  wordsOf((await client.get(`/fr/commandes/${ref}`)).text.match(/<span class="badge.*?<\/span>/s)[0]);

// Waits until the order's badge says so.
export const untilState = (client, ref, state, seconds = 30) =>
  until(async () => (await orderState(client, ref)).includes(state), { what: `order ${ref} being «${state}»`,
    seconds });

// The doctor finds nothing, whatever a test did, once the jobs have caught up with a clock that leapt.
export async function assertSound(guichet) {
  let last;
  await until(async () => { last = await guichet.command('doctor'); return last.code === 0; }, { what: 'a sound database' })
    .catch(() => assert.equal(last.code, 0, last.out));
}

