// What customer service does for one customer: acting on their behalf, notes, options, mails, corrections, and what the
// administrator reads of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AGENCY, SCHOOL, assertAccessible, closeBrowser, linkIn, newPage, signedInPage, until } from './kit.mjs';
import { clear, formsOf, hold, newestOrder, optionIds, payAt, send, startShop, untilState, validate, wordsOf } from './purchase_kit.mjs';
import { demoStaff, freshCode, staffSignIn } from './staff_kit.mjs';

let guichet;
let desk; // customer service
let administrator;
let buyer;
let home; // the customer's page on the operator's side

before(async () => {
  guichet = await startShop();
  buyer = await guichet.signIn(AGENCY);
  desk = await staffSignIn(guichet, demoStaff(guichet, 'customer-service'));
  administrator = await staffSignIn(guichet, demoStaff(guichet, 'administrator'));
  const found = await desk.get('/fr/service/recherche?q=lumiere');
  home = found.text.match(/href="(\/fr\/service\/organisations\/\d+)"/)[1];
});
after(async () => {
  await closeBrowser();
  await guichet.stop();
});

async function beginActing(client = desk, why = 'Demande par téléphone') {
  const page = await client.get(`${home}/agir`);
  assert.equal(page.status, 200);
  const answer = await send(client, page, '/agir', { motif: why });
  assert.equal(answer.status, 303);
  return client.get(answer.location);
}

async function endActing(client = desk) {
  const page = await client.get('/fr/monuments');
  const answer = await send(client, page, '/agir/terminer');
  assert.equal(answer.status, 303);
  assert.equal(answer.location, home);
}

const MEMBER_PASSWORD = 'une phrase de passage';

// A new member of the customer's organisation, signed in.
async function join(email, role) {
  await buyer.get('/fr/client/membres');
  assert.equal((await buyer.post('/fr/client/membres', { courriel: email, role, langue: 'fr' })).status, 303);
  const link = linkIn(await guichet.mail((m) => m.to === email, 'the invitation'), 'invitation');
  const guest = guichet.client();
  await guest.get(link);
  const answer = await guest.post(link, { prenom: 'Paul', nom: 'Partant', telephone: '01 99 00 12 12', motdepasse: MEMBER_PASSWORD });
  assert.equal(answer.status, 303);
  return guichet.signIn({ email, password: MEMBER_PASSWORD });
}

const banner = (answer) => wordsOf(answer.text.match(/<aside class="acting".*?<\/aside>/s)?.[0] ?? '');

async function placedByDesk(days = 12) {
  await beginActing();
  await hold(guichet, desk, 'conciergerie', 10, { ahead: days });
  const [id] = optionIds(await desk.get('/fr/options'));
  await endActing();
  return id;
}

test('OPS-1: acting needs a reason, and stands on every page until it ends', async () => {
  const refused = await send(desk, await desk.get(`${home}/agir`), '/agir', { motif: ' ' });
  assert.equal(refused.status, 422);
  assert.equal((await desk.get('/fr/options')).status, 303, 'the operator’s cookie opens nothing of a customer’s by itself');
  const first = await beginActing();
  assert.match(banner(first), /Vous agissez pour Voyages Lumière \(Claire Fontaine\) +Terminer/);
  for (const address of ['/fr/', '/fr/monuments', '/fr/options', '/fr/panier', '/fr/commandes', '/fr/client', '/fr/client/accompagnateurs',
    '/fr/aide', '/fr/nulle-part', '/fr/service', home])
    assert.match(banner(await desk.get(address)), /Vous agissez pour Voyages Lumière/, address);
  assert.match(banner(await desk.get('/en/options')), /You are acting for Voyages Lumière \(Claire Fontaine\) +Stop/);
  await endActing();
  assert.equal(banner(await desk.get('/fr/monuments')), '');
  assert.equal((await desk.get('/fr/options')).status, 303);
});

