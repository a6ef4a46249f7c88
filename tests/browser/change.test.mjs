// Changing an option in place, as a browser without JavaScript has it and in Chromium (OPT-6); reminders (OPT-7).
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { assertAccessible, closeBrowser, signedInPage } from './kit.mjs';
import { assertSound, clear, dayAhead, formsOf, freeSlot, hold, optionIds, order, send, slotsOn, startShop,
  wordsOf } from './purchase_kit.mjs';

let guichet, agency;
before(async () => {
  guichet = await startShop();
  agency = await guichet.signIn();
});
after(async () => {
  await closeBrowser();
  await assertSound(guichet);
  await guichet.stop();
});
beforeEach(() => clear(agency));

const onlyId = async () => {
  const ids = optionIds(await agency.get('/fr/options'));
  assert.equal(ids.length, 1);
  return ids[0];
};
const leftAt = async (slot, persons = 20) =>
  (await slotsOn(agency, slot.slug, slot.day, persons)).find((one) => one.start === slot.start)?.left;
const offered = (page) => [...page.text.matchAll(/<input type="radio" name="debut" value="(\d+)" required ?(disabled|checked)?/g)]
  .map(([, start, how]) => ({ start, how: how ?? '' }));
// Sends the form that changes: the page's other one only asks for the slots of a day.
const change = (client, page, changes) => {
  const form = formsOf(page.text).find((one) => one.fields.some(([name]) => name === 'cle'));
  assert.ok(form, wordsOf(page.text).slice(0, 300));
  const fields = [...form.fields.filter(([name]) => !(name in changes)), ...Object.entries(changes)];
  return client.post(form.action, fields.filter(([, value]) => value !== undefined), { csrf: null });
};
const dayOf = (start) => new Date(start * 1000).toLocaleDateString('sv-SE', { timeZone: 'Europe/Paris' });

test('OPT-6: more persons in the same slot take only the difference', async () => {
  const slot = await hold(guichet, agency, 'sainte-chapelle', 20);
  const before = await leftAt(slot);
  const id = await onlyId();
  const list = await agency.get('/fr/options');
  assert.ok(list.text.includes(`href="/fr/options/${id}/modifier"`), 'the list leads there');
  const page = await agency.get(`/fr/options/${id}/modifier?personnes=23&jour=${slot.day}`);
  assert.equal(page.status, 200);
  assert.equal(offered(page).find((one) => one.how === 'checked')?.start, slot.start, 'its own slot is chosen already');
  const answer = await change(agency, page, { debut: slot.start });
  assert.equal(answer.status, 303);
  assert.equal(answer.location, '/fr/options');
  assert.match(wordsOf((await agency.get('/fr/options')).text), /Option modifiée.* 23 /);
  assert.equal(await onlyId(), id, 'it is the same option');
  assert.equal(await leftAt(slot), before - 3);
  const mail = await guichet.mail((m) => /Option modifiée/.test(m.subject), 'the mail about the change');
  assert.match(mail.text, /23 personnes/);
});

test('OPT-6: another day takes the new places and frees the old ones; the same form again does nothing more', async () => {
  const slot = await hold(guichet, agency, 'arc-de-triomphe', 25);
  const before = await leftAt(slot);
  const id = await onlyId();
  const other = await freeSlot(guichet, agency, 'arc-de-triomphe', 22, { ahead: 15 });
  const page = await agency.get(`/fr/options/${id}/modifier?personnes=22&jour=${other.day}`);
  const otherBefore = await leftAt(other);
  for (let time = 0; time < 2; time += 1)
    assert.equal((await change(agency, page, { debut: other.start })).status, 303);
  assert.equal(await leftAt(slot), before + 25);
  assert.equal(await leftAt(other), otherBefore - 22);
  assert.equal(await onlyId(), id);
});

test('OPT-6: a refusal keeps the option, the page and what was typed', async () => {
  const slot = await hold(guichet, agency, 'sainte-chapelle', 20);
  const before = await leftAt(slot);
  const id = await onlyId();
  const page = await agency.get(`/fr/options/${id}/modifier`);
  const large = await change(agency, page, { personnes: '40', debut: slot.start });
  assert.equal(large.status, 422);
  assert.match(wordsOf(large.text), /L’option n’a pas été modifiée.*dépasse le nombre maximum/);
  assert.match(large.text, /name="personnes"[^>]*value="40"/);
  const none = await change(agency, page, { debut: undefined });
  assert.equal(none.status, 422);
  assert.match(wordsOf(none.text), /Choisissez un créneau/);
  const wrong = await agency.get(`/fr/options/${id}/modifier?personnes=beaucoup&jour=demain`);
  assert.equal(wrong.status, 422);
  assert.match(wrong.text, /value="beaucoup"/);
  assert.equal(offered(wrong).length, 0);
  assert.match(wordsOf((await agency.get(`/fr/options/${id}/modifier?personnes=4&jour=${slot.day}`)).text), /trop petit/);
  const gone = await change(agency, page, { debut: '4102444800' });
  assert.equal(gone.status, 422);
  assert.match(wordsOf(gone.text), /n’existe pas/);
  assert.equal(await leftAt(slot), before);
});

