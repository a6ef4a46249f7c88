// Requests to monuments without slots: asked from the monument's page, answered on the operator's side, paid in one click or
// at the till, under a response timer.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AGENCY, SCHOOL, assertAccessible, closeBrowser, newPage, signedInPage, until } from './kit.mjs';
import { assertSound, dayAhead, formsOf, payAt, send, startShop, untilState, wordsOf } from './purchase_kit.mjs';
import { demoStaff, freshCode, staffSignIn } from './staff_kit.mjs';

const SLUG = 'basilique-saint-denis';
const NAME = 'Basilique cathédrale de Saint-Denis';
const staff = {};
let guichet;
let agency;

before(async () => {
  guichet = await startShop();
  agency = await guichet.signIn(AGENCY);
  for (const role of ['monument-manager', 'customer-service', 'administrator', 'gate-agent', 'accountant'])
    staff[role] = await staffSignIn(guichet, demoStaff(guichet, role));
});
after(async () => {
  await closeBrowser();
  await guichet.stop();
});

// A day on which the monument is open: neither a holiday of its own nor too near.
function openDay(ahead = 20) {
  for (let n = ahead; ; n += 1) {
    const day = dayAhead(guichet, n);
    if (!/-(01-01|05-01|12-25)$/.test(day)) return day;
  }
}

const wish = (changes = {}) => ({ jour: openDay(), de: '10:00', a: '12:00', personnes: '25', public: 'adults',
  accompagnement: 'accompanying', accompagnateur: '', langue: 'en', message: 'Un car de 25 personnes.', ...changes });

async function ask(client, changes, lang = 'fr') {
  const page = await client.get(`/${lang}/monuments/${SLUG}/demande`);
  assert.equal(page.status, 200);
  return send(client, page, '/demande', wish(changes));
}

// Sends a request and gives its reference.
async function asked(client = agency, changes = {}) {
  const answer = await ask(client, changes);
  assert.equal(answer.status, 303, wordsOf(answer.text).slice(0, 500));
  return answer.location.match(/\/demandes\/([0-9A-Z-]{9})$/)[1];
}

const customerPage = (ref, lang = 'fr') => agency.get(`/${lang}/demandes/${ref}`);
const deskPage = (ref, client = staff['monument-manager']) => client.get(`/fr/service/demandes/${ref}`);

async function accepted(changes = {}, fields = {}) {
  const ref = await asked(agency, changes);
  const answer = await send(staff['monument-manager'], await deskPage(ref), '/accepter', { heure: '10:30', ...fields });
  assert.equal(answer.status, 303, wordsOf(answer.text).slice(0, 500));
  return ref;
}

const mailTo = (to, subject, ref) =>
  guichet.mail((m) => m.to === to && subject.test(m.subject) && m.subject.includes(ref), `«${subject}» about ${ref}`);

test('MON-1, MON-2: the monument’s page asks inside the product, and its contact stays', async () => {
  const page = await agency.get(`/fr/monuments/${SLUG}`);
  const text = wordsOf(page.text);
  for (const said of ['Convenir de la date avec le monument', 'Écrire au monument', 'Demander une visite de groupe',
    `reservation.${SLUG}@monuments.example`, 'Payer les billets', 'à la caisse le jour de la visite'])
    assert.ok(text.includes(said), said);
  // What has a planning sends there; a visitor signs in first and comes back.
  assert.match((await agency.get('/fr/monuments/conciergerie/demande')).location, /\/monuments\/conciergerie\/planning$/);
  const visitor = await fetch(`${guichet.url}/fr/monuments/${SLUG}/demande`, { redirect: 'manual' });
  assert.match(visitor.headers.get('location'), /\/fr\/connexion\?retour=/);
});

