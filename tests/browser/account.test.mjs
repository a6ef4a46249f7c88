// Accounts, from opening one to signing out: in a browser with and without JavaScript where a person walks, over HTTP
// where a machine does what no browser would.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AGENCY, SCHOOL, closeBrowser, fieldValue, linkIn, newPage, signUpForm, signedInPage, startServer, words } from './kit.mjs';

const PUBLIC = 'visiteur@tickets.example'; // known to the public shop of the demonstration
const HOUR = 3600;
const PASSWORD = signUpForm().motdepasse;
let guichet;

before(async () => { guichet = await startServer(); });
after(async () => {
  await closeBrowser();
  await guichet?.stop();
});

const freshHour = () => guichet.clock.toFreshHour();

const newEmail = () => signUpForm().courriel;

const mailTo = (email, word) => guichet.mail((m) => m.to === email && m.text.includes(`/${word}/`), `the mail to ${email}`);

async function signUp(client, fields, lang = 'fr') {
  await client.get(`/${lang}/inscription`);
  return client.post(`/${lang}/inscription`, fields);
}

async function trySignIn(account, lang = 'fr') {
  const client = guichet.client();
  await client.get(`/${lang}/connexion`);
  return client.post(`/${lang}/connexion`, { courriel: account.email, motdepasse: account.password });
}

/* ---- ACC-1 ---- */

const LABELS = {
  fr: { organisation: 'Nom de l’organisation', kind: 'Activité', agency: 'Agence de voyages', country: 'Pays',
    number: 'SIRET ou numéro d’enregistrement', address: 'Adresse', postcode: 'Code postal', city: 'Ville', last: 'Nom',
    first: 'Prénom', phone: 'Téléphone', email: 'Adresse e-mail', password: 'Mot de passe',
    privacy: /note de confidentialité/, create: 'Créer le compte', check: 'Vérifiez votre boîte aux lettres',
    confirm: 'Confirmer mon adresse', confirmed: /Votre adresse est confirmée/, signIn: 'Se connecter', signOut: 'Se déconnecter' },
  en: { organisation: 'Name of the organisation', kind: 'Activity', agency: 'Travel agency', country: 'Country',
    number: 'SIRET or registration number', address: 'Address', postcode: 'Postcode', city: 'Town', last: 'Last name',
    first: 'First name', phone: 'Phone', email: 'E-mail address', password: 'Password',
    privacy: /privacy note/, create: 'Open the account', check: 'Check your mailbox',
    confirm: 'Confirm my address', confirmed: /Your address is confirmed/, signIn: 'Sign in', signOut: 'Sign out' },
};