test('OPT-6: not while it is being paid, not when it has gone, not another organisation’s', async () => {
  const slot = await hold(guichet, agency, 'arc-de-triomphe', 25);
  const id = await onlyId();
  const form = await agency.get(`/fr/options/${id}/modifier`);
  const stranger = await guichet.signIn(await guichet.openAccount());
  assert.equal((await stranger.get(`/fr/options/${id}/modifier`)).status, 404);
  await stranger.get('/fr/options');
  const foreign = await stranger.post(`/fr/options/${id}/modifier`,
    formsOf(form.text).find((one) => one.fields.some(([name]) => name === 'cle')).fields.filter(([name]) => name !== 'csrf'));
  assert.equal(foreign.status, 404);
  await send(agency, await agency.get('/fr/options'), '/options/panier', { option: id });
  const { ref } = await order(agency);
  const paying = await change(agency, form, { debut: slot.start, personnes: '20' });
  assert.equal(paying.status, 422);
  assert.match(wordsOf(paying.text), /paiement est en cours/);
  assert.equal((await send(agency, await agency.get(`/fr/commandes/${ref}`), '/abandonner')).status, 303);
  await send(agency, await agency.get(`/fr/options/${id}/annuler`), '/annuler');
  const over = await change(agency, form, { debut: slot.start, personnes: '20' });
  assert.equal(over.status, 303);
  assert.match(wordsOf((await agency.get('/fr/options')).text), /n’est plus en cours/);
});

test('OPT-6: by keyboard and eye in Chromium, in both languages', async () => {
  const slot = await hold(guichet, agency, 'sainte-chapelle', 20);
  const id = await onlyId();
  const page = await signedInPage(guichet, { bypassCSP: true });
  await page.goto('/fr/options');
  await assertAccessible(page);
  await page.getByRole('link', { name: /^Modifier/ }).first().click();
  await page.waitForURL(/\/modifier$/);
  await assertAccessible(page);
  await page.getByLabel('Nombre de personnes').fill('18');
  await page.getByRole('button', { name: 'Voir les créneaux' }).press('Enter');
  await page.waitForURL(/personnes=18/);
  await page.goto(`/en/options/${id}/modifier?personnes=400&jour=${slot.day}`);
  await assertAccessible(page);
  await page.goto(`/en/options/${id}/modifier?personnes=18&jour=${slot.day}`);
  await assertAccessible(page);
  await page.getByRole('button', { name: 'Change the option' }).press('Enter');
  await page.waitForURL(/\/en\/options$/);
  assert.match(await page.locator('main').innerText(), /18/);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test('OPT-7: the holder is reminded a week and two days before the end and on the last day, once each', async () => {
  await hold(guichet, agency, 'arc-de-triomphe', 25, { ahead: 25 });
  const page = await agency.get('/fr/options');
  const deadline = Number(page.text.match(/data-deadline="(\d+)"/)[1]);
  const said = (m) => /Votre option prend bientôt fin|Dernier jour de votre option/.test(m.subject);
  const nineOn = (daysBefore) => { // at 9:00 in Paris of that day, whichever its offset
    const day = dayOf(deadline - 1 - daysBefore * 86400);
    return [7, 8].map((hour) => Date.parse(`${day}T0${hour}:00:00Z`) / 1000)
      .find((at) => new Date(at * 1000).toLocaleTimeString('fr-FR', { timeZone: 'Europe/Paris' }).startsWith('09'));
  };
  const texts = [/dans 7 jours/, /dans 2 jours/, /aujourd’hui/];
  for (const [index, daysBefore] of [7, 2, 0].entries()) {
    await guichet.clock.advance(nineOn(daysBefore) - guichet.clock.now());
    const mail = await guichet.mail((m) => said(m) && texts[index].test(m.text.replace(/\s+/g, ' ')), `reminder ${daysBefore}`);
    assert.match(mail.text, /Arc de triomphe/);
    assert.equal((await guichet.mails()).filter((m) => said(m) && /Arc de triomphe/.test(m.text)).length, index + 1);
  }
  agency = await guichet.signIn();
  assert.equal(dayAhead(guichet, 0), dayOf(deadline - 1), 'the last day');
});
