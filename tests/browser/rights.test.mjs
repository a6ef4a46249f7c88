// Visits that numbers pay, and voucher layouts: Paris Museum Passes at the desk, tickets from stock, ticket numbers as CSV.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deflateSync, crc32 } from 'node:zlib';
import { AGENCY, SCHOOL, assertAccessible, closeBrowser, fieldValue, newPage, signedInPage, until } from './kit.mjs';
import { assertSound, dayAhead, decode, formsOf, freeSlot, hold, order, payAt, send, slotsOn, startShop, untilState, wordsOf }
  from './purchase_kit.mjs';
import { demoStaff, freshCode, staffSignIn } from './staff_kit.mjs';

const staff = {};
let guichet;
let agency;
let organisation;

const SLUG = 'conciergerie';
const number = (n) => `ST-${String(n).padStart(5, '0')}`;

// A form with a file, as a browser sends it; the token of the last page goes with it.
function upload(client, address, fields, files = {}) {
  const body = new FormData();
  for (const [name, value] of [['csrf', client.csrf], ...Object.entries(fields)])
    for (const one of [value].flat()) body.append(name, one);
  for (const [name, [fileName, bytes]] of Object.entries(files)) body.append(name, new Blob([bytes]), fileName);
  return client.send(address, { method: 'POST', body });
}

const chunk = (name, bytes) => {
  const data = Buffer.concat([Buffer.from(name), bytes]);
  const out = Buffer.alloc(data.length + 8);
  out.writeUInt32BE(bytes.length, 0);
  data.copy(out, 4);
  out.writeUInt32BE(crc32 ? crc32(data) : 0, data.length + 4);
  return out;
};
const PNG = (() => {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(64, 0);
  head.writeUInt32BE(32, 4);
  head.set([8, 0, 0, 0, 0], 8);
  const rows = Buffer.concat(Array.from({ length: 32 }, (_, y) => Buffer.from([0, ...Array.from({ length: 64 }, (_v, x) => (x * 4 + y) & 255)])));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
})();

const importStock = async (text, name = 'stock.csv') => {
  await staff['customer-service'].get('/fr/service/stock');
  return upload(staff['customer-service'], '/fr/service/stock/fichier', {}, { fichier: [name, text] });
};

// The page «J’ai déjà un billet» of a free slot for so many persons.
async function stockPage(persons, options = {}) {
  const slot = await freeSlot(guichet, agency, SLUG, persons, options);
  const address = `/fr/monuments/${SLUG}/billets-en-stock?debut=${slot.start}&personnes=${persons}&public=adults`;
  return { slot, address, page: await agency.get(address) };
}

const stockForm = (page, slot, persons, changes) => ({ cle: fieldValue(page.text, 'cle'), debut: slot.start, personnes: String(persons),
  public: 'adults', accompagnateur: page.text.match(/<select id="accompagnateur".*?<option value="([1-9]\d*)"/s)?.[1] ?? '0',
  cgv: fieldValue(page.text, 'cgv') ?? '', action: 'reserver', ...changes });
const book = (page, slot, persons, changes, files) =>
  upload(agency, `/fr/monuments/${SLUG}/billets-en-stock`, stockForm(page, slot, persons, changes), files);

const typed = (text) => [...text.matchAll(/<input id="numero-\d+"[^>]*value="([^"]*)"/g)].map((m) => decode(m[1]));
const errorOf = (text, n) => wordsOf(text.match(new RegExp(`id="numero-${n}-error">(.*?)</p>`, 's'))?.[1] ?? '');