test('OPS-1: what is the customer’s own is refused while acting: password, sessions, second factor, signing in', async () => {
  await beginActing();
  for (const address of ['client/mot-de-passe', 'client/personne', 'client/securite', 'client/quitter', 'connexion', 'inscription']) {
    const answer = await desk.get(`/fr/${address}`);
    assert.equal(answer.status, 403, address);
    assert.match(wordsOf(answer.text), /Pas au nom d’un client/);
  }
  const client = await desk.get('/fr/client');
  assert.equal(client.status, 200);
  assert.doesNotMatch(client.text, /mot-de-passe|client\/personne|client\/securite|sessions\//);
  for (const address of ['client/mot-de-passe', 'client/securite/activer', 'client/sessions/fermer', 'deconnexion', 'connexion'])
    assert.equal((await desk.post(`/fr/${address}`)).status, 403, address);
  await endActing();
});

test('OPS-1: an option placed on behalf is shown to the customer as by customer service, and carries the reason', async () => {
  await clear(buyer);
  const id = await placedByDesk();
  const options = await buyer.get('/fr/options');
  assert.ok(optionIds(options).includes(id));
  assert.match(wordsOf(options.text), /Par le service clients/);
  const mail = await guichet.mail((m) => m.to === AGENCY.email && /option/i.test(m.subject), 'the mail about the option');
  assert.match(mail.text, /Bonjour/);
  const timeline = wordsOf((await desk.get(home)).text);
  assert.match(timeline, /Option posée.*Motif : Demande par téléphone/s);
  assert.match(timeline, /Karim Haddad/);
});

test('OPS-1: an order placed on behalf is paid by the customer, who gets the link by mail', async () => {
  await clear(buyer);
  await beginActing();
  await hold(guichet, desk, 'conciergerie', 9, { cart: true, ahead: 20 });
  const placed = await validate(desk);
  assert.equal(placed.status, 303);
  assert.match(placed.location, /^\/fr\/commandes\//, 'not to the provider');
  const ref = await newestOrder(desk);
  const page = await desk.get(`/fr/commandes/${ref}`);
  assert.doesNotMatch(page.text, /\/payer"/);
  assert.equal((await desk.post(`/fr/commandes/${ref}/payer`)).status, 403, 'nor by a form of one’s own');
  await endActing();
  const mail = await guichet.mail((m) => m.to === AGENCY.email && m.subject.includes(ref), 'the way to the payment');
  assert.equal(linkIn(mail, 'commandes'), `/fr/commandes/${ref}`);
  const own = await buyer.get(`/fr/commandes/${ref}`);
  assert.match(wordsOf(own.text), /Par le service clients/);
  const pay = await send(buyer, own, '/payer');
  await payAt(pay.location);
  await untilState(buyer, ref, 'Payée');
  const seen = await desk.get(`/fr/service/commandes/${ref}`);
  assert.equal(seen.status, 200);
  const text = wordsOf(seen.text);
  for (const said of ['Payée', '9 billets', 'Lien de paiement envoyé', 'Karim Haddad', 'Conciergerie', AGENCY.email])
    assert.ok(text.includes(said), said);
});

test('OPS-1: a customer’s session in the same browser does not mix with acting', async () => {
  await clear(buyer);
  const both = await guichet.signIn(SCHOOL);
  const [name, value] = [...desk.cookies].find(([cookie]) => cookie === 'guichet_service');
  assert.match(wordsOf((await both.get('/fr/client')).text), /Jean-Vilar/i);
  both.cookies.set(name, value);
  assert.match(wordsOf((await both.get('/fr/client')).text), /Jean-Vilar/i, 'a session that acts for nobody changes nothing');
  const form = await both.get('/fr/client/organisation');
  await beginActing();
  assert.match(wordsOf((await both.get('/fr/client')).text), /Voyages Lumière/);
  const late = await send(both, form, '/client/organisation', { organisation: 'Collège échangé' });
  assert.equal(late.status, 403, 'a form of before is not sent in another’s name');
  await endActing();
  assert.match(wordsOf((await both.get('/fr/client')).text), /Jean-Vilar/i, 'as it was');
  assert.doesNotMatch(wordsOf((await both.get('/fr/client')).text), /échangé/);
});

test('OPS-1: notes are added to the line of time, once, and never changed', async () => {
  const page = await desk.get(`${home}/note`);
  assert.equal((await send(desk, page, '/note', { note: '' })).status, 422);
  for (let i = 0; i < 2; i += 1)
    assert.equal((await send(desk, page, '/note', { note: 'Rappeler lundi <b>matin</b>' })).status, 303);
  const seen = await desk.get(home);
  assert.equal(seen.text.match(/Rappeler lundi &lt;b&gt;matin/g).length, 1);
  assert.doesNotMatch(seen.text, /note\/\d+/, 'nothing leads to changing one');
});

test('OPT-7: customer service extends an option within its bounds, with a reason that the customer reads', async () => {
  await clear(buyer);
  const id = await placedByDesk(80); // its life of 60 days ends long before the last moment to confirm
  const address = `${home}/options/${id}`;
  const page = await desk.get(address);
  assert.equal(page.status, 200);
  assert.equal((await send(desk, page, '/prolonger', { motif: '' })).status, 422);
  const early = await send(desk, page, '/prolonger', { motif: 'Groupe incertain', jour: '2026-11-24' });
  assert.equal(early.status, 422);
  assert.match(wordsOf(early.text), /fin plus tardive/);
  const late = await send(desk, page, '/prolonger', { motif: 'Groupe incertain', heure: '23:59' });
  assert.equal(late.status, 422);
  assert.match(wordsOf(late.text), /cochez la case/);
  assert.equal((await send(desk, page, '/prolonger', { motif: 'Groupe incertain' })).status, 303);
  const mail = await guichet.mail((m) => m.to === AGENCY.email && /prolongée/.test(m.subject), 'the mail');
  assert.match(mail.text, /Groupe incertain/);
  const timeline = wordsOf((await desk.get(home)).text);
  assert.match(timeline, /Option prolongée.*Motif : Groupe incertain Avant : \d{4}-\d\d-\d\d \d\d:\d\d – Après : \d{4}/s);
});

test('OPS-1: customer service cancels an option, and its holder is told why', async () => {
  await clear(buyer);
  const id = await placedByDesk(14);
  const page = await desk.get(`${home}/options/${id}`);
  assert.equal((await send(desk, page, '/annuler', { motif: '' })).status, 422);
  assert.equal((await send(desk, page, '/annuler', { motif: 'Doublon' })).status, 303);
  assert.ok(!optionIds(await buyer.get('/fr/options')).includes(id));
  assert.match((await guichet.mail((m) => m.to === AGENCY.email && /annulée/.test(m.subject), 'the mail')).text, /Doublon/);
  assert.match(wordsOf((await desk.get(`${home}/options/${id}`)).text), /plus en cours/);
  assert.equal((await desk.get(`${home.replace(/\d+$/, '2')}/options/${id}`)).status, 404, 'of another organisation');
});

test('OPS-1: any mail of the line of time is sent again; a link is made anew', async () => {
  const count = async () => (await guichet.mails()).filter((m) => m.to === AGENCY.email).length;
  const link = (await desk.get(home)).text.match(/href="([^"]*\/courriels\/\d+\/renvoyer)"/)[1];
  const mailsBefore = await count();
  const page = await desk.get(link);
  assert.equal((await send(desk, page, '/renvoyer', { motif: '' })).status, 422);
  for (let i = 0; i < 2; i += 1) // a double click sends once
    assert.equal((await send(desk, page, '/renvoyer', { motif: 'Courriel égaré' })).status, 303);
  await until(async () => await count() > mailsBefore, { what: 'the mail again' });
  assert.equal(wordsOf((await desk.get(home)).text).match(/Motif : Courriel égaré/g).length, 1);

  await buyer.get('/fr/client/membres');
  const email = 'renvoi@voyages-lumiere.example';
  assert.equal((await buyer.post('/fr/client/membres', { courriel: email, role: 'read-only', langue: 'fr' })).status, 303);
  const old = linkIn(await guichet.mail((m) => m.to === email, 'the invitation'), 'invitation');
  const line = (await desk.get(home)).text.split('<li>').find((one) => one.includes(email) && one.includes('/renvoyer'));
  const again = await desk.get(line.match(/href="([^"]*\/renvoyer)"/)[1]);
  assert.match(wordsOf(again.text), /lien est refait/);
  assert.equal((await send(desk, again, '/renvoyer', { motif: 'Égaré' })).status, 303);
  const fresh = linkIn(await guichet.mail((m) => m.to === email && linkIn(m, 'invitation') !== old, 'the new one'), 'invitation');
  assert.equal((await guichet.client().get(old)).status, 404);
  assert.equal((await guichet.client().get(fresh)).status, 200);
});

test('OPS-1: a customer’s data is corrected with a reason, before and after; the e-mail stays', async () => {
  const page = await desk.get(`${home}/corriger`);
  assert.equal((await send(desk, page, '/corriger', { ville: 'Lyon' })).status, 422, 'no reason');
  const wrong = await send(desk, page, '/corriger', { ville: '', motif: 'Déménagement' });
  assert.equal(wrong.status, 422);
  assert.match(wrong.text, /Déménagement/, 'what was typed stays');
  assert.equal((await send(desk, page, '/corriger', { ville: 'Lyon', motif: 'Déménagement' })).status, 303);
  assert.match(wordsOf((await desk.get(home)).text), /Organisation corrigée.*Motif : Déménagement Avant : ville : Paris – Après : ville : Lyon/s);
  assert.match(wordsOf((await buyer.get('/fr/client')).text), /Lyon/);
  const person = (await desk.get(home)).text.match(/href="([^"]*\/personnes\/\d+\/corriger)"/)[1];
  const form = await desk.get(person);
  assert.doesNotMatch(form.text, /name="courriel"/);
  assert.equal((await send(desk, form, '/corriger', { telephone: '01 99 00 77 77', motif: 'Nouveau numéro' })).status, 303);
  assert.match(wordsOf((await desk.get(home)).text), /Personne corrigée.*téléphone/s);
});

test('ACC-6: a customer’s lost second factor is taken off with a reason', async () => {
  const account = { ...AGENCY };
  const own = await guichet.signIn(account);
  await own.get('/fr/client/securite');
  const setup = await own.post('/fr/client/securite/activer', { motdepasse: account.password });
  account.secret = setup.text.match(/<code class="factor-secret"[^>]*>([^<]*)/)[1].replaceAll(' ', '');
  assert.equal((await own.post('/fr/client/securite/confirmer', { code: await freshCode(guichet, account) })).status, 200);
  const visitor = guichet.client();
  await visitor.get('/fr/connexion');
  assert.equal((await visitor.post('/fr/connexion', { courriel: account.email, motdepasse: account.password })).status, 200, 'a code is asked');
  const page = await administrator.get(home);
  const address = page.text.match(/href="([^"]*\/double-authentification)"/)[1];
  const form = await administrator.get(address);
  assert.equal((await send(administrator, form, '/double-authentification', { motif: '' })).status, 422);
  assert.equal((await send(administrator, form, '/double-authentification', { motif: 'Téléphone volé, rappelé au numéro connu' })).status, 303);
  assert.equal((await own.get('/fr/client')).status, 303, 'open sessions ended');
  buyer = await guichet.signIn(AGENCY);
});

