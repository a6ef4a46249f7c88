// A monument's own work: plannings from templates, day sheet, bookings by telephone, prices, texts, photographs; and the
// administrator's settings, legal texts and imports.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { AGENCY, SCHOOL, assertAccessible, closeBrowser, newPage } from './kit.mjs';
import { dayAhead, formsOf, hold, order, payAt, startShop, untilState, wordsOf } from './purchase_kit.mjs';
import { demoStaff, freshCode, staffSignIn } from './staff_kit.mjs';

const staff = {};
let guichet;
let buyer;
let heldDay; // the day of the group that a customer holds
const ids = {};

const at = (slug, below = '') => `/fr/service/monuments/${ids[slug]}${below}`;

// Sends the form of `answer` that posts to …action, with `changes` to what it holds; undefined leaves one out. Pages here also
// have forms that only look, to the same address.
function send(client, answer, action, changes = {}) {
  const form = formsOf(answer.text).find((one) => one.action.endsWith(action) && one.fields.some(([name]) => name === 'csrf'));
  assert.ok(form, `no form …${action} on the page: ${wordsOf(answer.text).slice(0, 300)}`);
  const fields = form.fields.filter(([name]) => !(name in changes));
  for (const [name, value] of Object.entries(changes))
    for (const one of [value].flat()) if (one !== undefined) fields.push([name, one]);
  return client.post(form.action, fields, { csrf: null });
}