for (const [lang, javaScriptEnabled] of [['fr', true], ['fr', false], ['en', false]]) {
  test(`ACC-1: from sign-up to the first sign-in, ${lang}, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async () => {
    await freshHour();
    const w = LABELS[lang];
    const email = newEmail();
    const page = await newPage(guichet, { javaScriptEnabled });
    const main = page.locator('main');
    const type = (label, text) => main.getByLabel(label, { exact: true }).fill(text);
    await page.goto(`/${lang}/inscription`);
    await type(w.organisation, 'Agence Lutèce');
    await main.getByLabel(w.kind, { exact: true }).selectOption({ label: w.agency });
    await main.getByLabel(w.country, { exact: true }).selectOption({ label: 'France' });
    await type(w.number, '732 829 320 00074');
    await type(w.address, '12 rue des Écoles');
    await type(w.postcode, '75005');
    await type(w.city, 'Paris');
    await type(w.last, 'Renaud');
    await type(w.first, 'Camille');
    await type(w.phone, '01 99 00 45 67');
    await type(w.email, email);
    await type(w.password, PASSWORD);
    await main.getByLabel(w.privacy).check();
    await main.getByRole('button', { name: w.create }).click();
    await page.waitForURL(`**/${lang}/verification`);
    await main.getByRole('heading', { name: w.check }).waitFor();
    assert.match(await main.textContent(), new RegExp(email.replaceAll('.', '\\.')));
    const mail = await mailTo(email, 'verification');
    assert.ok(mail.text.includes(`/${lang}/verification/`), 'the link leads to the language of the form');
    await page.goto(linkIn(mail, 'verification'));
    await main.getByRole('button', { name: w.confirm }).click();
    await page.waitForURL(`**/${lang}/connexion`);
    assert.match(await main.textContent(), w.confirmed);
    await type(w.email, email);
    await type(w.password, PASSWORD);
    await main.getByRole('button', { name: w.signIn }).click();
    await page.getByRole('button', { name: w.signOut }).waitFor();
    assert.equal(new URL(page.url()).pathname, `/${lang}/`);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}

test('ACC-1: mistakes are named beside their fields, all at once, and nothing typed is lost but the password', async () => {
  await freshHour();
  const client = guichet.client();
  const answer = await signUp(client, signUpForm({ organisation: 'L’"Agence" <b>&</b> fils', numero: '732 829 320 00075',
    courriel: 'camille', ville: '', motdepasse: 'court', confidentialite: '' }));
  assert.equal(answer.status, 422);
  assert.match(answer.text, /<title>Erreur/);
  for (const name of ['numero', 'courriel', 'ville', 'motdepasse']) {
    assert.match(answer.text, new RegExp(`id="f-${name}-error"`), name);
    assert.match(answer.text, new RegExp(`<a href="#f-${name}">`), name);
  }
  assert.doesNotMatch(answer.text, /id="f-prenom-error"/);
  assert.match(words(answer.text), /Ce numéro SIRET n’est pas juste/);
  assert.equal(fieldValue(answer.text, 'organisation'), 'L’"Agence" <b>&</b> fils');
  assert.equal(fieldValue(answer.text, 'numero'), '732 829 320 00075');
  assert.equal(fieldValue(answer.text, 'courriel'), 'camille');
  assert.match(answer.text, /<option value="agency"\s+selected>/);
  assert.ok(!answer.text.includes('court"'), 'a password never comes back');
});

test('ACC-1: the privacy note must be accepted', async () => {
  await freshHour();
  const client = guichet.client();
  const fields = signUpForm();
  delete fields.confidentialite;
  const answer = await signUp(client, fields);
  assert.equal(answer.status, 422);
  assert.match(words(answer.text), /Acceptez la note de confidentialité/);
  assert.equal((await trySignIn({ email: fields.courriel, password: PASSWORD })).status, 422, 'no account');
});

test('ACC-1: abroad any registration number will do, and a VAT number must look like one', async () => {
  await freshHour();
  const client = guichet.client();
  const abroad = { pays: 'DE', numero: 'HRB 123456', telephone: '+49 30 000000' };
  const refused = await signUp(client, signUpForm({ ...abroad, tva: 'DE12' }), 'en');
  assert.equal(refused.status, 422);
  assert.match(words(refused.text), /This VAT number is not right/);
  assert.match(refused.text, /<option value="DE"\s+selected>Germany/);
  assert.equal((await signUp(client, signUpForm({ ...abroad, tva: '' }), 'en')).status, 303);
});

test('ACC-1: the same form sent twice opens one account and gives the same answer', async () => {
  await freshHour();
  const client = guichet.client();
  const fields = signUpForm();
  assert.equal((await signUp(client, fields)).status, 303);
  assert.equal((await client.post('/fr/inscription', fields)).status, 303);
  await mailTo(fields.courriel, 'verification');
  assert.equal((await guichet.mails()).filter((m) => m.to === fields.courriel).length, 1);
});

test('ACC-1: opening the link changes nothing, its button verifies, once', async () => {
  await freshHour();
  const client = guichet.client();
  const fields = signUpForm();
  const account = { email: fields.courriel, password: PASSWORD };
  await signUp(client, fields);
  const link = linkIn(await mailTo(account.email, 'verification'), 'verification');
  for (let i = 0; i < 2; i++) assert.equal((await guichet.client().get(link)).status, 200); // a mail scanner
  const early = await trySignIn(account);
  assert.equal(early.status, 422);
  assert.match(words(early.text), /n’est pas encore confirmée/);
  await client.get(link);
  assert.match((await client.postAndFollow(link)).text, /Votre adresse est confirmée/);
  assert.match((await client.postAndFollow(link)).text, /Votre adresse était déjà confirmée/);
  assert.equal((await trySignIn(account)).status, 303);
});

test('ACC-1: a link that is wrong or too old says so and offers another one', async () => {
  await freshHour();
  const client = guichet.client();
  const fields = signUpForm();
  await signUp(client, fields);
  const old = linkIn(await mailTo(fields.courriel, 'verification'), 'verification');
  await client.get('/fr/verification/abcdef');
  const unknown = await client.post('/fr/verification/abcdef');
  assert.equal(unknown.status, 422);
  assert.match(words(unknown.text), /Ce lien n’est pas juste/);
  await guichet.clock.advance(30 * 24 * HOUR);
  const expired = await client.post(old);
  assert.equal(expired.status, 422);
  assert.match(words(expired.text), /Ce lien (a expiré|n’est pas juste)/); // ended links are swept away in time
  assert.match(expired.text, /action="\/fr\/verification"/);
  await client.postAndFollow('/fr/verification', { courriel: fields.courriel });
  const fresh = await guichet.mail((m) => m.to === fields.courriel && m.text.includes('/verification/') &&
    linkIn(m, 'verification') !== old, 'another link');
  assert.equal((await client.post(linkIn(fresh, 'verification'))).status, 303);
});

test('ACC-1: sending the link again answers alike for strangers, and not without end', async () => {
  await freshHour();
  const client = guichet.client();
  const ask = async (courriel) => {
    await client.get('/fr/verification');
    return client.post('/fr/verification', { courriel });
  };
  const known = await client.get((await ask(AGENCY.email)).location);
  const stranger = await client.get((await ask('personne@nulle-part.example')).location);
  const plain = (text) => words(text).replaceAll(AGENCY.email, 'X').replaceAll('personne@nulle-part.example', 'X');
  assert.equal(plain(known.text), plain(stranger.text));
  for (let i = 0; i < 4; i++) assert.equal((await ask('personne@nulle-part.example')).status, 303);
  assert.equal((await ask('personne@nulle-part.example')).status, 429);
  await guichet.openAccount(); // its mail goes out after all that came before
  const links = (await guichet.mails()).filter((m) => m.text.includes('/verification/'));
  assert.ok(!links.some((m) => [AGENCY.email, 'personne@nulle-part.example'].includes(m.to)), 'neither gets a mail');
});

/* ---- ACC-2 ---- */

test('ACC-2: an e-mail of the public shop is refused with the reason, in both languages', async () => {
  await freshHour();
  const client = guichet.client();
  const french = await signUp(client, signUpForm({ courriel: PUBLIC }));
  assert.equal(french.status, 422);
  assert.match(words(french.text), /associée à l’e-billetterie grand public\. Indiquez une adresse e-mail différente/);
  assert.match(words(french.text), /associée à l’e-billetterie grand public https:\/\/tickets\.\S+\. Veuillez utiliser une adresse/);
  assert.match(french.text, /href="\/fr\/aide#compte-erreur"/);
  assert.equal(fieldValue(french.text, 'courriel'), PUBLIC);
  assert.equal(fieldValue(french.text, 'adresse'), '12 rue des Écoles');
  const english = await signUp(client, signUpForm({ courriel: PUBLIC.toUpperCase() }), 'en');
  assert.equal(english.status, 422);
  assert.match(words(english.text), /associated with the public ticket shop\. Give a different e-mail address/);
  assert.equal((await guichet.mails()).filter((m) => m.to === PUBLIC).length, 0);
});

test('ACC-2: an e-mail that has an account is refused with the reason, in both languages', async () => {
  await freshHour();
  const client = guichet.client();
  const french = await signUp(client, signUpForm({ courriel: AGENCY.email }));
  assert.equal(french.status, 422);
  assert.match(french.text, /id="f-courriel-error"/);
  assert.match(words(french.text), /déjà un compte professionnel ici\. Connectez-vous, ou indiquez une adresse e-mail différente/);
  const english = await signUp(client, signUpForm({ courriel: AGENCY.email }), 'en');
  assert.match(words(english.text), /has a professional account here\. Sign in, or give a different e-mail address/);
});

test('ACC-2: nobody asks about more than ten addresses an hour', async () => {
  await freshHour();
  const client = guichet.client();
  for (let i = 0; i < 3; i++)
    assert.equal((await signUp(client, signUpForm({ numero: '1' }))).status, 422, 'a mistake that tells nothing does not count');
  for (let i = 0; i < 10; i++) assert.equal((await signUp(client, signUpForm({ courriel: PUBLIC }))).status, 422);
  const late = await signUp(client, signUpForm({ courriel: AGENCY.email }));
  assert.equal(late.status, 429);
  assert.doesNotMatch(late.text, /déjà utilisée/);
  assert.match(words(late.text), /Attendez quelques minutes/);
  await freshHour();
  assert.equal((await signUp(client, signUpForm({ courriel: AGENCY.email }))).status, 422);
});

/* ---- ACC-3 ---- */

test('ACC-3: the account says that its e-mail does not change and what a new account means', async () => {
  await freshHour();
  const client = await guichet.signIn();
  const french = words((await client.get('/fr/client')).text);
  assert.match(french, /Cette adresse ne se change pas/);
  assert.match(french, /créez un nouveau compte\. Les billets et factures de celui-ci ne sont pas transférés/);
  assert.match(words((await client.get('/en/client')).text), /open a new account\. The tickets and invoices .* are not transferred/);
  const edit = await client.get('/fr/client/personne');
  assert.doesNotMatch(edit.text, /name="courriel"/);
  await client.post('/fr/client/personne', { nom: 'Fontaine', prenom: 'Claire', telephone: '01 99 00 24 10', langue: 'fr',
    courriel: 'autre@agence.example' });
  assert.match(words((await client.get('/fr/client')).text), /agence@voyages-lumiere\.example/);
});

/* ---- ACC-4 ---- */

test('ACC-4: a wrong password and an unknown address get the same answer', async () => {
  await freshHour();
  const wrong = await trySignIn({ ...AGENCY, password: 'pas le bon mot de passe' });
  const unknown = await trySignIn({ email: 'inconnue@voyages.example', password: 'pas le bon mot de passe' });
  assert.equal(wrong.status, 422);
  assert.match(words(wrong.text), /L’adresse ou le mot de passe n’est pas juste/);
  const plain = (text) => words(text).replace(/[\w.]+@[\w.-]+/g, 'X');
  assert.equal(plain(wrong.text), plain(unknown.text));
  assert.equal(fieldValue(wrong.text, 'courriel'), AGENCY.email);
  const english = await trySignIn({ ...AGENCY, password: 'not the right password' }, 'en');
  assert.match(words(english.text), /The address or the password is not right/);
});

test('ACC-4: signing in gives a new cookie; a planted one is worth nothing', async () => {
  await freshHour();
  const client = guichet.client();
  client.cookies.set('guichet_session', 'plantedplantedplantedplantedplantedplanted1');
  await client.get('/fr/connexion');
  const first = await client.post('/fr/connexion', { courriel: AGENCY.email, motdepasse: AGENCY.password });
  assert.equal(first.status, 303);
  assert.match(first.headers.getSetCookie().find((c) => c.startsWith('guichet_session=')), /HttpOnly.*SameSite=Lax|SameSite=Lax.*HttpOnly/i);
  const before = client.cookies.get('guichet_session');
  assert.ok(!before.startsWith('planted'));
  // Signing in once more in the same browser ends the session that was there.
  await client.get('/fr/client');
  assert.equal((await client.post('/fr/connexion', { courriel: AGENCY.email, motdepasse: AGENCY.password })).status, 303);
  const old = guichet.client();
  old.cookies.set('guichet_session', before);
  assert.equal((await old.get('/fr/client')).status, 303);
  assert.equal((await client.get('/fr/client')).status, 200);
});

test('ACC-4: one comes back to the page that asked, and to no other site', async () => {
  await freshHour();
  const client = guichet.client();
  const asked = await client.get('/fr/client/contacts?retour=validation');
  assert.equal(asked.location, '/fr/connexion?retour=%2Ffr%2Fclient%2Fcontacts%3Fretour%3Dvalidation');
  const shown = await client.get(asked.location);
  const retour = fieldValue(shown.text, 'retour');
  const answer = await client.post('/fr/connexion', { courriel: AGENCY.email, motdepasse: AGENCY.password, retour });
  assert.equal(answer.location, '/fr/client/contacts?retour=validation');
  assert.equal((await client.get('/fr/connexion')).location, '/fr/', 'who is signed in already has nothing to do here');
  for (const foreign of ['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)', '/fr']) {
    const other = guichet.client();
    await other.get(`/fr/connexion?retour=${encodeURIComponent(foreign)}`);
    const sent = await other.post('/fr/connexion', { courriel: AGENCY.email, motdepasse: AGENCY.password, retour: foreign });
    assert.equal(sent.location, '/fr/', foreign);
  }
});

test('ACC-4: signing out ends the session itself and removes the cookie', async () => {
  await freshHour();
  const client = await guichet.signIn();
  const cookie = client.cookies.get('guichet_session');
  await client.get('/fr/client');
  assert.equal((await client.post('/fr/deconnexion')).status, 303);
  assert.ok(!client.cookies.has('guichet_session'));
  const stolen = guichet.client();
  stolen.cookies.set('guichet_session', cookie);
  assert.equal((await stolen.get('/fr/client')).status, 303);
});

test('ACC-4: passwords are not guessed: ten tries an account, twenty a network address, in a quarter of an hour', async () => {
  await freshHour();
  const guess = (email) => trySignIn({ email, password: 'une simple supposition' });
  for (let i = 0; i < 10; i++) assert.equal((await guess(AGENCY.email)).status, 422);
  assert.equal((await guess(AGENCY.email.toUpperCase())).status, 429);
  assert.equal((await trySignIn(AGENCY)).status, 429, 'not even the right one');
  for (let i = 0; i < 8; i++) assert.equal((await guess(`inconnue${i}@voyages.example`)).status, 422);
  assert.equal((await guess('encore@voyages.example')).status, 429);
  await guichet.clock.advance(1801);
  assert.equal((await trySignIn(AGENCY)).status, 303);
});

test('ACC-4: a forgotten password, from the link on the sign-in page to the new sign-in, without JavaScript', async () => {
  await freshHour();
  const account = await guichet.openAccount();
  const open = await guichet.signIn(account);
  const page = await newPage(guichet, { javaScriptEnabled: false });
  const main = page.locator('main');
  await page.goto('/fr/connexion');
  await main.getByRole('link', { name: 'Mot de passe oublié' }).click();
  await main.getByLabel('Adresse e-mail').fill(account.email);
  await main.getByRole('button', { name: 'Envoyer le lien' }).click();
  assert.match(await main.textContent(), /Si cette adresse a un compte, un lien vient d’y partir/);
  const link = linkIn(await mailTo(account.email, 'mot-de-passe'), 'mot-de-passe');
  await page.goto(link);
  await main.getByLabel('Nouveau mot de passe').fill('une tout autre phrase');
  await main.getByRole('button', { name: 'Enregistrer' }).click();
  await page.waitForURL('**/fr/connexion');
  assert.match(await main.textContent(), /Votre nouveau mot de passe est en place/);
  assert.equal((await open.get('/fr/client')).status, 303, 'every session has ended');
  assert.equal((await trySignIn(account)).status, 422, 'the old password is worth nothing');
  await main.getByLabel('Adresse e-mail').fill(account.email);
  await main.getByLabel('Mot de passe', { exact: true }).fill('une tout autre phrase');
  await main.getByRole('button', { name: 'Se connecter' }).click();
  await page.getByRole('button', { name: 'Se déconnecter' }).waitFor();
  await page.goto(link);
  assert.match(await main.textContent(), /Ce lien a déjà servi/);
  await page.context().close();
});

test('ACC-4: a reset link refuses bad passwords, ends in time, and asking tells nobody who has an account', async () => {
  await freshHour();
  const client = guichet.client();
  const ask = async (courriel) => {
    await client.get('/en/mot-de-passe-oublie');
    return client.post('/en/mot-de-passe-oublie', { courriel });
  };
  const known = await ask(SCHOOL.email);
  const unknown = await ask('personne@nulle-part.example');
  assert.deepEqual([known.status, known.location], [unknown.status, unknown.location]);
  const link = linkIn(await mailTo(SCHOOL.email, 'mot-de-passe'), 'mot-de-passe');
  await client.get(link);
  const short = await client.post(link, { motdepasse: 'court' });
  assert.equal(short.status, 422);
  assert.match(short.text, /id="f-motdepasse-error"/);
  const same = await client.post(link, { motdepasse: SCHOOL.email });
  assert.equal(same.status, 422);
  assert.match(words(same.text), /ne peut pas être l’adresse e-mail/);
  await guichet.clock.advance(3 * HOUR);
  const late = await client.get(link);
  assert.equal(late.status, 422);
  assert.match(words(late.text), /Ce lien (a expiré|n’est pas juste)/);
  assert.equal((await client.post(link, { motdepasse: 'une tout autre phrase' })).status, 422);
  assert.equal((await trySignIn(SCHOOL)).status, 303, 'the password has not changed');
  await freshHour();
  for (let i = 0; i < 5; i++) assert.equal((await ask(SCHOOL.email)).status, 303);
  assert.equal((await ask(SCHOOL.email)).status, 429);
});

test('ACC-4: open sessions are listed by device and end one by one or all at once', async () => {
  await freshHour();
  const account = await guichet.openAccount();
  const agents = ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
    '<script>alert(1)</script>'];
  const [mine, phone, desk, odd] = await Promise.all(agents.map((agent) =>
    guichet.signIn(account, { headers: { 'user-agent': agent } })));
  const stranger = await guichet.signIn(SCHOOL);
  const list = await mine.get('/fr/client');
  const rows = [...list.text.matchAll(/<tr>\s*<th scope="row">([^<]*)<\/th>/g)].map((m) => m[1]);
  assert.deepEqual(rows.toSorted(), ['Autre navigateur', 'Edge, Windows', 'Firefox, Linux', 'Safari, iPhone']);
  assert.equal(list.text.match(/Cette session/g).length, 1);
  const ending = list.text.match(/<tr>\s*<th scope="row">Safari, iPhone[\s\S]*?action="([^"]*\/fermer)"/)[1];
  assert.equal((await stranger.get('/fr/client')).status, 200);
  assert.equal((await stranger.post(ending)).status, 404, 'another person’s session');
  assert.equal((await phone.get('/fr/client')).status, 200);
  assert.equal((await mine.post(ending)).status, 303);
  assert.equal((await phone.get('/fr/client')).status, 303);
  assert.equal((await desk.get('/fr/client')).status, 200);
  await mine.get('/fr/client');
  assert.equal((await mine.post(ending)).status, 404, 'it has ended already');
  assert.equal((await mine.post('/fr/client/sessions/fermer')).status, 303);
  for (const other of [desk, odd]) assert.equal((await other.get('/fr/client')).status, 303);
  assert.equal((await mine.get('/fr/client')).status, 200);
});

test('ACC-4: a new password wants the old one and ends the other sessions', async () => {
  await freshHour();
  const account = await guichet.openAccount();
  const other = await guichet.signIn(account);
  const page = await signedInPage(guichet, { javaScriptEnabled: false }, account);
  const main = page.locator('main');
  await page.goto('/fr/client');
  await main.getByRole('link', { name: 'Changer le mot de passe' }).click();
  await main.getByLabel('Mot de passe actuel').fill('un souvenir trompeur');
  await main.getByLabel('Nouveau mot de passe').fill('une phrase toute neuve');
  await main.getByRole('button', { name: 'Enregistrer' }).click();
  assert.match(await main.getByRole('alert').textContent(), /Ce n’est pas votre mot de passe actuel/);
  assert.equal((await other.get('/fr/client')).status, 200);
  await main.getByLabel('Mot de passe actuel').fill(account.password);
  await main.getByLabel('Nouveau mot de passe').fill('une phrase toute neuve');
  await main.getByRole('button', { name: 'Enregistrer' }).click();
  assert.match(await main.textContent(), /Votre mot de passe est changé/);
  assert.equal((await other.get('/fr/client')).status, 303);
  assert.equal((await trySignIn({ email: account.email, password: 'une phrase toute neuve' })).status, 303);
  await page.context().close();
});

test('ACC-1: organisation and person are corrected on the account page; wrong values are refused and kept', async () => {
  await freshHour();
  const client = await guichet.signIn(await guichet.openAccount());
  const edit = await client.get('/fr/client/organisation');
  assert.equal(fieldValue(edit.text, 'organisation'), 'Agence Lutèce');
  const organisation = { organisation: 'Agence Nouvelle', activite: 'tour-operator', pays: 'FR', numero: '732829320 00074',
    tva: 'FR44732829320', adresse: '1 rue Neuve', codepostal: '69001', ville: 'Lyon' };
  const refused = await client.post('/fr/client/organisation', { ...organisation, numero: '12' });
  assert.equal(refused.status, 422);
  assert.match(refused.text, /id="f-numero-error"/);
  assert.equal(fieldValue(refused.text, 'ville'), 'Lyon');
  const saved = words((await client.postAndFollow('/fr/client/organisation', organisation)).text);
  for (const word of ['C’est enregistré', 'Agence Nouvelle', 'Tour-opérateur', '732 829 320 00074', 'FR44732829320', '69001 Lyon, France'])
    assert.ok(saved.includes(word), word);
  await client.get('/fr/client/personne');
  const bad = await client.post('/fr/client/personne', { nom: 'Renaud', prenom: '', telephone: 'abc', langue: 'en' });
  assert.equal(bad.status, 422);
  assert.match(bad.text, /id="f-prenom-error"/);
  assert.equal(fieldValue(bad.text, 'telephone'), 'abc');
  const person = words((await client.postAndFollow('/fr/client/personne',
    { nom: 'Renaud-Petit', prenom: 'Camille', telephone: '+33 1 99 00 45 68', langue: 'en' })).text);
  for (const word of ['Camille Renaud-Petit', '+33 1 99 00 45 68', 'Anglais']) assert.ok(person.includes(word), word);
});