test('OPS-1: a monument and a day are found in the search box, with groups and orders', async () => {
  await clear(buyer);
  const slot = await hold(guichet, buyer, 'conciergerie', 10, { ahead: 25 });
  const [year, month, day] = slot.day.split('-');
  for (const text of [`conciergerie ${slot.day}`, `Conciergerie, ${day}/${month}/${year}`]) {
    const found = await desk.get(`/fr/service/recherche?q=${encodeURIComponent(text)}`);
    assert.match(found.text, new RegExp(`/fr/service/creneaux/conciergerie/${slot.day}`), text);
  }
  const page = await desk.get(`/fr/service/creneaux/conciergerie/${slot.day}`);
  assert.match(wordsOf(page.text), /Voyages Lumière 10 option/);
  assert.equal((await desk.get('/fr/service/creneaux/nulle-part/2026-12-12')).status, 404);
  assert.equal((await desk.get('/fr/service/creneaux/conciergerie/demain')).status, 404);
});

test('OPS-7: the audit is the administrator’s: who, when, why, before and after, by period and person', async () => {
  const all = await administrator.get('/fr/service/audit');
  assert.equal(all.status, 200);
  assert.match(wordsOf(all.text), /Organisation corrigée.*Karim Haddad.*Déménagement.*Avant : ville : Paris – Après : ville : Lyon/s);
  const own = await administrator.get(`/fr/service/audit?du=2026-01-01&au=2030-01-01&courriel=${AGENCY.email}`);
  assert.match(wordsOf(own.text), /pour Claire Fontaine/);
  assert.doesNotMatch(wordsOf(own.text), /Connexion du personnel/);
  assert.match(wordsOf((await administrator.get('/fr/service/audit?du=2026-01-01&au=2026-01-02')).text), /Aucune action/);
  assert.equal((await administrator.get('/fr/service/audit?du=2026-02-01&au=2026-01-01')).status, 422);
  assert.equal((await desk.get('/fr/service/audit')).status, 404);
});