before(async () => {
  guichet = await startShop();
  buyer = await guichet.signIn(AGENCY);
  for (const role of ['administrator', 'customer-service', 'monument-manager', 'gate-agent', 'accountant'])
    staff[role] = await staffSignIn(guichet, demoStaff(guichet, role));
  const list = await staff.administrator.get('/fr/service/monuments');
  for (const [, id, name] of list.text.matchAll(/service\/monuments\/(\d+)">([^<]+)/g))
    ids[{ Conciergerie: 'conciergerie', 'Sainte-Chapelle': 'sainte-chapelle', 'Arc de triomphe': 'arc' }[name] ?? name] = id;
});
after(async () => {
  await closeBrowser();
  await guichet.stop();
});

test('OPS-2: a manager sees their own monuments, an administrator all, others what their role does', async () => {
  const own = await staff['monument-manager'].get('/fr/service/monuments');
  assert.equal([...own.text.matchAll(/<th scope="row">/g)].length, 3);
  assert.equal((await staff['monument-manager'].get(at('arc'))).status, 404);
  for (const below of ['/planning', '/tarifs', '/fiche', '/photos', '/journee', '/telephone', '/regles'])
    assert.equal((await staff['monument-manager'].get(at('arc', below))).status, 404, below);
  assert.equal((await staff['monument-manager'].get(at('conciergerie', '/regles'))).status, 404, 'rules are the network’s');
  for (const below of ['/planning', '/tarifs', '/fiche', '/photos', '/journee'])
    assert.equal((await staff.administrator.get(at('arc', below))).status, 200, below);
  assert.equal((await staff['customer-service'].get(at('arc', '/journee'))).status, 200);
  for (const role of ['customer-service', 'gate-agent', 'accountant'])
    for (const below of ['/planning', '/tarifs', '/fiche', '/photos'])
      assert.equal((await staff[role].get(at('conciergerie', below))).status, 404, `${role} ${below}`);
  for (const role of ['customer-service', 'monument-manager', 'gate-agent', 'accountant'])
    for (const address of ['reglages', 'textes', 'tva', 'reglages/cart.hold_minutes'])
      assert.equal((await staff[role].get(`/fr/service/${address}`)).status, 404, `${role} ${address}`);
});

test('OPS-2: the templates of the demonstration describe its slots', async () => {
  const answer = await staff['monument-manager'].get(
    at('conciergerie', `/planning/mise-a-jour?du=${dayAhead(guichet, 1)}&au=${dayAhead(guichet, 400)}`));
  assert.match(wordsOf(answer.text), /il n’y a rien à faire/);
});

test('OPS-2: an exception gives a day other hours, after a preview, and customers see them', async () => {
  const manager = staff['monument-manager'], day = dayAhead(guichet, 40);
  let page = await manager.get(at('conciergerie', '/planning/saisons/nouvelle?type=exception'));
  const refused = await send(manager, page, '/saisons/nouvelle', { nom: 'Nocturne', du: day, au: dayAhead(guichet, 39), vente: 'now' });
  assert.equal(refused.status, 422);
  assert.match(refused.text, /value="Nocturne"/, 'what was typed stays');
  page = await manager.get((await send(manager, page, '/saisons/nouvelle',
    { nom: 'Nocturne', du: day, au: day, vente: 'now' })).location);
  const line = { jours: ['1', '2', '3', '4', '5', '6', '7'], premier: '18:00', dernier: '21:00', intervalle: '60', duree: '60',
    places: '30', groupes: '1' };
  const wrong = await send(manager, page, '/horaires', { ...line, dernier: '17:00' });
  assert.equal(wrong.status, 422);
  assert.match(wordsOf(wrong.text), /Le dernier départ ne peut pas précéder le premier/);
  assert.equal((await send(manager, page, '/horaires', line)).status, 303);
  const clash = await send(manager, page, '/horaires', { ...line, premier: '19:00' });
  assert.match(wordsOf(clash.text), /a déjà un départ à 19:00/);

  const look = await manager.get(at('conciergerie', `/planning/mise-a-jour?du=${day}&au=${day}&manuels=1`));
  assert.match(wordsOf(look.text), /Nouveaux/);
  assert.doesNotMatch((await buyer.get(`/fr/monuments/conciergerie/planning?vue=jour&jour=${day}`)).text, /21:00/, 'not yet');
  const made = await send(manager, look, '/mise-a-jour');
  assert.equal(made.status, 303);
  const planning = wordsOf((await buyer.get(`/fr/monuments/conciergerie/planning?vue=jour&jour=${day}&personnes=12`)).text);
  for (const time of ['18:00', '19:00', '20:00', '21:00']) assert.ok(planning.includes(time), time);
  assert.ok(!planning.includes('14:00'), 'the season’s hours are gone');
  const again = await send(manager, look, '/mise-a-jour');
  assert.equal(again.status, 409, 'the old preview is worth nothing');
});

test('OPS-2: a capacity below what is taken is refused, with whom it hits and the way to the closure desk', async () => {
  const manager = staff['monument-manager'];
  heldDay = (await hold(guichet, buyer, 'conciergerie', 20, { ahead: 60 })).day;
  const day = heldDay;
  const sheet = await manager.get(at('conciergerie', `/planning/jour/${day}`));
  const start = [...sheet.text.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map((m) => m[1]).find((row) => />20<\/td>/.test(row))
    .match(/creneaux\/(\d+)/)[1];
  const page = await manager.get(at('conciergerie', `/planning/creneaux/${start}`));
  const refused = await send(manager, page, `/creneaux/${start}`, { places: '19' });
  assert.equal(refused.status, 422);
  const said = wordsOf(refused.text);
  assert.match(said, /20 places sont déjà prises/);
  assert.match(said, /Voyages Lumière/);
  assert.match(said, /Option/);
  assert.match(refused.text, /href="\/fr\/service\/fermetures"/);
  assert.match(refused.text, /mailto:agence@voyages-lumiere\.example/);
  assert.equal((await send(manager, page, `/creneaux/${start}`, { places: '20', groupes: undefined })).status, 303);
  const after = await manager.get(at('conciergerie', `/planning/jour/${day}`));
  assert.match(wordsOf(after.text), /réglé à la main/);
  const update = await manager.get(at('conciergerie', `/planning/mise-a-jour?du=${day}&au=${day}`));
  assert.match(wordsOf(update.text), /rien à faire/, 'a slot set by hand is left alone');
  assert.equal((await send(manager, await manager.get(at('conciergerie', `/planning/creneaux/${start}`)), '/modele')).status, 303);
  assert.doesNotMatch(wordsOf((await manager.get(at('conciergerie', `/planning/creneaux/${start}`))).text), /À la main/);
});

test('OPS-2: a private event closes its slots with a reason, not those that somebody holds', async () => {
  const manager = staff['monument-manager'], page = await manager.get(at('conciergerie', '/planning/evenements/nouveau'));
  const event = { de: '00:00', a: '24:00', motif_fr: 'Concert privé', motif_en: 'Private concert' };
  const refused = await send(manager, page, '/evenements/nouveau', { ...event, jour: heldDay });
  assert.equal(refused.status, 422);
  assert.match(wordsOf(refused.text), /Voyages Lumière/);
  const day = dayAhead(guichet, 43);
  assert.equal((await send(manager, page, '/evenements/nouveau', { ...event, jour: day })).status, 303);
  assert.match(wordsOf((await buyer.get(`/fr/monuments/conciergerie/planning?vue=jour&jour=${day}&personnes=12`)).text), /Concert privé/);
  assert.match(wordsOf((await buyer.get(`/en/monuments/conciergerie/planning?vue=jour&jour=${day}&personnes=12`)).text), /Private concert/);
  const plan = await manager.get(at('conciergerie', '/planning'));
  const action = plan.text.match(/evenements\/(\d+)\/supprimer/)[0];
  assert.equal((await send(manager, plan, action)).status, 303);
  assert.doesNotMatch(wordsOf((await buyer.get(`/fr/monuments/conciergerie/planning?vue=jour&jour=${day}&personnes=12`)).text), /Concert privé/);
});

test('TASK_PHONE_BOOKING: a call takes places like any group, is on the day sheet, changes and ends with a reason', async () => {
  const manager = staff['monument-manager'], day = dayAhead(guichet, 42);
  const page = await manager.get(at('conciergerie', `/telephone/nouveau?jour=${day}`));
  const slot = page.text.match(/<option value="(\d{9,})"/)[1];
  const call = { creneau: slot, personnes: '18', nom: 'Mme Roche', telephone: '01 99 00 24 71', organisation: 'Amicale du rail',
    besoins: 'Deux fauteuils roulants' };
  const wrong = await send(manager, page, '/telephone/nouveau', { ...call, personnes: '27', telephone: '' });
  assert.equal(wrong.status, 422);
  assert.match(wrong.text, /value="Mme Roche"/);
  assert.equal((await send(manager, page, '/telephone/nouveau', call)).status, 303);
  assert.equal((await send(manager, page, '/telephone/nouveau', call)).status, 303, 'the same form again');
  const sheet = await manager.get(at('conciergerie', `/journee?jour=${day}`));
  const said = wordsOf(sheet.text);
  assert.match(said, /1 groupe , 18 personnes|1 groupe, 18 personnes/);
  assert.match(said, /Amicale du rail/);
  assert.match(said, /\+33 1 99 00 24 71|01 99 00 24 71/);
  assert.match(said, /Deux fauteuils roulants/);
  assert.match(said, /Téléphone, à régler/);
  const booking = sheet.text.match(/telephone\/(\d+)"/)[1];
  const one = await manager.get(at('conciergerie', `/telephone/${booking}`));
  assert.match(wordsOf(one.text), /À régler en caisse 234,00 €/);
  const many = await send(manager, one, `/telephone/${booking}`, { personnes: '26' });
  assert.equal(many.status, 303);
  assert.equal((await send(manager, one, '/annuler', { motif: '' })).status, 422);
  assert.equal((await send(manager, one, '/annuler', { motif: 'La cliente a rappelé' })).status, 303);
  assert.match(wordsOf((await manager.get(at('conciergerie', `/journee?jour=${day}`))).text), /Aucun groupe/);
  assert.equal((await staff.administrator.get(at('conciergerie', '/telephone'))).status, 404);
  assert.equal((await guichet.command('doctor')).code, 0);
});

test('OPS-2: the day sheet has leader, telephone, heads and needs, goes from day to day, and prints clean', async () => {
  const manager = staff['monument-manager'], day = heldDay;
  const sheet = await manager.get(at('conciergerie', `/journee?jour=${day}`));
  const said = wordsOf(sheet.text);
  assert.match(said, /Voyages Lumière/);
  assert.match(said, /Option/);
  const needs = sheet.text.match(/besoins\/(\d+)"/)[1];
  const form = await manager.get(at('conciergerie', `/journee/besoins/${needs}`));
  assert.equal((await send(manager, form, `/besoins/${needs}`, { besoins: 'Vestiaire pour 20 sacs' })).status, 303);
  assert.match(wordsOf((await manager.get(at('conciergerie', `/journee?jour=${day}`))).text), /Vestiaire pour 20 sacs/);
  const beside = (days) => new Date(Date.parse(day) + days * 86400e3).toISOString().slice(0, 10);
  for (const other of [beside(-1), beside(1)]) assert.match(sheet.text, new RegExp(`jour=${other}"`));
  assert.equal((await manager.get(at('arc', `/journee/besoins/${needs}`))).status, 404);
});

test('OPS-2: the customer says what the group needs, and nobody else’s', async () => {
  await hold(guichet, buyer, 'conciergerie', 9, { cart: true, ahead: 70 });
  const placed = await order(buyer);
  await payAt(placed.payAt);
  await untilState(buyer, placed.ref, 'Payée');
  const page = await buyer.get(`/fr/commandes/${placed.ref}`);
  const [address] = page.text.match(/\/fr\/visites\/\d+\/besoins/);
  assert.equal((await send(buyer, await buyer.get(address), '/besoins', { besoins: 'x'.repeat(501) })).status, 422);
  assert.equal((await send(buyer, await buyer.get(address), '/besoins', { besoins: 'Un fauteuil roulant' })).status, 303);
  assert.match((await buyer.get(address)).text, /Un fauteuil roulant/);
  const school = await guichet.signIn(SCHOOL);
  assert.equal((await school.get(address)).status, 404);
  await school.get('/fr/options');
  assert.equal((await school.post(address, { besoins: 'x' })).status, 404);
});

test('OPS-2: a future price ends the one before it, and shows to customers', async () => {
  const manager = staff['monument-manager'], page = await manager.get(at('sainte-chapelle', '/tarifs'));
  const price = { genre: 'adults-full', montant: '21,50', personnes: '1', du: dayAhead(guichet, 100), tva: 'outside' };
  assert.equal((await send(manager, page, '/tarifs', { ...price, du: dayAhead(guichet, 0) })).status, 422);
  assert.equal((await send(manager, page, '/tarifs', { ...price, montant: 'douze' })).status, 422);
  assert.equal((await send(manager, page, '/tarifs', price)).status, 303);
  const all = await manager.get(at('sainte-chapelle', '/tarifs'));
  assert.match(wordsOf(all.text), /21,50 € à partir du/);
  assert.doesNotMatch(wordsOf(all.text), /interruption ensuite/);
  assert.match(wordsOf((await buyer.get('/fr/monuments/sainte-chapelle')).text), /Changements de prix annoncés.*21,50 €/);
  const remove = all.text.match(/tarifs\/\d+\/supprimer/)[0];
  assert.equal((await send(manager, all, remove)).status, 303);
  assert.doesNotMatch(wordsOf((await buyer.get('/fr/monuments/sainte-chapelle')).text), /21,50/);
});

test('OPS-2: texts, hours and publication; what cannot be read is refused beside its field', async () => {
  const manager = staff['monument-manager'], page = await manager.get(at('sainte-chapelle', '/fiche'));
  const refused = await send(manager, page, '/fiche', { ete: 'le matin', texte_fr: 'Verrières du XIIIe siècle.', texte_en: 'Glass.' });
  assert.equal(refused.status, 422);
  assert.match(wordsOf(refused.text), /Ces horaires ne se lisent pas/);
  assert.match(refused.text, /Verrières du XIIIe siècle\./);
  const fields = { texte_fr: 'Verrières du XIIIe siècle.', texte_en: 'Stained glass of the 13th century.', telephone: '01 99 00 99 99' };
  assert.equal((await send(manager, page, '/fiche', fields)).status, 303);
  assert.match((await buyer.get('/fr/monuments/sainte-chapelle')).text, /01 99 00 99 99/);
  assert.match((await buyer.get('/en/monuments/sainte-chapelle')).text, /13th century/);
  assert.equal((await send(manager, page, '/fiche', { ...fields, publie: undefined })).status, 303);
  assert.equal((await buyer.get('/fr/monuments/sainte-chapelle')).status, 404);
  assert.equal((await manager.get(at('sainte-chapelle', '/fiche'))).status, 200);
  assert.equal((await send(manager, page, '/fiche', fields)).status, 303);
  assert.equal((await buyer.get('/fr/monuments/sainte-chapelle')).status, 200);
});

test('PLA-3: the group rules of a monument are the administrator’s to change, and hold at once', async () => {
  const boss = staff.administrator, page = await boss.get(at('arc', '/regles'));
  assert.equal((await send(boss, page, '/regles', { minimum: '9', maximum: '8' })).status, 422);
  assert.equal((await send(boss, page, '/regles', { minimum: '9' })).status, 303);
  assert.match(wordsOf((await buyer.get('/fr/monuments/arc-de-triomphe')).text), /À partir de 9 personnes/);
  assert.equal((await send(boss, page, '/regles', {})).status, 303);
});

/* ---- photographs ---- */

// A form with a file, as a browser sends it.
async function upload(client, address, fields, file) {
  const body = new FormData();
  for (const [name, value] of Object.entries({ csrf: client.csrf, ...fields })) body.append(name, value);
  if (file) body.append('fichier', new Blob([file], { type: 'image/jpeg' }), 'photo.jpg');
  return client.send(address, { method: 'POST', body });
}

async function picture(width, height) {
  const page = await newPage(guichet, { viewport: { width, height } });
  await page.setContent('<body style="background:#357;color:#fff;font-size:80px">Façade');
  const bytes = await page.screenshot({ type: 'jpeg', quality: 80 });
  await page.context().close();
  return bytes;
}

test('OPS-2: photographs are checked by content, made anew without metadata, and served with their words', async () => {
  const manager = staff['monument-manager'], address = at('conciergerie', '/photos');
  const fields = async () => ({ alt_fr: 'La façade sur la Seine', alt_en: 'The front on the Seine', credit: '© Atelier',
    cle: (await manager.get(address)).text.match(/name="cle" value="([^"]+)"/)[1] });
  for (const bad of [undefined, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    Buffer.from('%PDF-1.7'), (await picture(800, 600)).subarray(0, 3000), await picture(300, 200)]) {
    const refused = await upload(manager, address, await fields(), bad);
    assert.equal(refused.status, 422);
    assert.match(refused.text, /value="La façade sur la Seine"/);
    assert.match(refused.text, /id="f-fichier-error"/);
  }
  const plain = await picture(2400, 1600);
  const exif = Buffer.concat([plain.subarray(0, 2), Buffer.from([0xff, 0xe1, 0, 20]), Buffer.from('Exif\0\0SECRETCAMERA'), plain.subarray(2)]);
  const sent = await fields();
  assert.equal((await upload(manager, address, sent, exif)).status, 303);
  assert.equal((await upload(manager, address, sent, exif)).status, 303, 'the same form again adds nothing');
  const page = await buyer.get('/fr/monuments/conciergerie');
  assert.equal([...page.text.matchAll(/src="\/photos\//g)].length, 1);
  assert.match(page.text, /alt="La façade sur la Seine"/);
  assert.match((await buyer.get('/en/monuments/conciergerie')).text, /alt="The front on the Seine"/);
  const [source] = page.text.match(/\/photos\/[^"]+/);
  const photo = await buyer.get(source);
  assert.equal(photo.status, 200);
  assert.equal(photo.headers.get('content-type'), 'image/jpeg');
  assert.match(photo.headers.get('cache-control'), /immutable/);
  assert.ok(!photo.bytes.includes('SECRETCAMERA'));
  assert.equal((await buyer.get(source, { headers: { 'if-none-match': photo.headers.get('etag') } })).status, 304);
  assert.equal((await buyer.get(source.replace(/-[0-9a-f]+/, '-00000000000000000000'))).status, 404);
  assert.match((await buyer.get('/fr/monuments?q=conciergerie')).text, /photos\/\d+-[0-9a-f]+-carte\.jpg" alt="La façade/);
  const list = await manager.get(address);
  assert.equal((await send(manager, list, list.text.match(/photos\/\d+\/supprimer/)[0])).status, 303);
  assert.equal((await buyer.get(source)).status, 404);
});

/* ---- the network ---- */

test('TASK_SETTINGS: settings are checked, kept and noted with what was before', async () => {
  const boss = staff.administrator;
  const refused = await send(boss, await boss.get('/fr/service/reglages/seller.iban'), '/seller.iban', { valeur: 'FR76 1234' });
  assert.equal(refused.status, 422);
  assert.match(wordsOf(refused.text), /Ce n’est pas un IBAN/);
  assert.match(refused.text, /value="FR76 1234"/);
  assert.equal((await send(boss, await boss.get('/fr/service/reglages/cart.hold_minutes'), '/cart.hold_minutes', { valeur: '25' })).status, 303);
  const all = await boss.get('/fr/service/reglages');
  assert.match(wordsOf(all.text), /Minutes pendant lesquelles un panier garde ses places cart\.hold_minutes 25 modifié/);
  for (const [, label, key] of all.text.matchAll(/<th scope="row">([^<]+)<br><span class="small muted number">([^<]+)/g))
    assert.notEqual(label, key, `${key} has its words`);
  assert.equal((await send(boss, await boss.get('/fr/service/reglages/cart.hold_minutes'), '/reinitialiser')).status, 303);
  assert.equal((await boss.get('/fr/service/reglages/none')).status, 404);
});

test('CRT-2: a new version of the terms of sale takes effect on its day', async () => {
  const boss = staff.administrator, page = await boss.get('/fr/service/textes/nouveau?texte=terms');
  const text = { texte: 'terms', version: '2027-02', du: dayAhead(guichet, 30), corps_fr: '## Nouvelles conditions\n\nArticle neuf.',
    corps_en: '## New terms\n\nA new article.' };
  assert.equal((await send(boss, page, '/textes/nouveau', { ...text, du: dayAhead(guichet, -1) })).status, 422);
  assert.equal((await send(boss, page, '/textes/nouveau', text)).status, 303);
  assert.match(wordsOf((await boss.get('/fr/service/textes')).text), /Conditions générales de vente 2027-02 .* Annoncée/);
  assert.doesNotMatch((await buyer.get('/fr/cgv')).text, /Article neuf/);
  assert.match((await buyer.get('/fr/cgv?version=2027-02')).text, /Article neuf/);
});

test('OPS-2: monuments and legal texts are imported, whole or nothing, and twice the same changes nothing', async () => {
  const file = path.join(guichet.data, 'import.csv'), text = path.join(guichet.data, 'terms.txt');
  const heading = 'slug;name;city;department;region;kind;description_fr;description_en;latitude;longitude;hours_summer;' +
    'hours_winter;closing_days;full_rate_eur;group_rate_eur;slot_booking;contact_email;contact_phone\n';
  const row = 'fort-neuf;Fort Neuf;Brest;Finistère;Bretagne;fort;Un fort.;A fort.;48.38;-4.49;10:00-18:00;closed;05-01;8.00;;' +
    'no;fort@monuments.example;02 61 91 10 10\n';
  await writeFile(file, heading + row.replace('48.38', '4838') + row.replace('10:00-18:00', 'always'));
  const refused = await guichet.command('monuments', 'import', file);
  assert.equal(refused.code, 1);
  assert.match(refused.out, /line 2, column latitude/);
  assert.match(refused.out, /line 3, column hours_summer/);
  assert.equal((await buyer.get('/fr/monuments/fort-neuf')).status, 404);
  await writeFile(file, heading + row);
  assert.match((await guichet.command('monuments', 'import', file, '--check')).out, /1 added.*nothing was written/);
  assert.match((await guichet.command('monuments', 'import', file)).out, /1 added/);
  assert.match((await guichet.command('monuments', 'import', file)).out, /1 the same/);
  assert.match(wordsOf((await buyer.get('/fr/monuments/fort-neuf')).text), /Fort Neuf.*8,00 €/);
  await writeFile(text, '## Conditions\n\nUn article importé.\n');
  const words = ['texts', 'import', 'privacy', 'fr', 'import-1', dayAhead(guichet, 0), text];
  assert.match((await guichet.command(...words)).out, /added/);
  assert.match((await guichet.command(...words)).out, /never changes/);
  assert.match((await buyer.get('/fr/confidentialite?version=import-1')).text, /Un article importé/);
  assert.equal((await guichet.command('monuments', 'import')).code, 2);
});

/* ---- in a browser ---- */

async function staffPage(role, options = {}) {
  const page = await newPage(guichet, { bypassCSP: true, ...options }), account = demoStaff(guichet, role);
  await page.goto('/fr/service/connexion');
  await page.getByLabel('Adresse e-mail').fill(account.email);
  await page.getByLabel('Mot de passe', { exact: true }).fill(account.password);
  await page.locator('main').getByRole('button', { name: 'Se connecter' }).click();
  await guichet.clock.advance(61);
  await page.getByLabel('Code').fill(await freshCode(guichet, account));
  await page.locator('main').getByRole('button', { name: 'Se connecter' }).click();
  await page.waitForURL('**/service');
  return page;
}

test('OPS-2: a season from nothing to slots, by keyboard and without JavaScript', async () => {
  const page = await staffPage('monument-manager', { javaScriptEnabled: false });
  await page.getByRole('link', { name: 'Monuments', exact: true }).first().click();
  await page.getByRole('link', { name: 'Conciergerie' }).click();
  await page.getByRole('link', { name: 'Planning' }).click();
  await page.getByRole('link', { name: 'Nouvelle exception' }).click();
  await page.getByLabel('Nom', { exact: true }).fill('Soirée');
  await page.getByLabel('Premier jour').fill(dayAhead(guichet, 50));
  await page.getByLabel('Dernier jour').fill(dayAhead(guichet, 51));
  await page.getByLabel('tout de suite').check();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Horaires' }).waitFor();
  await page.getByLabel('Premier départ').fill('20:00');
  await page.getByLabel('Dernier départ').fill('21:00');
  await page.getByLabel('Places par créneau').fill('25');
  await page.keyboard.press('Enter');
  await page.getByText('L’horaire est ajouté.').waitFor();
  await page.getByRole('link', { name: 'Voir ce qui changera' }).click();
  await page.getByRole('button', { name: 'Appliquer ces changements' }).press('Enter');
  await page.getByText('Les créneaux sont à jour.').waitFor();
  await page.goto(at('conciergerie', `/planning/jour/${dayAhead(guichet, 50)}`));
  for (const time of ['20:00', '20:30', '21:00'])
    assert.equal(await page.getByRole('rowheader', { name: time }).count(), 1, time);
  await page.context().close();
});

test('OPS-2: the printed day sheet is the sheet alone', async () => {
  const page = await staffPage('monument-manager');
  await page.goto(at('conciergerie', `/journee?jour=${heldDay}`));
  await page.emulateMedia({ media: 'print' });
  for (const hidden of ['.site-header', '.crumbs', '.work-tabs', '.demo-banner'])
    assert.equal(await page.locator(hidden).isVisible(), false, hidden);
  assert.ok(await page.getByText('Voyages Lumière').first().isVisible());
  assert.ok(await page.getByRole('columnheader', { name: 'Arrivé' }).first().isVisible());
  assert.equal(await page.getByRole('link', { name: /Noter/ }).first().isVisible(), false);
  await page.context().close();
});

test('OPS-2: the pages of a monument and of the network are accessible in every look', async () => {
  const page = await staffPage('monument-manager'), day = heldDay;
  for (const below of ['', '/planning', `/planning/jour/${day}`, '/planning/saisons/nouvelle', '/planning/evenements/nouveau',
    `/planning/mise-a-jour?du=${day}&au=${day}`, `/journee?jour=${day}&tous=1`, `/telephone/nouveau?jour=${day}`, '/telephone', '/tarifs',
    '/fiche', '/photos']) {
    await page.goto(at('conciergerie', below));
    await assertAccessible(page);
    await page.goto(at('conciergerie', below).replace('/fr/', '/en/'));
    await assertAccessible(page);
  }
  assert.deepEqual(page.complaints, []);
  await page.context().close();
  const boss = await staffPage('administrator');
  for (const address of ['/fr/service/monuments', '/en/service/reglages', '/fr/service/reglages/seller.iban', '/fr/service/textes',
    '/en/service/textes/nouveau', '/fr/service/tva', at('arc', '/regles')]) {
    await boss.goto(address);
    await assertAccessible(boss);
  }
  assert.deepEqual(boss.complaints, []);
});
