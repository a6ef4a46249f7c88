// «Client»: the accompanying persons, the contacts, forms from elsewhere, and accessibility of all pages of an account.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AGENCY, SCHOOL, assertAccessible, closeBrowser, fieldValue, newPage, signUpForm, signedInPage, startServer, words } from './kit.mjs';

let guichet;

before(async () => { guichet = await startServer(); });
after(async () => {
  await closeBrowser();
  await guichet?.stop();
});

const freshHour = () => guichet.clock.toFreshHour();

/* ---- COM-1, CRT-2 ---- */

test('COM-1: a group leader is created, corrected and removed after a question, without JavaScript', async () => {
  await freshHour();
  const page = await signedInPage(guichet, { javaScriptEnabled: false });
  const main = page.locator('main');
  const row = (name) => main.getByRole('row').filter({ hasText: name });
  await page.goto('/fr/client');
  await main.getByRole('link', { name: 'Accompagnateurs' }).click();
  await main.getByRole('heading', { level: 1, name: 'Créer / gérer un accompagnateur' }).waitFor();
  for (const name of ['Guide Type', 'Accompagnateur Type']) {
    assert.match(await row(name).textContent(), /Toujours proposé/);
    assert.equal(await row(name).getByRole('link').count(), 0);
  }
  const fill = async (last, first, email, phone) => {
    await main.getByLabel('Nom', { exact: true }).fill(last);
    await main.getByLabel('Prénom').fill(first);
    await main.getByLabel('Adresse e-mail').fill(email);
    await main.getByLabel('Téléphone').fill(phone);
  };
  await main.getByLabel('Guide-conférencier').check();
  await fill('Morel', 'Inès', 'ines.morel@guides.example', '01 99 00 88 10');
  await main.getByRole('button', { name: 'Créer' }).click();
  assert.match(await row('Inès Morel').textContent(), /Guide-conférencier/);
  await row('Inès Morel').getByRole('link', { name: /^Modifier/ }).click();
  await main.getByLabel('Accompagnateur', { exact: true }).check();
  await main.getByLabel('Téléphone').fill('01 99 00 88 11');
  await main.getByRole('button', { name: 'Enregistrer' }).click();
  assert.match(await row('Inès Morel').textContent(), /Accompagnateur/);
  assert.match(await row('Inès Morel').textContent(), /01 99 00 88 11/);
  await row('Inès Morel').getByRole('link', { name: /^Retirer/ }).click();
  await main.getByRole('heading', { name: /Retirer Inès Morel/ }).waitFor();
  await main.getByRole('link', { name: 'Ne rien retirer' }).click();
  assert.equal(await row('Inès Morel').count(), 1);
  await row('Inès Morel').getByRole('link', { name: /^Retirer/ }).click();
  await main.getByRole('button', { name: 'Retirer' }).click();
  await main.getByText('L’accompagnateur est retiré.').waitFor();
  assert.equal(await row('Inès Morel').count(), 0);
  await page.context().close();
});

const LEADER = { fonction: 'guide', nom: 'Girard', prenom: 'Paul', courriel: 'paul.girard@guides.example', telephone: '01 99 00 45 68' };
const CONTACT = { ...LEADER, fonction: 'colleague', langue: 'en', telephone: '' };
const idOf = (text, name) => text.match(new RegExp(`<th scope="row">${name}</th>[\\s\\S]*?modifier=(\\d+)`))?.[1];

test('COM-1: a leader needs name, e-mail and phone; what was typed stays', async () => {
  await freshHour();
  const client = await guichet.signIn();
  await client.get('/fr/client/accompagnateurs');
  const refused = await client.post('/fr/client/accompagnateurs', { nom: 'Girard', prenom: '', courriel: 'paul@', telephone: '' });
  assert.equal(refused.status, 422);
  for (const name of ['fonction', 'prenom', 'courriel', 'telephone']) assert.match(refused.text, new RegExp(`id="f-${name}-error"`), name);
  assert.equal(fieldValue(refused.text, 'nom'), 'Girard');
  assert.equal(fieldValue(refused.text, 'courriel'), 'paul@');
  assert.match(refused.text, /Marc Lavigne/, 'the list is still there');
});

test('COM-1, CRT-2: who comes from the order goes back to it', async () => {
  await freshHour();
  const client = await guichet.signIn();
  for (const [list, fields] of [['accompagnateurs', LEADER], ['contacts', CONTACT]]) {
    const shown = await client.get(`/fr/client/${list}?retour=validation`);
    assert.match(shown.text, /Revenir à la validation de la commande/);
    const wrong = await client.post(`/fr/client/${list}`, { ...fields, nom: '', retour: 'validation' });
    assert.equal(fieldValue(wrong.text, 'retour'), 'validation', 'a mistake does not lose the way');
    assert.equal((await client.post(`/fr/client/${list}`, { ...fields, retour: 'validation' })).location, '/fr/validation');
    assert.equal((await client.post(`/fr/client/${list}`, { ...fields, prenom: 'Jean', retour: '//evil.example' })).location,
      `/fr/client/${list}`);
  }
});