test('OPS-7: acts of the desk are for customer service alone', async () => {
  const others = { 'monument-manager': null, 'gate-agent': null, accountant: null };
  for (const role of Object.keys(others)) others[role] = await staffSignIn(guichet, demoStaff(guichet, role));
  const paths = ['agir', 'corriger', 'personnes/1/corriger', 'courriels/1/renvoyer', 'personnes/1/double-authentification'];
  for (const [role, client] of Object.entries(others))
    for (const path of paths) {
      assert.equal((await client.get(`${home}/${path}`)).status, 404, `${role} ${path}`);
      assert.equal((await client.post(`${home}/${path}`, { motif: 'x' })).status, 404, `${role} ${path}`);
    }
  for (const role of ['monument-manager', 'gate-agent'])
    assert.equal((await others[role].get('/fr/service/commandes/K7Q2-XD4M')).status, 404, role);
  const seen = await others.accountant.get(home);
  assert.doesNotMatch(seen.text, /\/agir"|\/corriger"|\/renvoyer"/, 'no button that leads nowhere');
  assert.match(seen.text, /\/note"/);
});

test('OPS-7: one’s own access: password, recovery codes, sessions', async () => {
  const account = demoStaff(guichet, 'gate-agent');
  await guichet.clock.advance(61); // its last code was used
  const first = await staffSignIn(guichet, account);
  const second = await staffSignIn(guichet, account);
  const page = await second.get('/fr/service/compte');
  assert.equal(page.status, 200);
  assert.match(wordsOf(page.text), new RegExp(account.email));
  assert.equal((await send(second, page, '/sessions/fermer')).status, 303);
  assert.equal((await first.get('/fr/service')).status, 303, 'the other one ended');
  assert.equal((await send(second, page, '/codes', { code: '000000' })).status, 422);
  const codes = await send(second, page, '/codes', { code: await freshCode(guichet, account) });
  assert.equal(codes.status, 200);
  assert.equal([...codes.text.matchAll(/<li><code>/g)].length, 10);
  const wrong = await send(second, page, '/compte/mot-de-passe', { ancien: 'pas celui-là du tout', motdepasse: 'une phrase bien neuve' });
  assert.equal(wrong.status, 422);
  assert.equal((await send(second, page, '/compte/mot-de-passe', { ancien: account.password, motdepasse: 'une phrase bien neuve' })).status, 303);
  account.password = 'une phrase bien neuve';
  assert.equal((await (await staffSignIn(guichet, account)).get('/fr/service')).status, 200);
});

test('OPS-1: acting works by keyboard and without JavaScript', async () => {
  await clear(buyer);
  const page = await newPage(guichet, { javaScriptEnabled: false });
  await page.context().addCookies([{ name: 'guichet_service', value: desk.cookies.get('guichet_service'), url: guichet.url }]);
  await page.goto(`${home}/agir`);
  await page.getByLabel('Motif').focus();
  await page.keyboard.type('Demande au comptoir');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/fr/monuments');
  await page.getByText('Vous agissez pour Voyages Lumière').waitFor();
  await page.goto('/fr/options');
  await page.getByRole('button', { name: 'Terminer' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(`**${home}`);
  await page.context().close();
});

test('OPS-1: the pages are accessible in every look', async () => {
  await clear(buyer);
  const option = await placedByDesk(30);
  await beginActing();
  const ref = await newestOrder(desk);
  const mail = (await desk.get(home)).text.match(/href="([^"]*\/courriels\/\d+\/renvoyer)"/)[1];
  const person = (await desk.get(home)).text.match(/href="([^"]*\/personnes\/\d+)\/corriger"/)[1];
  const page = await newPage(guichet, { bypassCSP: true });
  await page.context().addCookies([{ name: 'guichet_service', value: desk.cookies.get('guichet_service'), url: guichet.url }]);
  for (const address of [home, `${home}/agir`, `${home}/note`, `${home}/corriger`, `${person}/corriger`, mail, `${home}/options/${option}`,
    `/fr/service/commandes/${ref}`, '/fr/service/compte', '/fr/options', '/fr/client', '/fr/client/mot-de-passe']) {
    await page.goto(address);
    await assertAccessible(page);
    await page.goto(address.replace('/fr/', '/en/'));
    await assertAccessible(page);
  }
  await page.goto(`${home}/corriger`);
  await page.getByLabel('Ville').fill('');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await assertAccessible(page, 'a correction refused');
  await page.goto('/fr/options');
  await page.getByRole('button', { name: 'Terminer' }).click();
  await page.context().addCookies([{ name: 'guichet_service', value: administrator.cookies.get('guichet_service'), url: guichet.url }]);
  for (const address of ['/fr/service/audit', '/en/service/audit?du=2026-01-01&au=2026-01-02', `${person}/double-authentification`]) {
    await page.goto(address);
    await assertAccessible(page);
  }
  assert.deepEqual(page.complaints, []);
});

test('ACC-5: buttons that a role may not use are not shown to it', async () => {
  const who = await join('liseuse@voyages-lumiere.example', 'read-only');
  const options = await who.get('/fr/options');
  assert.match(options.text, /Conciergerie/, 'seen');
  assert.deepEqual(formsOf(options.text).filter((form) => !/deconnexion|panier$/.test(form.action)), []);
  assert.doesNotMatch(options.text, /\/modifier"|\/annuler"|type="checkbox"/);
  const slot = await hold(guichet, buyer, 'conciergerie', 10, { ahead: 33 });
  const planning = await who.get(`/fr/monuments/conciergerie/planning?vue=jour&jour=${slot.day}&personnes=10`);
  assert.match(wordsOf(planning.text), /Votre rôle permet de consulter/);
  assert.doesNotMatch(planning.text, /name="debut"/);
  const leaders = await who.get('/fr/client/accompagnateurs');
  assert.equal(leaders.status, 200);
  assert.doesNotMatch(leaders.text, /action="\/fr\/client\/accompagnateurs/);
  const client = await who.get('/fr/client');
  assert.doesNotMatch(client.text, /client\/organisation"|client\/membres/);
  assert.match(client.text, /client\/mot-de-passe/);
});

test('ACC-5: a member leaves the organisation alone; orders and options stay with it', async () => {
  const email = 'partant@voyages-lumiere.example';
  const paul = await join(email, 'booker');
  await hold(guichet, paul, 'conciergerie', 8, { ahead: 40 });
  await hold(guichet, paul, 'conciergerie', 8, { cart: true, ahead: 41 });
  const placed = await validate(paul);
  const ref = await newestOrder(paul);
  await payAt(placed.location);
  await untilState(paul, ref, 'Payée');
  const options = optionIds(await paul.get('/fr/options'));
  const leave = await paul.get('/fr/client/quitter');
  assert.match(wordsOf(leave.text), /Quitter Voyages Lumière \?/);
  assert.equal((await send(paul, leave, '/client/quitter')).status, 303);
  assert.equal((await paul.get('/fr/client')).status, 303, 'out');
  const gone = guichet.client();
  await gone.get('/fr/connexion');
  assert.equal((await gone.post('/fr/connexion', { courriel: email, motdepasse: MEMBER_PASSWORD })).status, 422);
  const order = await buyer.get(`/fr/commandes/${ref}`);
  assert.equal(order.status, 200);
  assert.match(wordsOf(order.text), /Paul Partant/);
  assert.deepEqual(optionIds(await buyer.get('/fr/options')).filter((id) => options.includes(id)), options);
  const last = await buyer.get('/fr/client/quitter');
  const refused = await send(buyer, last, '/client/quitter');
  assert.equal(refused.status, 422, 'the last manager stays');
  assert.match(wordsOf(refused.text), /au moins un gestionnaire/);
});

test('ACC-5, ACC-6: leaving and the second factor’s pages are accessible in every look', async () => {
  const page = await signedInPage(guichet, { bypassCSP: true });
  const account = { ...AGENCY };
  await page.goto('/fr/client/quitter');
  await assertAccessible(page);
  await page.goto('/fr/client/securite');
  await page.getByLabel('Votre mot de passe').fill(account.password);
  await page.getByRole('button', { name: 'Préparer la double authentification' }).click();
  await page.getByRole('button', { name: 'Activer' }).waitFor();
  account.secret = (await page.content()).match(/<code class="factor-secret"[^>]*>([^<]*)/)[1].replaceAll(' ', '');
  await page.getByLabel('Code', { exact: true }).fill(await freshCode(guichet, account));
  await page.getByRole('button', { name: 'Activer' }).click();
  await page.getByRole('heading', { name: 'Vos codes de secours' }).waitFor();
  await assertAccessible(page, 'recovery codes');
  for (const address of ['/fr/client/securite', '/en/client/securite']) {
    await page.goto(address);
    await assertAccessible(page, `${address} with the factor on`);
  }
  await page.context().clearCookies();
  await page.goto('/fr/connexion');
  await page.getByLabel('Adresse e-mail').fill(account.email);
  await page.getByLabel('Mot de passe', { exact: true }).fill(account.password);
  await page.locator('main').getByRole('button', { name: 'Se connecter' }).click();
  await page.getByLabel('Code').waitFor();
  await assertAccessible(page, 'the second step');
  await page.getByLabel('Code').fill('000 001');
  await page.locator('main').getByRole('button', { name: 'Se connecter' }).click();
  await assertAccessible(page, 'the second step refused');
  const email = 'refuse@reseau.example';
  await administrator.get('/fr/service/personnes/inviter');
  assert.equal((await administrator.post('/fr/service/personnes/inviter', { courriel: email, langue: 'fr', role: 'accountant' })).status, 303);
  await page.goto(linkIn(await guichet.mail((m) => m.to === email, 'the invitation'), 'invitation'));
  await page.getByLabel('Choisissez un mot de passe').fill('court');
  await page.getByRole('button', { name: 'Continuer' }).click();
  await assertAccessible(page, 'an invitation of the operator’s people refused');
  assert.deepEqual(page.complaints, []);
});
