// What the tests of closures share: many paid orders in one day, closing at the desk, what the database and the provider
// know of it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { formsOf, hold, payAt, send, slotsOn, validate, wordsOf } from './purchase_kit.mjs';
import { until } from './kit.mjs';

// Rows of a question to the server's own SQLite file, while the server may be writing.
export const sql = (guichet, text) => execFileSync('sqlite3', ['-cmd', '.timeout 5000', '-separator', '|',
  path.join(guichet.data, 'guichet.db'), text]).toString().trim().split('\n').filter(Boolean);
export const number = (guichet, text) => Number(sql(guichet, text)[0]);

// The accompanying person with an address of their own.
export const LEADER = 'irene.valmont@guides.example';

// One visit of a guided group that is paid by card. `slot` of slotsOn. Gives the reference of the order and the visit.
export async function buy(guichet, client, slot, persons) {
  await hold(guichet, client, slot.slug, persons, { cart: true, slot, guide: true });
  const guide = sql(guichet, `SELECT id FROM leader WHERE email = '${LEADER}'`)[0];
  const page = await client.get('/fr/validation');
  const choices = Object.fromEntries([...page.text.matchAll(/<select id="(accompagnateur-\d+)"/g)].map((m) => [m[1], guide]));
  const answer = await validate(client, choices);
  assert.equal(answer.status, 303, wordsOf(answer.text).slice(0, 400));
  const [ref] = sql(guichet, 'SELECT ref FROM orders ORDER BY id DESC LIMIT 1');
  assert.equal((await payAt(answer.location)).status, 303);
  await client.get(`/fr/commandes/${ref}/retour`);
  const [visit] = sql(guichet, `SELECT v.id FROM visit v JOIN orders o ON o.id = v.order_id
    WHERE o.ref = '${ref}' AND o.state = 'confirmed'`);
  assert.ok(visit, `order ${ref} is paid`);
  return { ref, visit };
}

// The day's slots as the planning gives them, for guided groups.
export const guidedSlots = (client, slug, day, persons) => slotsOn(client, slug, day, persons, { guide: true });

// Closes at the desk: preview, then the act. Gives the address of the progress, the preview and the answers.
export async function closeAt(desk, { slug, guichet, scope = 'days', from, to, start, word = 'FERMER',
  reasons = ['Inondation des salles basses', 'Flooding of the lower halls'] }) {
  const [monument] = sql(guichet, `SELECT id FROM monument WHERE slug = '${slug}'`);
  const query = new URLSearchParams({ monument, portee: scope, du: from, ...(to ? { au: to } : {}),
    ...(start ? { debut: start } : {}) });
  const preview = await desk.get(`/fr/service/fermetures/nouvelle?${query}`);
  assert.equal(preview.status, 200, wordsOf(preview.text).slice(0, 400));
  const answer = await send(desk, preview, '/fermetures/nouvelle', { motif_fr: reasons[0], motif_en: reasons[1], mot: word });
  return { preview, answer, monument };
}

// The form of a page by the end of its action.
export const hasForm = (answer, action) => formsOf(answer.text).some((form) => form.action.endsWith(action));

// Message-IDs of the mails of a kind, one for each time a mail was handed over: a mail that comes again keeps its id.
export async function messageIds(guichet, kind) {
  const folder = path.join(guichet.data, 'mail', 'new');
  const names = await readdir(folder).catch(() => []);
  const heads = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'latin1')));
  return heads.map((text) => text.match(/^message-id:\s*<([^>]+)>/im)?.[1] ?? '').filter((id) => id.startsWith(`${kind}.`));
}

export const listDone = (guichet) => until(() => number(guichet, "SELECT count(*) FROM closure WHERE state = 'working'") === 0,
  { what: 'the closures to be worked off', seconds: 60 });