test('CRT-2: a contact is created, corrected and removed; one sent twice is there once', async () => {
  await freshHour();
  const client = await guichet.signIn(await guichet.openAccount());
  assert.match(words((await client.get('/fr/client/contacts')).text), /Aucun contact pour l’instant/);
  await client.post('/fr/client/contacts', CONTACT);
  const made = await client.postAndFollow('/fr/client/contacts', CONTACT);
  assert.equal(made.text.match(/<th scope="row">Paul Girard/g).length, 1);
  assert.match(words(made.text), /Collègue .* Anglais/);
  const id = idOf(made.text, 'Paul Girard');
  const edit = await client.get(`/fr/client/contacts?modifier=${id}`);
  assert.equal(fieldValue(edit.text, 'courriel'), CONTACT.courriel);
  const changed = await client.postAndFollow(`/fr/client/contacts/${id}`, { ...CONTACT, fonction: 'customer', langue: 'fr' });
  assert.match(words(changed.text), /Client paul\.girard@guides\.example Français/);
  assert.match(words((await client.get(`/fr/client/contacts/${id}/retirer`)).text), /Retirer Paul Girard de vos contacts/);
  assert.match(words((await client.postAndFollow(`/fr/client/contacts/${id}/retirer`)).text), /Aucun contact pour l’instant/);
  assert.equal((await client.post(`/fr/client/contacts/${id}/retirer`)).status, 404);
});

test('COM-1, CRT-2: what belongs to another organisation does not exist', async () => {
  await freshHour();
  const agency = await guichet.signIn();
  const stranger = await guichet.signIn(SCHOOL);
  for (const [list, name, fields] of [['accompagnateurs', 'Marc Lavigne', LEADER], ['contacts', 'Kenji Tanaka', CONTACT]]) {
    const id = idOf((await agency.get(`/fr/client/${list}`)).text, name);
    assert.ok(id);
    await stranger.get(`/fr/client/${list}`);
    assert.equal((await stranger.get(`/fr/client/${list}?modifier=${id}`)).status, 404);
    assert.equal((await stranger.get(`/fr/client/${list}/${id}/retirer`)).status, 404);
    await stranger.get(`/fr/client/${list}`);
    assert.equal((await stranger.post(`/fr/client/${list}/${id}`, fields)).status, 404);
    assert.equal((await stranger.post(`/fr/client/${list}/${id}/retirer`)).status, 404);
    assert.match((await agency.get(`/fr/client/${list}`)).text, new RegExp(name), 'untouched');
    for (const odd of ['0', '-1', 'x', '99999999999999999999'])
      assert.equal((await agency.get(`/fr/client/${list}?modifier=${odd}`)).status, 404, odd);
  }
});

test('COM-1: the placeholders are neither edited nor removed', async () => {
  await freshHour();
  const client = await guichet.signIn();
  const marc = Number(idOf((await client.get('/fr/client/accompagnateurs')).text, 'Marc Lavigne'));
  let placeholders = 0;
  for (let id = 1; id < marc; id++) {
    await client.get('/fr/client/accompagnateurs');
    const answer = await client.post(`/fr/client/accompagnateurs/${id}/retirer`);
    placeholders += answer.status === 404;
    assert.equal((await client.post(`/fr/client/accompagnateurs/${id}`, LEADER)).status, 404);
  }
  assert.ok(placeholders >= 2);
  const list = (await client.get('/fr/client/accompagnateurs')).text;
  for (const name of ['Guide Type', 'Accompagnateur Type']) assert.ok(list.includes(name));
});

/* ---- forms from elsewhere ---- */

test('ALL-2: a form without its token is refused and does nothing', async () => {
  await freshHour();
  const client = await guichet.signIn();
  const list = await client.get('/fr/client/accompagnateurs');
  const id = idOf(list.text, 'Marc Lavigne');
  const foreign = (await guichet.client().get('/fr/connexion')).text.match(/name="csrf" value="([0-9a-f]+)"/)[1];
  const before = (await client.get('/fr/client')).text.match(/<dl[\s\S]*<\/dl>/)[0];
  const forms = [['/fr/deconnexion', {}], ['/fr/client/sessions/fermer', {}],
    ['/fr/client/personne', { nom: 'X', prenom: 'Y', telephone: '0199000000', langue: 'en' }],
    ['/fr/client/mot-de-passe', { ancien: AGENCY.password, motdepasse: 'une phrase toute neuve' }],
    ['/fr/client/accompagnateurs', { ...LEADER, nom: 'Intrus' }], [`/fr/client/accompagnateurs/${id}/retirer`, {}],
    ['/fr/client/contacts', { ...CONTACT, nom: 'Intrus' }]];
  for (const [address, fields] of forms)
    for (const csrf of [null, '', foreign, '0'.repeat(64)])
      assert.equal((await client.post(address, fields, { csrf })).status, 403, address);
  const stranger = guichet.client();
  const fields = signUpForm();
  for (const [address, sent] of [['/fr/inscription', fields], ['/fr/connexion', { courriel: AGENCY.email, motdepasse: AGENCY.password }]])
    assert.equal((await stranger.post(address, sent, { csrf: null })).status, 403, address);
  assert.ok(!stranger.cookies.has('guichet_session'));
  assert.equal((await client.get('/fr/client')).text.match(/<dl[\s\S]*<\/dl>/)[0], before, 'still signed in, nothing changed');
  for (const page of ['accompagnateurs', 'contacts'])
    assert.doesNotMatch((await client.get(`/fr/client/${page}`)).text, /Intrus/);
  assert.ok(idOf((await client.get('/fr/client/accompagnateurs')).text, 'Marc Lavigne'));
  await guichet.signIn(AGENCY); // the password is the old one
});

