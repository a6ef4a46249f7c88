/* The page of the gate (OPS-3): reads what is scanned or typed, asks the server, or without a network the list on the
 * device, fills the screen with the answer, and sends later what could not be sent. Without this file the page is a form. */
(() => {
    'use strict';

    const { gate } = globalThis;
    const body = document.body, at = (id) => document.getElementById(id);
    const PATIENCE = 4000, REFRESH = 30000, AGAIN = 10000, AT_ONCE = 40;

    const words = new Map([...document.querySelectorAll('#mots [data-word]')].map((li) => [li.dataset.word, li.textContent]));
    const say = (name, gaps = {}) => (words.get(name) ?? '').replace(/\{(\w+)\}/g, (whole, key) => gaps[key] ?? whole);
    const french = document.documentElement.lang !== 'en';
    const count = (name, n) => say(`${name}.${n === 1 || (french && n === 0) ? 'one' : 'many'}`).replace(/\d/, n);

    gate.decoder = body.dataset.decoder;
    gate.verifier = body.dataset.verifier;
    const home = body.dataset.home;
    // The shell serves every address of the gate: the monument is in the address, or the one used last.
    let slug = body.dataset.slug || decodeURIComponent(location.pathname.slice(home.length).split('/')[1] ?? '');
    let list = null, acts = [], device = '', state = 'online', sending = false, answered = null, scanning = Promise.resolve();

    const now = () => Math.floor((Date.now() + (list?.skew ?? 0)) / 1000);
    const address = (rest) => `${home}/${encodeURIComponent(slug)}/${rest}`;
    const remember = (name, value) => { try { localStorage.setItem(name, value); } catch { /* private window */ } };
    const recall = (name) => { try { return localStorage.getItem(name); } catch { return null; } };

    /* ---- what the page shows ---- */

    const showState = () => {
        const badge = at('etat-mot'), waiting = acts.filter((act) => !act.sent).length, lines = [];
        badge.textContent = say(state);
        badge.className = `badge badge--${state === 'online' ? 'ok' : 'warn'}`;
        if (waiting > 0) lines.push(count('queue', waiting));
        if (state === 'offline') lines.push(say('offline-text'));
        if (state === 'signed-out') lines.push(say('signed-out-text'));
        if (at('etat-texte').textContent !== lines.join(' ')) at('etat-texte').textContent = lines.join(' ');
        body.dataset.state = state;
        body.dataset.waiting = waiting;
        if (list) {
            at('liste-date').textContent = now() < list.until
                ? say('list-of', { when: `${list.label}, ${clock(list.now)}` }) : say('no-list');
            at('conflits-nombre')?.toggleAttribute('hidden', list.conflicts === 0);
            if (at('conflits-nombre')) at('conflits-nombre').textContent = list.conflicts;
        } else if (state !== 'online') at('liste-date').textContent = say('no-list');
    };

    const clock = (seconds) => new Date((seconds + list.offset) * 1000).toISOString().slice(11, 16);
    const day = (seconds) => new Intl.DateTimeFormat(french ? 'fr-FR' : 'en-GB',
        { timeZone: 'UTC', weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format((seconds + list.offset) * 1000);

    const showGroups = () => {
        const index = gate.index(list, acts), model = at('groupe-modele').content.firstElementChild, fresh = [];
        const focused = document.activeElement?.id, typed = focused?.startsWith('entrent-') ? document.activeElement.value : '';
        for (const visit of index.visits.values()) {
            const li = document.importNode(model, true), left = visit.persons - visit.arrived, act = li.querySelector('.gate-group__act');
            const slot = (name) => li.querySelector(`[data-slot="${name}"]`);
            li.dataset.visit = visit.id;
            li.classList.toggle('gate-group--complete', left === 0);
            li.classList.toggle('gate-group--cancelled', Boolean(visit.cancelled));
            slot('when').textContent = visit.when || say('whole-day');
            slot('organisation').textContent = visit.organisation;
            slot('leader').textContent = visit.leader;
            slot('heads').textContent = say('arrived', { n: visit.arrived, of: visit.persons });
            if (visit.cancelled || left === 0) {
                const badge = document.createElement('p'), mark = document.createElement('span');
                badge.className = 'gate-group__act';
                mark.className = `badge badge--${visit.cancelled ? 'bad' : 'ok'}`;
                mark.textContent = say(visit.cancelled ? 'group-cancelled' : 'complete');
                badge.append(mark);
                act.replaceWith(badge);
            } else if (act.matches('form')) {
                const input = act.querySelector('[name="personnes"]'), label = act.querySelector('label');
                act.action = address('lecture');
                act.querySelector('[name="visite"]').value = visit.id;
                input.id = label.htmlFor = `entrent-${visit.id}`;
                label.textContent = say('count-label', { organisation: visit.organisation });
                input.max = input.value = left;
            }
            fresh.push(li);
        }
        at('groupes').replaceChildren(...fresh);
        at('jour-vide').hidden = fresh.length > 0;
        const again = focused && at(focused);
        if (again && again !== document.activeElement) {
            again.focus({ preventScroll: true });
            if (typed) again.value = typed;
        }
    };

    const show = () => {
        if (list) showGroups();
        showState();
    };

    /* ---- sound: a melody each, so that nobody has to look ---- */

    let audio = null, sound = recall('gate-sound') !== 'off';
    const MELODIES = { ok: [[880, .09], [1320, .16]], warn: [[520, .16], [520, .16]], bad: [[220, .22], [165, .34]] };
    const play = (tone) => {
        if (!sound) return;
        try {
            audio ??= new AudioContext();
            let start = audio.currentTime + .01;
            for (const [pitch, length] of MELODIES[tone]) {
                const voice = audio.createOscillator(), volume = audio.createGain();
                voice.type = tone === 'bad' ? 'square' : 'sine';
                voice.frequency.value = pitch;
                volume.gain.setValueAtTime(.25, start);
                volume.gain.exponentialRampToValueAtTime(.01, start + length);
                voice.connect(volume).connect(audio.destination);
                voice.start(start);
                voice.stop(start + length);
                start += length + .03;
            }
        } catch { /* no sound is no reason to stop a queue */ }
        navigator.vibrate?.(tone === 'ok' ? 80 : [120, 60, 120]);
    };
    const showSound = () => {
        at('son').setAttribute('aria-pressed', sound);
        at('son').textContent = say(sound ? 'sound-on' : 'sound-off');
    };

    /* ---- the answer that fills the screen ---- */

    const screen = at('ecran');
    const answer = (a) => {
        const tone = say(`tone.${a.result}`), left = a.persons - a.arrived;
        answered = a;
        screen.className = `gate-answer gate-answer--${tone}`;
        screen.dataset.result = a.result;
        at('ecran-mot').textContent = a.title;
        at('ecran-texte').textContent = a.text;
        at('ecran-signe').setAttribute('href', `${body.dataset.icons}#${say(`icon.${a.result}`)}`);
        const lines = [...a.lines, a.number, a.visit ? say('arrived', { n: a.arrived, of: a.persons }) : ''].filter(Boolean);
        at('ecran-lignes').replaceChildren(...lines.map((line) => {
            const li = document.createElement('li');
            li.textContent = line;
            return li;
        }));
        at('ecran-reste').hidden = a.result !== 'valid' || !a.visit || left <= 0;
        at('ecran-personnes').max = at('ecran-personnes').value = left;
        at('ecran-annuler').hidden = !a.undo;
        at('ecran-annuler').open = false;
        const undo = at('ecran-motif');
        undo.action = address('annuler');
        undo.elements.lecture.value = a.id ?? '';
        if (list) undo.elements.csrf.value = list.csrf;
        if (screen.open) screen.close();
        screen.showModal();
        at('suivant').focus();
        gate.camera.pause(true);
        play(tone);
    };
    const next = () => {
        if (screen.open) screen.close();
    };
    screen.addEventListener('close', () => {
        gate.camera.pause(false);
        at('f-code').focus();
    });
    at('suivant').addEventListener('click', next);
    at('ecran-reste').addEventListener('submit', (event) => {
        event.preventDefault();
        const heads = Number(at('ecran-personnes').value), { visit } = answered;
        next();
        act('group', '', visit, heads);
    });
    at('ecran-motif').addEventListener('submit', (event) => {
        if (state === 'online') return;
        event.preventDefault();
        complain(say('undo-offline'));
        next();
    });

    const complain = (text) => {
        at('souci').textContent = text;
        at('souci').hidden = !text;
    };

    /* ---- asking the server ---- */

    const ask = async (rest, fields) => {
        const giveUp = new AbortController(), timer = setTimeout(() => giveUp.abort(), PATIENCE);
        try {
            const response = await fetch(address(rest), { signal: giveUp.signal, redirect: 'manual', cache: 'no-store',
                ...(fields ? { method: 'POST', body: new URLSearchParams(fields) } : {}) });
            const json = response.headers.get('content-type')?.startsWith('application/json');
            if (response.ok && json) {
                const value = await response.json();
                state = 'online';
                return value;
            }
            state = response.type === 'opaqueredirect' || [403, 404].includes(response.status) ? 'signed-out' : 'offline';
        } catch {
            state = 'offline';
        } finally {
            clearTimeout(timer);
        }
        return null;
    };

    const load = async () => {
        const seen = new Set(acts.filter((act) => act.sent).map((act) => act.key));
        const fresh = await ask('jour.json');
        if (fresh) {
            fresh.skew = fresh.now * 1000 - Date.now();
            list = fresh;
            await gate.store.putList(fresh);
            await gate.store.dropActs([...seen]); // the list knows them now
            acts = acts.filter((act) => !seen.has(act.key));
        }
        show();
        return Boolean(fresh);
    };

    const clean = (text) => String(text ?? '').replaceAll('~', '-');
    const line = (act) => [act.key, act.act, act.visit ?? 0, act.counted ?? 0, act.told ? act.at : 0, act.told, act.gate, act.code]
        .map((part, i) => (i === 7 ? part : clean(part))).join('~');
    const post = (list_) => ask('lectures.json',
        [['csrf', list.csrf], ['appareil', device], ...list_.map((act) => ['lecture', line(act)])]);

    /* Sends what waits, the oldest first; the server knows by the keys what it has already. */
    const flush = async () => {
        if (sending || !list) return;
        sending = true;
        try {
            for (;;) {
                const waiting = acts.filter((act) => !act.sent).sort((a, b) => a.at - b.at).slice(0, AT_ONCE);
                if (waiting.length === 0) break;
                if (!await load()) break; // a fresh form token, and whether there is a network at all
                const sent = await post(waiting);
                if (!sent || sent.answers.length === 0) break;
                for (const { key } of sent.answers) {
                    const act = acts.find((one) => one.key === key);
                    act.sent = true;
                    await gate.store.putAct(act);
                }
                await load();
            }
        } finally {
            sending = false;
            show();
        }
    };

    /* ---- one act ---- */

    const offlineText = (result, facts) => {
        const gaps = { where: facts?.usedGate || say('unnamed') };
        if (facts?.usedAt) gaps.when = `${day(facts.usedAt)} ${clock(facts.usedAt)}`;
        if (facts) {
            gaps.slot = clock(facts.from);
            gaps.day = day(result === 'expired' ? facts.until : facts.kind === 'dated' ? (facts.from + facts.until) / 2 : facts.from);
        }
        switch (result) {
        case 'valid': return count('text.valid', facts.heads);
        case 'used': return gaps.when ? say('text.used', gaps) : say('text.used-bare');
        case 'wrong-day': return say(facts.kind === 'slot' ? 'text.wrong-day-slot' : 'text.wrong-day', gaps);
        case 'cancelled': return say(`text.cancelled.${facts.ticket?.why}`) || say('text.cancelled');
        case 'too-many': return count('text.too-many', facts.persons - facts.arrived);
        default: return say(`text.${result}`, gaps);
        }
    };

    const offlineLines = (result, facts) => {
        const ticket = facts?.ticket, lines = [];
        if (result === 'valid' && ticket?.role === 'guide') lines.push(say('proof'));
        if (result === 'valid' && ticket?.tariff === 'pass') lines.push(say('proof-pass'));
        if (ticket?.role) lines.push([say(`role.${ticket.role}`), say(`tariff.${ticket.tariff}`)].filter(Boolean).join(', '));
        if (facts?.visit) {
            lines.push(say('of-group', { organisation: facts.visit.organisation }));
            if (facts.visit.leader) lines.push(say('with-leader', { leader: facts.visit.leader }));
        }
        return [...lines, say('checked-offline')];
    };

    const decideHere = async (one) => {
        const read = one.code ? await gate.readCode(one.code, list.keys) : {};
        const facts = read.forged ? null : gate.facts(list, gate.index(list, acts), one.act, read, one.visit);
        let result = read.forged ? 'forged' : facts ? gate.decide(facts, list, one.at) : 'unknown';
        const left = facts ? facts.persons - facts.arrived : 0;
        const heads = one.act === 'ticket' ? 1 : one.counted || Math.max(left, 1);
        if (result === 'valid' && heads > left) result = 'too-many';
        if (facts) facts.heads = heads;
        one.told = result;
        one.counted = heads;
        one.heads = result === 'valid' ? heads : 0;
        one.number = read.number ?? '';
        one.visit = facts?.visit?.id ?? 0;
        const shown = one.number.replace(/(\d{4})(?=\d)/g, '$1 ');
        return { result, title: say(`result.${result}`), text: offlineText(result, facts), lines: offlineLines(result, facts), number: shown,
                 visit: one.visit, persons: facts?.visit ? facts.persons : 0, arrived: facts?.visit ? facts.arrived + one.heads : 0 };
    };

    /* The key is made before anything is sent: if the answer is lost the server still knows the act when it comes again. */
    const work = async (kind, code, visit, counted) => {
        const one = { key: `k-${gate.word()}`, slug, act: kind, code, visit: visit ?? 0, counted: counted ?? 0, at: now(), told: '',
                      gate: at('f-porte').value.trim(), heads: 0, number: '', sent: false };
        complain('');
        if (!list && !await load()) {
            complain(say('no-list'));
            return;
        }
        const sent = state === 'online' && await post([one]);
        if (sent && sent.answers.length > 0) {
            const [a] = sent.answers;
            Object.assign(one, { sent: true, told: a.result, heads: a.heads, visit: a.visit, number: kind === 'ticket' ? a.number.replace(/\D/g, '') : '' });
            acts.push(one);
            await gate.store.putAct(one);
            answer(a);
        } else {
            const a = await decideHere(one);
            acts.push(one);
            await gate.store.putAct(one);
            answer(a);
        }
        show();
        if (state === 'online') load();
    };
    const act = (...how) => { scanning = scanning.then(() => work(...how)).catch((problem) => complain(String(problem))); };

    /* ---- the form, the hand scanner, the camera ---- */

    const form = at('lecture');
    const scanned = (code) => act(form.elements.mode.value === 'groupe' ? 'group' : 'ticket', code, 0, Number(form.elements.personnes.value) || 0);
    form.addEventListener('submit', (event) => {
        event.preventDefault();
        const code = form.elements.code.value.trim();
        form.elements.code.value = '';
        form.elements.code.focus();
        if (code) scanned(code);
    });
    document.addEventListener('submit', (event) => {
        const { target } = event;
        if (!target.matches('[data-group]')) return;
        event.preventDefault();
        act('group', '', Number(target.elements.visite.value), Number(target.elements.personnes.value) || 0);
    });
    // A hand scanner types: whatever has the focus, its digits go into the field, also over an answer.
    document.addEventListener('keydown', (event) => {
        const typing = event.target.matches?.('input, textarea, select') && event.target.type !== 'radio';
        if (typing || event.ctrlKey || event.altKey || event.metaKey || !/^[0-9G]$/.test(event.key)) return;
        event.preventDefault(); // the first sign would get lost on its way between the two
        next();
        at('f-code').focus();
        at('f-code').value += event.key;
    });

    at('photo').addEventListener('click', async () => {
        const opening = !gate.camera.open;
        complain('');
        try {
            at('camera').hidden = !opening;
            if (opening) await gate.camera.start(at('image'), scanned);
            else gate.camera.stop();
        } catch (problem) {
            at('camera').hidden = true;
            gate.camera.stop();
            complain(say('camera-refused', { why: problem.message || problem.name }));
        }
        at('photo').setAttribute('aria-pressed', gate.camera.open);
        at('photo').textContent = say(gate.camera.open ? 'camera-close' : 'camera-open');
    });
    at('son').addEventListener('click', () => {
        sound = !sound;
        remember('gate-sound', sound ? 'on' : 'off');
        showSound();
    });
    at('f-porte').addEventListener('change', () => remember('gate-name', at('f-porte').value));

    /* ---- beginning ---- */

    const begin = async () => {
        if (!slug) slug = recall('gate-slug') ?? '';
        device = await gate.store.device();
        if (slug) {
            remember('gate-slug', slug);
            list = await gate.store.list(slug) ?? null;
            acts = await gate.store.acts(slug);
        }
        if (list && !body.dataset.slug) at('lieu').textContent = list.name;
        if (!at('f-porte').value) at('f-porte').value = recall('gate-name') ?? '';
        at('son').hidden = false;
        at('photo').hidden = !navigator.mediaDevices;
        showSound();
        if (body.dataset.slug === '') state = 'offline';
        show();
        if (slug && await load()) flush();
        body.dataset.ready = 'true';
        if (!at('reponse')) at('f-code').focus({ preventScroll: true });
        else at('reponse').focus();
        setInterval(() => { if (state === 'online' && document.visibilityState === 'visible') load(); }, REFRESH);
        setInterval(() => { if (state !== 'online' || acts.some((one) => !one.sent)) load().then((there) => there && flush()); }, AGAIN);
        addEventListener('online', () => load().then((there) => there && flush()));
        addEventListener('offline', () => { state = 'offline'; show(); });
    };

    if ('serviceWorker' in navigator)
        navigator.serviceWorker.register(body.dataset.worker, { scope: home }).catch(() => { /* the page works with a network */ });
    begin();
})();