test('MON-2: asked, accepted, paid in one click, with tickets, invoice and confirmation', async () => {
  const ref = await asked();
  assert.match(wordsOf((await customerPage(ref)).text), /en attente du monument.*Réponse attendue avant le/);
  const told = await mailTo(`reservation.${SLUG}@monuments.example`, /^Nouvelle demande de visite/, ref);
  assert.match(told.text, /25 personnes/);
  assert.match(told.text, /Un car de 25 personnes/);
  assert.match(told.text, new RegExp(`/fr/service/demandes/${ref}`));
  await mailTo(demoStaff(guichet, 'monument-manager').email, /^Nouvelle demande de visite/, ref);

  const manager = staff['monument-manager'];
  const list = await manager.get('/fr/service/demandes');
  assert.ok(wordsOf(list.text).includes(ref));
  const answer = await send(manager, await deskPage(ref), '/accepter', { heure: '10:30', mot: 'Bienvenue !' });
  assert.equal(answer.status, 303);
  const confirmed = await mailTo(AGENCY.email, /^Votre visite est confirmée/, ref);
  assert.equal(confirmed.attachments.length, 1);
  assert.equal(confirmed.attachments[0].filename, `confirmation-${ref}.pdf`);
  assert.match(confirmed.attachments[0].content.toString('latin1').slice(0, 8), /^%PDF-1/);

  const page = await customerPage(ref);
  assert.match(wordsOf(page.text), /Visite confirmée.*à 10:30.*24 × Tarif groupe adulte.*360,00 €/);
  const click = await send(agency, page, '/payer');
  assert.equal(click.status, 303, wordsOf(click.text).slice(0, 500));
  assert.match(click.location, /\/c\/pay\//);
  await payAt(click.location);
  const order = await until(async () => wordsOf((await customerPage(ref)).text).includes('confirmée et payée') &&
    (await customerPage(ref)).text.match(/href="\/fr\/commandes\/([0-9A-Z-]+)"/)?.[1], { what: 'the request being paid' });
  await untilState(agency, order, 'Payée');
  const sold = await agency.get(`/fr/commandes/${order}`);
  assert.match(wordsOf(sold.text), /Télécharger les 25 billets|25 billets/);
  assert.match(sold.text, /facture\.pdf/);
  const sheet = await agency.get(`/en/demandes/${ref}/confirmation`);
  assert.match(wordsOf(sheet.text), new RegExp(`Booking confirmation ${ref}.*Valid only on .* at 10:30.*Paid online, order ${order}`));
  const pdf = await agency.get(`/fr/demandes/${ref}/confirmation.pdf`);
  assert.equal(pdf.headers.get('content-type'), 'application/pdf');
  await mailTo(demoStaff(guichet, 'monument-manager').email, /du nouveau/, ref);
  await assertSound(guichet);
});

test('OPS-2, MON-2: a visit that was agreed stands on the day sheet of its monument', async () => {
  const ref = await accepted();
  const manager = staff['monument-manager'];
  const hub = (await manager.get('/fr/service/monuments')).text;
  const id = [...hub.matchAll(/href="\/fr\/service\/monuments\/(\d+)"[\s\S]*?<\/a>/g)].find((m) => m[0].includes(NAME))[1];
  const sheet = await manager.get(`/fr/service/monuments/${id}/journee?jour=${openDay()}`);
  assert.match(wordsOf(sheet.text), new RegExp(`Visites convenues sur demande.*10:30.*${ref}.*25.*À régler`));
  assert.equal((await staff.accountant.get(`/fr/service/monuments/${id}/journee?jour=${openDay()}`)).status, 404);
});

test('MON-2: another time is proposed and taken, without JavaScript, in English', async () => {
  const ref = await asked();
  const day = openDay(30);
  const proposed = await send(staff['monument-manager'], await deskPage(ref), '/proposer',
    { 'jour-propose': day, 'heure-proposee': '15:00', 'mot-proposition': 'Le matin est complet.' });
  assert.equal(proposed.status, 303);
  const mail = await mailTo(AGENCY.email, /propose une autre heure/, ref);
  assert.match(mail.text, /15:00/);
  assert.match(mail.text, /Le matin est complet/);

  const page = await signedInPage(guichet, { javaScriptEnabled: false });
  await page.goto(`/en/demandes/${ref}`);
  await page.getByRole('button', { name: 'Accept this time' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('status').filter({ hasText: 'the visit is confirmed' }).waitFor();
  await page.getByRole('heading', { name: /Visit confirmed: .* at 15:00/ }).waitFor();
  await page.getByRole('button', { name: 'Pay at the till on the day of the visit' }).press('Enter');
  await page.getByText('confirmed, to be paid at the till').first().waitFor();
  await page.context().close();
  assert.match(wordsOf((await agency.get(`/fr/demandes/${ref}/confirmation`)).text), /À payer à la caisse/);
});

test('MON-2: declined with words; both sides write; the customer withdraws', async () => {
  const manager = staff['monument-manager'];
  const ref = await asked();
  const without = await send(manager, await deskPage(ref), '/decliner', { motif: '' });
  assert.equal(without.status, 422);
  assert.match(without.text, /id="f-motif"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*id="f-motif"/s);
  assert.equal((await send(agency, await customerPage(ref), '/message', { message: 'Avec deux fauteuils roulants.' })).status, 303);
  await mailTo(demoStaff(guichet, 'monument-manager').email, /un message/, ref);
  assert.match(wordsOf((await deskPage(ref)).text), /Avec deux fauteuils roulants/);
  assert.equal((await send(manager, await deskPage(ref), '/message', { message: 'Un instant, je vérifie.' })).status, 303);
  assert.match(wordsOf((await customerPage(ref)).text), /Un instant, je vérifie/);
  assert.equal((await send(manager, await deskPage(ref), '/decliner', { motif: 'Travaux ce jour-là.' })).status, 303);
  assert.match((await mailTo(AGENCY.email, /est déclinée/, ref)).text, /Travaux ce jour-là/);
  const end = await customerPage(ref);
  assert.match(wordsOf(end.text), /déclinée.*Travaux ce jour-là/);
  assert.ok(!formsOf(end.text).some((form) => /retirer|payer|accepter/.test(form.action)));

  const other = await asked();
  assert.equal((await send(agency, await customerPage(other), '/retirer')).status, 303);
  assert.match(wordsOf((await customerPage(other)).text), /retirée/);
});

test('MON-2: two people at once: one wins, the other is told', async () => {
  const ref = await asked();
  const manager = staff['monument-manager'];
  const before = await deskPage(ref);
  const theirs = await deskPage(ref, staff['customer-service']);
  const own = await customerPage(ref);
  assert.equal((await send(staff['customer-service'], theirs, '/accepter', { heure: '11:00' })).status, 303);
  const late = await send(manager, before, '/decliner', { motif: 'Complet.' });
  assert.equal(late.status, 409);
  assert.match(wordsOf(late.text), /Quelqu’un a été plus rapide.*/);
  assert.match(wordsOf(late.text), /confirmée/);
  assert.equal((await send(agency, own, '/retirer')).status, 409);
  assert.match(wordsOf((await customerPage(ref)).text), /Visite confirmée.*à 11:00/);
  // The winner's form sent again changes nothing and is no error.
  assert.equal((await send(staff['customer-service'], theirs, '/accepter', { heure: '11:00' })).status, 303);
});

test('MON-2: what cannot be is said beside its field, and what was typed stays', async () => {
  const cases = [[{ jour: dayAhead(guichet, 1) }, 'jour', /au moins 3 jours plus tard/],
    [{ jour: `${Number(openDay().slice(0, 4)) + 1}-05-01` }, 'jour', /fermé ce jour-là/],
    [{ de: '19:00', a: '20:00' }, 'de', /pas ouvert dans cette plage/],
    [{ a: '09:00' }, 'de', /sa fin vient avant son début/],
    [{ personnes: '0' }, 'personnes', /1/],
    [{ jour: '' }, 'jour', /./]];
  for (const [changes, field, words] of cases) {
    const answer = await ask(agency, changes);
    assert.equal(answer.status, 422, JSON.stringify(changes));
    const error = answer.text.match(new RegExp(`id="f-${field}-error">([^<]*)<`))?.[1];
    assert.match(wordsOf(error ?? ''), words, JSON.stringify(changes));
    assert.match(answer.text, /Un car de 25 personnes\./);
    assert.match(answer.text, /<title>Erreur/);
  }
  // Accepted only inside the window that was asked for.
  const ref = await asked();
  const outside = await send(staff['monument-manager'], await deskPage(ref), '/accepter', { heure: '16:00', mot: 'Plus tard ?' });
  assert.equal(outside.status, 422);
  assert.match(outside.text, /id="f-heure-error"/);
  assert.match(outside.text, /Plus tard \?/);
});

test('MON-2: schools ask too, and pay at the till', async () => {
  const ref = await accepted({ public: 'school' });
  const page = await customerPage(ref);
  assert.match(wordsOf(page.text), /à payer à la caisse/);
  assert.ok(!formsOf(page.text).some((form) => form.action.endsWith('/payer')));
});

test('MON-2: the accompanying person is written to when named', async () => {
  const form = await agency.get(`/fr/monuments/${SLUG}/demande`);
  const guide = form.text.match(/<option value="(\d+)"[^>]*>Irène Valmont/)[1];
  assert.doesNotMatch(form.text, />Guide Type</);
  const ref = await accepted({ accompagnement: 'guide', accompagnateur: guide });
  const mail = await mailTo('irene.valmont@guides.example', /^Vous accompagnez une visite/, ref);
  assert.equal(mail.attachments.length, 1);
  assert.match(mail.text, /Voyages Lumière/);
});

test('MON-2, OPS-7: nobody sees what is not theirs', async () => {
  const ref = await asked();
  const school = await guichet.signIn(SCHOOL);
  for (const address of [ref, `${ref}/confirmation`, `${ref}/confirmation.pdf`])
    assert.equal((await school.get(`/fr/demandes/${address}`)).status, 404, address);
  await school.get('/fr/demandes');
  for (const act of ['accepter', 'decliner', 'retirer', 'caisse', 'message', 'payer'])
    assert.equal((await school.post(`/fr/demandes/${ref}/${act}`, { cle: 'abcdefgh', tour: '1', message: 'x' })).status, 404, act);
  for (const role of ['administrator', 'gate-agent', 'accountant'])
    for (const address of ['demandes', `demandes/${ref}`])
      assert.equal((await staff[role].get(`/fr/service/${address}`)).status, 404, `${role} ${address}`);
  // Another monument's request is not there for this manager.
  const elsewhere = await agency.get('/fr/monuments/pantheon/demande');
  const other = await send(agency, elsewhere, '/demande', wish());
  assert.equal(other.status, 303, wordsOf(other.text).slice(0, 300));
  const theirs = other.location.match(/demandes\/(.*)$/)[1];
  assert.equal((await deskPage(theirs)).status, 404);
  assert.equal((await staff['monument-manager'].post(`/fr/service/demandes/${theirs}/decliner`, { motif: 'x', cle: 'abcdefgh', tour: '1' })).status, 404);
  assert.ok(!wordsOf((await staff['monument-manager'].get('/fr/service/demandes')).text).includes(theirs));
  assert.equal((await deskPage(theirs, staff['customer-service'])).status, 200);
  assert.equal((await agency.get('/fr/demandes/XXXX-XXXX')).status, 404);
});

test('MON-2: the pages are accessible in every look', async () => {
  const proposed = await asked();
  await send(staff['monument-manager'], await deskPage(proposed), '/proposer',
    { 'jour-propose': openDay(30), 'heure-proposee': '15:00' });
  const open = await accepted();
  const page = await signedInPage(guichet, { bypassCSP: true });
  for (const address of [`/fr/monuments/${SLUG}`, `/fr/monuments/${SLUG}/demande`, '/fr/demandes', '/en/demandes', '/fr/commandes',
    `/fr/demandes/${proposed}`, `/fr/demandes/${open}`, `/en/demandes/${open}/confirmation`]) {
    await page.goto(address);
    await assertAccessible(page);
  }
  await page.goto(`/fr/monuments/${SLUG}/demande`);
  await page.getByRole('button', { name: 'Envoyer la demande' }).click();
  await page.getByRole('alert').waitFor();
  await assertAccessible(page, 'the form with errors');
  assert.deepEqual(page.complaints, []);
  await page.context().close();

  const waiting = await asked();
  const desk = await newPage(guichet, { bypassCSP: true });
  const account = demoStaff(guichet, 'monument-manager');
  await desk.goto('/fr/service/connexion');
  await desk.getByLabel('Adresse e-mail').fill(account.email);
  await desk.getByLabel('Mot de passe', { exact: true }).fill(account.password);
  await desk.locator('main').getByRole('button', { name: 'Se connecter' }).click();
  await guichet.clock.advance(61);
  await desk.getByLabel('Code').fill(await freshCode(guichet, account));
  await desk.locator('main').getByRole('button', { name: 'Se connecter' }).click();
  await desk.waitForURL('**/service');
  await desk.getByRole('link', { name: 'Demandes de visite' }).first().click();
  await desk.getByRole('heading', { name: 'Demandes de visite', level: 1 }).waitFor();
  await assertAccessible(desk);
  await desk.goto(`/en/service/demandes/${waiting}`);
  for (const closed of await desk.locator('details').all()) await closed.evaluate((element) => { element.open = true; });
  await assertAccessible(desk);
  await desk.goto(`/fr/service/demandes/${waiting}`);
  await desk.getByText('Décliner', { exact: true }).first().press('Enter');
  await desk.getByRole('button', { name: 'Décliner la demande' }).click();
  await desk.getByRole('alert').waitFor();
  await assertAccessible(desk, 'an answer with an error');
  assert.deepEqual(desk.complaints, []);
});

// Last: the clock goes on for days, and everybody's sessions end.
test('MON-2: a reminder, then customer service, each once', async () => {
  const ref = await asked();
  const contact = `reservation.${SLUG}@monuments.example`;
  await guichet.clock.advance(5 * 86400);
  const escalated = await guichet.mail((m) => /sans réponse/.test(m.subject) && m.subject.includes(ref), 'the escalation');
  assert.match(escalated.to, /^billetterie\.reservations-groupes@/);
  const service = await staffSignIn(guichet, demoStaff(guichet, 'customer-service'));
  const list = wordsOf((await service.get('/fr/service/demandes')).text);
  assert.match(list, /sans réponse dans le délai/);
  assert.ok(list.indexOf('sans réponse dans le délai') < list.indexOf('en attente du client') || !list.includes('en attente du client'));
  assert.equal((await guichet.mails()).filter((m) => m.to === contact && /^Rappel/.test(m.subject) && m.subject.includes(ref)).length, 0,
    'after a standstill customer service alone is told');
  assert.equal((await send(service, await deskPage(ref, service), '/accepter', { heure: '10:30' })).status, 303);
  await assertSound(guichet);
});