test('ALL-2: pages of an account ask visitors to sign in', async () => {
  const visitor = guichet.client();
  for (const page of ['client', 'client/organisation', 'client/personne', 'client/mot-de-passe', 'client/accompagnateurs', 'client/contacts'])
    assert.equal((await visitor.get(`/en/${page}`)).location, `/en/connexion?retour=%2Fen%2F${page.replaceAll('/', '%2F')}`);
});

/* ---- accessibility ---- */

for (const lang of ['fr', 'en']) {
  test(`ALL-2: axe-core finds nothing on the pages before an account, ${lang}`, async () => {
    await freshHour();
    const page = await newPage(guichet, { bypassCSP: true });
    const send = async () => {
      await page.evaluate(() => { document.querySelector('main form').noValidate = true; });
      await page.locator('main form button').first().click();
    };
    for (const address of ['connexion', 'inscription', 'verification', 'mot-de-passe-oublie']) {
      await page.goto(`/${lang}/${address}`);
      await assertAccessible(page);
      await send(); // nothing typed: every field says what is wrong
      await page.locator('.error-summary').waitFor();
      await assertAccessible(page, `${lang}/${address} with errors`);
    }
    await page.goto(`/${lang}/verification/nonsense`);
    await assertAccessible(page);
    await send();
    await assertAccessible(page, `${lang}: a wrong link`);
    await page.goto(`/${lang}/mot-de-passe-oublie?envoye=1`);
    await assertAccessible(page);
    await page.goto(`/${lang}/mot-de-passe/nonsense`);
    await assertAccessible(page);
    await page.context().close();
  });

  test(`ALL-2: axe-core finds nothing on the pages of an account, ${lang}`, async () => {
    await freshHour();
    const page = await signedInPage(guichet, { bypassCSP: true });
    for (const address of ['client', 'client/organisation', 'client/personne', 'client/mot-de-passe',
      'client/accompagnateurs?retour=validation', 'client/contacts']) {
      await page.goto(`/${lang}/${address}`);
      await assertAccessible(page);
    }
    for (const list of ['accompagnateurs', 'contacts']) {
      await page.goto(`/${lang}/client/${list}`);
      await page.locator('main table').getByRole('link').first().click();
      await assertAccessible(page, `${lang}: editing in ${list}`);
      await page.goto(`/${lang}/client/${list}`);
      await page.locator('main form').evaluate((f) => { f.noValidate = true; });
      await page.locator('main form button').click();
      await page.locator('.error-summary').waitFor();
      await assertAccessible(page, `${lang}: mistakes in ${list}`);
      await page.goto(`/${lang}/client/${list}`);
      await page.locator('main table a[href*="/retirer"]').first().click();
      await assertAccessible(page, `${lang}: removing from ${list}`);
    }
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}

test('ACC-4: by keyboard alone: a mistake keeps the address and forgets the password, then it works', async () => {
  await freshHour();
  const page = await newPage(guichet, { javaScriptEnabled: false });
  await page.goto('/fr/connexion');
  const type = async (password) => {
    await page.getByLabel('Mot de passe', { exact: true }).focus();
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
  };
  await page.getByLabel('Adresse e-mail').focus();
  await page.keyboard.type(AGENCY.email);
  await page.keyboard.press('Tab');
  assert.ok(await page.getByLabel('Mot de passe', { exact: true }).evaluate((e) => e === document.activeElement));
  await type('une erreur de frappe');
  assert.match(await page.getByRole('alert').textContent(), /n’est pas juste/);
  assert.equal(await page.getByLabel('Adresse e-mail').inputValue(), AGENCY.email);
  assert.equal(await page.getByLabel('Mot de passe', { exact: true }).inputValue(), '');
  await type(AGENCY.password);
  await page.getByRole('button', { name: 'Se déconnecter' }).waitFor();
  await page.context().close();
});