before(async () => {
  guichet = await startShop();
  agency = await guichet.signIn(AGENCY);
  for (const role of ['administrator', 'customer-service', 'monument-manager', 'gate-agent', 'accountant'])
    staff[role] = await staffSignIn(guichet, demoStaff(guichet, role));
  const found = await staff['customer-service'].get(`/fr/service/recherche?q=${encodeURIComponent(AGENCY.email)}`);
  [, organisation] = found.text.match(/service\/organisations\/(\d+)"/);
});
after(async () => {
  await closeBrowser();
  await guichet.stop();
});

/* ---- PMP-1 ---- */

test('PMP-1: customer service books a slot with passes: no payment, the numbers on the tickets, a mail to the customer', async () => {
  const desk = staff['customer-service'];
  const slot = await freeSlot(guichet, agency, SLUG, 10, { ahead: 20 });
  const query = `monument=${SLUG}&jour=${slot.day}&personnes=10&public=adults`;
  const page = await desk.get(`/fr/service/organisations/${organisation}/pass?${query}`);
  assert.equal(page.status, 200);
  const leader = page.text.match(/<select id="accompagnateur".*?<option value="([1-9]\d*)"/s)[1];
  const fields = { cle: fieldValue(page.text, 'cle'), monument: SLUG, jour: slot.day, personnes: '10', public: 'adults',
    debut: slot.start, accompagnateur: leader, contact: '0', personne: page.text.match(/<select id="personne".*?value="(\d+)"/s)[1] };
  const passes = Array.from({ length: 10 }, (_, i) => `PMP 7000 ${String(i).padStart(4, '0')}`);

  const wrong = await upload(desk, `/fr/service/organisations/${organisation}/pass`, { ...fields, numero: [passes[0], '??'], liste: passes[0] });
  assert.equal(wrong.status, 422);
  assert.deepEqual(typed(wrong.text).slice(0, 3), [passes[0], '??', passes[0]], 'nothing typed is lost');
  assert.match(errorOf(wrong.text, 2), /bonne forme/);
  assert.match(errorOf(wrong.text, 3), /déjà plus haut/);

  const done = await upload(desk, `/fr/service/organisations/${organisation}/pass`, { ...fields, cle: fieldValue(wrong.text, 'cle'), liste: passes.join('\n') });
  assert.equal(done.status, 303, wordsOf(done.text).slice(0, 800));
  const list = await desk.get('/fr/service/pass');
  const [, visit, ref] = list.text.match(/service\/pass\/(\d+)">([^<]+)</);
  const mail = await guichet.mail((m) => m.subject.includes(ref) && m.attachments.some((a) => a.filename.startsWith('billets')));
  assert.equal(mail.to, AGENCY.email);
  const own = await agency.get(`/fr/commandes/${ref}`);
  assert.match(wordsOf(own.text), /Paris Museum Pass/);
  const tickets = await agency.get(own.text.match(/href="([^"]*\/billets\/\d+)"/)[1]);
  for (const pass of passes) assert.ok(tickets.text.includes(pass.replaceAll(' ', '')), pass);
  assert.equal(guichet.book ? (await guichet.book()).sessions?.length ?? 0 : 0, 0, 'the provider was never asked');
  assert.ok((await slotsOn(agency, SLUG, slot.day, 10)).find((s) => s.start === slot.start).left === slot.left - 10, 'the same places');

  const again = await desk.get(`/fr/service/organisations/${organisation}/pass?${query}`);
  const twice = await upload(desk, `/fr/service/organisations/${organisation}/pass`,
    { ...fields, cle: fieldValue(again.text, 'cle'), liste: passes.join(';') });
  assert.equal(twice.status, 422);
  assert.match(errorOf(twice.text, 1), /déjà réservé/);

  const one = await desk.get(`/fr/service/pass/${visit}`);
  assert.match(one.text, /PMP70000009/);
  assert.equal((await send(desk, one, '/annuler', { motif: '' })).status, 422);
  assert.equal((await send(desk, one, '/annuler', { motif: 'Le groupe ne vient pas.' })).status, 303);
  const told = await guichet.mail((m) => m.subject.includes('annulée') && m.subject.includes(ref));
  assert.match(told.text, /Le groupe ne vient pas\./);
  assert.ok((await slotsOn(agency, SLUG, slot.day, 10)).find((s) => s.start === slot.start).left === slot.left, 'the places are back');
  const customer = wordsOf((await desk.get(`/fr/service/organisations/${organisation}`)).text);
  assert.match(customer, /Créneau réservé avec des Paris Museum Pass/);
  assert.match(customer, /Le groupe ne vient pas\./);
  await assertSound(guichet);
});

test('PMP-1: from the planning and the help a customer finds whom to ask', async () => {
  const planning = await agency.get(`/fr/monuments/${SLUG}/planning?vue=jour&jour=${dayAhead(guichet, 10)}&personnes=10`);
  assert.match(planning.text, /\/aide#pmp"/);
  assert.match((await agency.get('/fr/aide')).text, /id="pmp".*?mailto:/s);
});

/* ---- STK-1 ---- */

test('STK-1: without the right the page says whom to ask; granted with a reason it offers the slots, and it can be withdrawn', async () => {
  const desk = staff['customer-service'];
  const answer = async (text, action) => {
    await desk.get(`/fr/service/organisations/${organisation}/stock`);
    return desk.post(`/fr/service/organisations/${organisation}/stock`, { action, motif: text });
  };
  await answer('remise à zéro', 'retirer');
  const { slot, page } = await stockPage(9);
  assert.match(wordsOf(page.text), /accordée par notre service client/);
  const day = `/fr/monuments/${SLUG}/planning?vue=jour&jour=${slot.day}&personnes=9`;
  assert.doesNotMatch((await agency.get(day)).text, /billets-en-stock\?/);
  assert.equal((await book(page, slot, 9, { cle: 'x'.repeat(24), numero: ['A123'] })).status, 422, 'nor does the form alone');
  assert.equal((await answer('', 'accorder')).status, 422);
  assert.equal((await answer('Demande du 3 mai', 'accorder')).status, 303);
  assert.match((await agency.get(day)).text, /billets-en-stock\?/);
  await guichet.mail((m) => m.to === AGENCY.email && /droit accordé/.test(m.subject));
  assert.match(wordsOf((await desk.get('/fr/service/stock')).text), /Demande du 3 mai/);
});

test('STK-1: numbers in stock come as CSV, whole or not at all, once', async () => {
  const soon = dayAhead(guichet, 400);
  const lines = Array.from({ length: 60 }, (_, i) => `${number(i)};${SLUG};${soon}`);
  const bad = await importStock(`numéro;monument;échéance\n${lines[0]}\nx;${SLUG};${soon}\nST-9;nulle-part;${soon}\n`);
  assert.equal(bad.status, 422);
  assert.match(wordsOf(bad.text), /Ligne 3 :.*bonne forme/);
  assert.match(wordsOf(bad.text), /2 lignes sont à corriger/);
  const text = `numéro;monument;échéance\r\n${lines.join('\r\n')}\r\nAUTRE1;sainte-chapelle;${soon}\r\nVIEUX1;${SLUG};${dayAhead(guichet, 1)}\r\n`;
  assert.equal((await importStock(text)).status, 303);
  const again = await importStock(text, 'other-name.csv');
  assert.equal(again.status, 422);
  assert.match(wordsOf(again.text), /déjà été importé/);
  const look = await staff['customer-service'].get('/fr/service/stock?numero=st%2000003');
  assert.match(wordsOf(look.text), /Disponible/);
});

test('STK-1: each wrong number has its message beside it, nothing typed is lost; typed, pasted and from a file together they book', async () => {
  const { slot, page } = await stockPage(9);
  const mixed = await book(page, slot, 9, { numero: [number(0), 'inconnu-1', 'AUTRE1', 'VIEUX1'], liste: `${number(0)}\n${number(1)}, é`, action: 'verifier' });
  assert.equal(mixed.status, 422);
  assert.deepEqual(typed(mixed.text).slice(0, 7), [number(0), 'inconnu-1', 'AUTRE1', 'VIEUX1', number(0), number(1), 'é']);
  assert.equal(errorOf(mixed.text, 1), '');
  assert.match(errorOf(mixed.text, 2), /ne connaissons pas/);
  assert.match(errorOf(mixed.text, 3), /autre monument : Sainte-Chapelle/);
  assert.match(errorOf(mixed.text, 4), /plus valable/);
  assert.match(errorOf(mixed.text, 5), /déjà plus haut/);
  assert.match(errorOf(mixed.text, 7), /bonne forme/);

  const few = await book(mixed, slot, 9, { numero: [number(0)] });
  assert.equal(few.status, 422);
  assert.match(wordsOf(few.text), /Il manque 8 numéros/);
  const free = () => slotsOn(agency, SLUG, slot.day, 9).then((all) => all.find((s) => s.start === slot.start).left);
  const left = await free();
  const done = await book(few, slot, 9, { numero: [number(0), number(1)], liste: `${number(2)}; ${number(3).toLowerCase()}` },
    { fichier: ['mes-billets.csv', `\ufeffnuméro,nom\r\n${[4, 5, 6, 7, 8].map((n) => `"${number(n)}",x`).join('\r\n')}\r\n`] });
  assert.equal(done.status, 303, wordsOf(done.text).slice(0, 900));
  assert.equal(await free(), left - 9);
  const own = await agency.get(done.location);
  assert.match(wordsOf(own.text), /Billet échangé/);
  const mail = await guichet.mail((m) => m.attachments.some((a) => a.filename.startsWith(`billets-${done.location.split('/').at(-1)}`)));
  assert.equal(mail.to, AGENCY.email);
  assert.match(wordsOf((await staff['customer-service'].get(`/fr/service/stock?numero=${number(8)}`)).text), /Utilisé/);

  const used = await book(await agency.get(`/fr/monuments/${SLUG}/billets-en-stock?debut=${slot.start}&personnes=9&public=adults`), slot, 9,
    { numero: [...Array(9).keys()].map(number) });
  assert.equal(used.status, 422);
  assert.match(errorOf(used.text, 9), /déjà servi/);
  await assertSound(guichet);
});

test('STK-1: the same numbers at two desks at once go to one', async () => {
  const other = await guichet.signIn(AGENCY);
  const { slot, page } = await stockPage(9);
  const page2 = await other.get(`/fr/monuments/${SLUG}/billets-en-stock?debut=${slot.start}&personnes=9&public=adults`);
  const numero = [...Array(9).keys()].map((n) => number(20 + n));
  const answers = await Promise.all([
    book(page, slot, 9, { numero }),
    upload(other, `/fr/monuments/${SLUG}/billets-en-stock`, stockForm(page2, slot, 9, { numero: numero.toReversed() })),
  ]);
  assert.deepEqual(answers.map((a) => a.status).sort(), [303, 422]);
  await assertSound(guichet);
});

test('STK-1: a booking that customer service ends gives the numbers back', async () => {
  const desk = staff['customer-service'];
  const visit = (await desk.get('/fr/service/stock')).text.match(/stock\/echanges\/(\d+)"/)[1];
  const one = await desk.get(`/fr/service/stock/echanges/${visit}`);
  assert.equal((await send(desk, one, '/annuler', { motif: 'Erreur de date' })).status, 303);
  assert.match(wordsOf((await desk.get(`/fr/service/stock?numero=${number(20)}`)).text), /Disponible/);
  await assertSound(guichet);
});

/* ---- TKT-2 ---- */

test('TKT-2: a layout is known by its bytes, bounded, and comes back only as a download', async () => {
  const page = await agency.get('/fr/client/maquettes');
  const fields = { cle: fieldValue(page.text, 'cle'), nom: 'Bon été <b>2027</b>', note: 'Merci !' };
  const html = '<html><script>alert(1)</script></html>';
  for (const [name, bytes, why] of [['bon.png', html, /n’est pas un PDF/], ['bon.pdf', `%PDF-1.7\n${'x'.repeat(100)}`, /n’est pas un PDF/],
    ['bon.png', Buffer.concat([PNG, Buffer.from(html)]), /n’est pas un PDF/], ['gros.png', Buffer.alloc(5 * 1024 * 1024 + 1), /dépasse 5 Mo/]]) {
    const answer = await upload(agency, '/fr/client/maquettes', fields, { fichier: [name, bytes] });
    assert.equal(answer.status, 422, name);
    assert.match(wordsOf(answer.text), why);
    assert.match(answer.text, /Merci !/);
  }
  assert.equal((await upload(agency, '/fr/client/maquettes', fields)).status, 422);
  assert.equal((await upload(agency, '/fr/client/maquettes', fields, { fichier: ['../../x.exe', PNG] })).status, 303);
  await guichet.mail((m) => /Maquette à examiner/.test(m.subject));
  const list = await agency.get('/fr/client/maquettes');
  assert.match(list.text, /Bon été &lt;b&gt;2027/);
  const [, id] = list.text.match(/maquettes\/(\d+)\/fichier"/);
  const file = await agency.get(`/fr/client/maquettes/${id}/fichier`);
  assert.deepEqual(file.bytes, PNG);
  assert.match(file.headers.get('content-disposition'), /^attachment; filename="maquette-\d+\.png"$/);
  assert.equal(file.headers.get('content-type'), 'image/png');
  assert.equal(file.headers.get('x-content-type-options'), 'nosniff');
  assert.match(file.headers.get('content-security-policy'), /sandbox/);
  const school = await guichet.signIn(SCHOOL);
  assert.equal((await school.get(`/fr/client/maquettes/${id}/fichier`)).status, 404, 'another organisation');
  assert.equal((await staff.accountant.get(`/fr/service/maquettes/${id}/fichier`)).status, 404);
});

test('TKT-2: refused and approved with words; approved, orders give the CSV of numbers, on the page and by mail; withdrawn, no more', async () => {
  const desk = staff['customer-service'];
  const [, id] = (await desk.get('/fr/service/maquettes')).text.match(/service\/maquettes\/(\d+)"/);
  const decide = async (decision, mots) => {
    const page = await desk.get(`/fr/service/maquettes/${id}`);
    return send(desk, page, `/maquettes/${id}`, { decision, mots });
  };
  assert.equal((await decide('refused', '')).status, 422);
  assert.equal((await decide('refused', 'Le code est trop petit.')).status, 303);
  assert.match((await guichet.mail((m) => m.to === AGENCY.email && /Maquette refusée/.test(m.subject))).text, /Le code est trop petit\./);
  const placed = await (async () => {
    await hold(guichet, agency, SLUG, 12, { cart: true, ahead: 30 });
    return order(agency);
  })();
  await payAt(placed.payAt);
  await untilState(agency, placed.ref, 'Payée');
  const tickets = (m) => m.attachments.some((one) => one.filename.startsWith(`billets-${placed.ref}`));
  await guichet.mail(tickets); // the first one, as PDF: what is counted below comes after it
  let own = await agency.get(`/fr/commandes/${placed.ref}`);
  const csv = `${own.text.match(/href="([^"]*\/billets\/\d+)"/)[1]}/csv`;
  assert.equal((await agency.get(csv)).status, 404, 'not before an approval');
  assert.equal((await decide('approved', '')).status, 303);
  await guichet.mail((m) => /Maquette approuvée/.test(m.subject));

  own = await agency.get(`/fr/commandes/${placed.ref}`);
  assert.ok(own.text.includes(`href="${csv}"`));
  const list = await agency.get(csv);
  assert.match(list.headers.get('content-type'), /^text\/csv; charset=utf-8/);
  assert.deepEqual([...list.bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
  const lines = list.bytes.toString().slice(1).split('\r\n');
  assert.equal(lines.pop(), '');
  assert.equal(lines[0], 'ticket_number,qr_code,monument,city,visit_date,visit_time,valid_until,tariff,price,holder,holder_name,proof,order,position');
  assert.equal(lines.length, 13);
  for (const line of lines.slice(1)) assert.match(line, /^\d{13},[^,]{20,},Conciergerie,/);
  const shown = wordsOf((await agency.get(csv.replace(/\/csv$/, ''))).text).replaceAll(' ', '');
  for (const line of lines.slice(1)) assert.ok(shown.includes(line.slice(0, 13)));
  const school = await guichet.signIn(SCHOOL);
  assert.equal((await school.get(csv)).status, 404);

  const resent = async (format) => {
    const before = (await guichet.mails()).length;
    await agency.get(`/fr/commandes/${placed.ref}`);
    assert.equal((await agency.post(`/fr/commandes/${placed.ref}/format`, { format })).status, 303);
    const page = await agency.get(`/fr/commandes/${placed.ref}`);
    const form = formsOf(page.text).find((f) => f.action.endsWith('/renvoyer') && f.fields.some(([n, v]) => n === 'visite' && v !== '0'));
    assert.equal((await agency.post(form.action, form.fields, { csrf: null })).status, 303);
    const mail = await until(async () => (await guichet.mails()).slice(before).find(tickets), { what: 'the mail' });
    return mail.attachments.map((a) => a.filename.split('.').at(-1)).sort().join();
  };
  assert.equal(await resent('csv'), 'csv');
  assert.equal(await resent('both'), 'csv,pdf');
  assert.equal((await decide('withdrawn', 'Le bon a changé.')).status, 303);
  assert.equal((await agency.get(csv)).status, 404);
  assert.ok(!(await agency.get(`/fr/commandes/${placed.ref}`)).text.includes('/csv"'));
  assert.match((await agency.get('/fr/aide')).text, /<code>ticket_number<\/code>/, 'the columns are documented');
});

/* ---- who may, and how it looks ---- */

test('OPS-7: who has nothing to do with passes, stock or layouts finds nothing', async () => {
  const pages = { pass: 'c', [`organisations/${'{o}'}/pass`]: 'c', stock: 'ac', [`organisations/${'{o}'}/stock`]: 'c', maquettes: 'c', 'maquettes/1': 'c' };
  const letters = { administrator: 'a', 'customer-service': 'c', 'monument-manager': 'm', 'gate-agent': 'g', accountant: 'n' };
  for (const [role, letter] of Object.entries(letters))
    for (const [path, may] of Object.entries(pages)) {
      const address = `/fr/service/${path.replace('{o}', organisation)}`;
      assert.equal((await staff[role].get(address)).status, may.includes(letter) ? 200 : 404, `${role} ${address}`);
    }
  assert.equal((await agency.get('/fr/service/stock')).status, 303);
});

test('PMP-1, STK-1, TKT-2: the pages are accessible in every look, and a keyboard is enough', async () => {
  const page = await signedInPage(guichet, { bypassCSP: true, javaScriptEnabled: true });
  const slot = await freeSlot(guichet, agency, SLUG, 9);
  await page.goto(`/fr/monuments/${SLUG}/billets-en-stock?debut=${slot.start}&personnes=9&public=adults`);
  await assertAccessible(page);
  await page.getByLabel('Numéro 1', { exact: true }).fill('inconnu 1');
  await page.keyboard.press('Enter'); // the first button looks, it does not book
  await page.getByText('Nous ne connaissons pas ce numéro.').waitFor();
  await assertAccessible(page, 'numbers with answers');
  await page.goto('/en/client/maquettes');
  await assertAccessible(page);
  await page.goto('/fr/aide');
  await assertAccessible(page);
  await page.context().close();

  const desk = await newPage(guichet, { bypassCSP: true });
  const account = demoStaff(guichet, 'customer-service');
  await desk.goto('/fr/service/connexion');
  await desk.getByLabel('Adresse e-mail').fill(account.email);
  await desk.getByLabel('Mot de passe', { exact: true }).fill(account.password);
  await desk.locator('main').getByRole('button', { name: 'Se connecter' }).click();
  await guichet.clock.advance(61);
  await desk.getByLabel('Code').fill(await freshCode(guichet, account));
  await desk.locator('main').getByRole('button', { name: 'Se connecter' }).click();
  await desk.waitForURL('**/service');
  const first = (await staff['customer-service'].get('/fr/service/maquettes')).text.match(/service\/maquettes\/(\d+)"/)[1];
  const visit = (await staff['customer-service'].get('/fr/service/pass')).text.match(/service\/pass\/(\d+)"/)[1];
  for (const address of ['/fr/service/pass', `/en/service/pass/${visit}`, '/fr/service/stock?numero=ST-00003', '/en/service/stock',
    `/fr/service/organisations/${organisation}/stock`, '/fr/service/maquettes', `/en/service/maquettes/${first}`,
    `/fr/service/organisations/${organisation}/pass?monument=${SLUG}&jour=${slot.day}&personnes=9&public=adults`,
    `/fr/service/organisations/${organisation}`]) {
    await desk.goto(address);
    await assertAccessible(desk);
  }
  assert.deepEqual(desk.complaints, []);
});
